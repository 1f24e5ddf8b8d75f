"""What is committed through the ledger of one process is told by that process, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import SampleHosts
from bot.ports import Ledger
from bot.store import SqliteLedger
from bot.traces import TracedLedger
from bot.traces.spans import Span
from tests.support.incidents import broken, opened, ran, whole_incident
from tests.support.people import words_of
from tests.support.served import served
from tests.traces.collector import collecting


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    made = await SqliteLedger.open(tmp_path / "ledger.db")
    async with made:
        yield made


async def test_a_whole_incident_is_told_once(ledger: Ledger) -> None:
    told: list[Span] = []
    traced = TracedLedger(ledger, told.extend)

    for event in whole_incident():
        await traced.append("inc-1", [event])
    await traced.settled()

    names = [span.name for span in told]
    assert len({span.id for span in told}) == len(told)
    assert names.count("502 web-01") == 1 and "action" in names and names.count("step error_log") == 2


async def test_two_replicas_tell_their_own_parts_of_one_trace(ledger: Ledger) -> None:
    one: list[Span] = []
    other: list[Span] = []
    first, second = TracedLedger(ledger, one.extend), TracedLedger(ledger, other.extend)

    start, step, end = ran(1, broken())
    await first.append("inc-1", [opened(), start, step])
    await second.append("inc-1", [end])
    await first.append("inc-1", ran(2, broken(), reason="again"))
    await first.settled()
    await second.settled()

    assert [span.name for span in other] == ["look ask", "502 web-01"]
    assert [span.name for span in one] == ["step error_log", "step error_log", "look again"]
    assert {span.trace for span in (*one, *other)} == {one[0].trace}


async def test_a_bot_that_serves_sends_what_it_did_before_it_stops(tmp_path: Path) -> None:
    async with collecting() as collector:
        async with (
            SampleHosts(tmp_path) as hosts,
            served(tmp_path, hosts.fleet_path, traces_url=collector.url) as bot,
        ):
            await bot.people.command("/502 web-02")
            await bot.people.until(lambda seen: [one for one in seen if "Verdict on web-02" in words_of(one)])

        names = [span.name for span in collector.spans]

    assert names.count("502 web-02") == 1 and names.count("look ask") == 1
    assert len([name for name in names if name.startswith("step ")]) > 20
