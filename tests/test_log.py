"""Lines of the log are JSON for machines, and name the incident they are about."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from bot.engine import LocalEngine
from bot.errors import LedgerUnavailable
from bot.slack.api import Away
from bot.slack.blocks import Urgency
from bot.slack.sender import Job, Sender
from bot.slack.setup import SystemTime


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to standard error as JSON; everybody else's logging is put back afterwards."""
    stream = io.StringIO()
    top = logging.getLogger()
    handlers, level = top.handlers, top.level
    monkeypatch.setattr(sys, "stderr", stream)
    log.set_up("json")
    yield stream
    top.handlers, top.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Breaking:
    """Work in which a library deep below writes a line, and the ledger goes away once."""

    def __init__(self) -> None:
        self.failures = 1

    async def carry_on(self, incident: str, *, again: bool = False) -> None:
        logging.getLogger("bot.somewhere").warning("looked at %s", "something")
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise LedgerUnavailable("away")


async def test_every_line_written_while_an_incident_is_worked_on_names_it(written: io.StringIO) -> None:
    work = Breaking()
    work.failures = 0
    engine = LocalEngine(work.carry_on, None)  # type: ignore[arg-type]  # nothing is recovered

    engine.submit("inc-1")
    engine.submit("inc-2")
    await engine.idle()
    logging.getLogger("bot.somewhere").warning("about nothing")

    said = [(line["event"], line.get("incident")) for line in lines(written)]
    assert said == [
        ("looked at something", "inc-1"),
        ("looked at something", "inc-2"),
        ("about nothing", None),
    ]


async def test_a_ledger_that_is_away_is_told_with_the_incident(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.local.BACKOFF_S", (0.0,))
    engine = LocalEngine(Breaking().carry_on, None)  # type: ignore[arg-type]  # nothing is recovered

    engine.submit("inc-7")
    await engine.idle()

    (line,) = [line for line in lines(written) if line["event"] == "ledger unavailable"]
    assert (line["incident"], line["why"], line["level"]) == ("inc-7", "away", "warning")
    assert str(line["timestamp"]).endswith("Z")


async def test_a_message_to_slack_is_logged_under_its_own_incident(written: io.StringIO) -> None:
    sender = Sender(SystemTime())

    async def away_once(tries: list[int]) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise Away("gone")
        return "1.0"

    def job(incident: str) -> Job:
        tries: list[int] = []
        return Job(
            name=(incident, "root"),
            what="update",
            channel="C1",
            urgency=Urgency.PROGRESS,
            send=lambda: away_once(tries),
        )

    with structlog.contextvars.bound_contextvars(incident="inc-1"):
        first = asyncio.create_task(sender.send(job("inc-1")))
        await asyncio.sleep(0)  # its task makes the channel's worker
    await asyncio.gather(first, sender.send(job("inc-2")))
    await sender.stop()

    assert [line["incident"] for line in lines(written)] == ["inc-1", "inc-2"]
