"""Spans reach a collector that speaks OTLP, also one that was away for a while."""

import socket
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.traces import SpanSender
from bot.traces.sender import MOST_WAITING
from bot.traces.spans import Span, spans_of
from tests.support.incidents import chained, whole_incident
from tests.traces.collector import Collector, collecting

SPANS = spans_of(chained(whole_incident()))


def sender_to(collector: Collector) -> SpanSender:
    return SpanSender(
        collector.url,
        headers={"x-key": "k1"},
        resource={"service.name": "runbook-bot"},
        gather_s=0,
        pauses_s=(0.01,),
    )


async def test_a_collector_reads_every_span_as_it_is() -> None:
    async with collecting() as collector, sender_to(collector) as sender:
        sender.send(SPANS)
        await collector.wait_for(len(SPANS))

    assert [one.name for one in collector.spans] == [span.name for span in SPANS]
    assert [one.span_id.hex() for one in collector.spans] == [span.id for span in SPANS]
    first, root = collector.spans[0], next(one for one in collector.spans if not one.parent_span_id)
    assert first.trace_id.hex() == SPANS[0].trace
    begun = datetime.fromtimestamp(root.start_time_unix_nano / 1e9, UTC)
    assert begun == next(span for span in SPANS if span.parent is None).begun_at
    assert {one.key: one.value.string_value for one in root.attributes}[
        "runbook_bot.cause"
    ] == "upstream_down"
    assert collector.resources[0]["service.name"] == "runbook-bot"
    assert collector.headers[0]["x-key"] == "k1"


@pytest.mark.parametrize("status", [429, 503])
async def test_a_collector_that_is_busy_gets_them_later_in_the_same_order(status: int) -> None:
    async with collecting(status, status) as collector, sender_to(collector) as sender:
        sender.send(SPANS)
        await collector.wait_for(len(SPANS))

    assert [one.span_id.hex() for one in collector.spans] == [span.id for span in SPANS]


async def test_what_a_collector_refuses_is_dropped_and_said() -> None:
    with capture_logs() as log:
        async with collecting(400) as collector, sender_to(collector) as sender:
            sender.send(SPANS)

    assert collector.spans == []
    assert [line["dropped"] for line in log if line["event"] == "spans refused"] == [len(SPANS)]


async def test_at_the_end_what_waits_is_sent() -> None:
    async with collecting() as collector:
        async with SpanSender(collector.url, headers={}, resource={}, gather_s=3600) as sender:
            sender.send(SPANS)

        assert len(collector.spans) == len(SPANS)


async def test_while_nobody_listens_memory_is_bounded_and_the_newest_are_kept() -> None:
    # Taken, so that nobody else comes to listen there.
    with capture_logs() as log, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}/v1/traces"
        async with SpanSender(gone, headers={}, resource={}, gather_s=3600) as sender:
            for number in range(MOST_WAITING + 10):
                sender.send([_numbered(number)])

            assert sender.waiting[0].id == _numbered(10).id and len(sender.waiting) == MOST_WAITING

    assert [line for line in log if line["event"] == "spans wait for the collector"]


def _numbered(number: int) -> Span:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    return Span(
        trace="a" * 32, id=f"{number:016x}", parent=None, name="s", begun_at=at, ended_at=at, ended_by=number
    )
