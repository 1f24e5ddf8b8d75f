"""The engine of one machine: each incident by one task at a time, and a ledger that comes back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.engine import LocalEngine, local
from bot.errors import LedgerUnavailable


class Work:
    """Counts passes; `then` says what happens in each."""

    def __init__(self, then: Callable[[int], datetime | None] = lambda _: None) -> None:
        self.passes: list[tuple[str, bool]] = []
        self.at_once = self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._then = then

    async def carry_on(self, incident: str, *, again: bool = False) -> datetime | None:
        self.passes.append((incident, again))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            return self._then(len(self.passes))
        finally:
            self.at_once -= 1


class Known:
    """A ledger that only lists."""

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        return ("inc-1", "inc-2")


def engine(work: Work, told: list[tuple[str, str]] | None = None) -> LocalEngine:
    trouble = (lambda incident, says: told.append((incident, says))) if told is not None else None
    return LocalEngine(work.carry_on, Known(), on_trouble=trouble)  # type: ignore[arg-type]  # what it uses of a ledger


async def test_what_is_submitted_while_it_is_worked_on_is_looked_at_once_more() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)

    running.submit("inc-1")
    await asyncio.sleep(0)
    for again in (False, True, False):
        running.submit("inc-1", again=again)
    work.gate.set()
    await running.idle()

    assert work.passes == [("inc-1", False), ("inc-1", True)]
    assert work.most_at_once == 1


async def test_incidents_are_worked_on_side_by_side() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)

    await running.recover()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.gate.set()
    await running.idle()

    assert work.most_at_once == 2


async def test_a_ledger_that_is_away_is_told_once_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "BACKOFF_S", (0.0,))
    told: list[tuple[str, str]] = []

    def away(number: int) -> None:
        if number < 4:
            raise LedgerUnavailable("database is locked")

    work = Work(away)
    running = engine(work, told)

    running.submit("inc-1", again=True)
    await running.idle()

    assert work.passes == [("inc-1", True)] * 4
    assert len(told) == 1 and "database is locked" in told[0][1]


async def test_a_bug_in_one_incident_is_told_and_leaves_the_others_alone() -> None:
    told: list[tuple[str, str]] = []

    def breaks(number: int) -> None:
        if number == 1:
            raise ZeroDivisionError

    work = Work(breaks)
    running = engine(work, told)

    running.submit("inc-1")
    running.submit("inc-2")
    await running.idle()

    assert [incident for incident, _ in told] == ["inc-1"]
    assert ("inc-2", False) in work.passes


async def test_an_incident_is_looked_at_again_when_its_clock_runs_out() -> None:
    woken = asyncio.Event()

    def clocks(number: int) -> datetime | None:
        if number == 2:
            woken.set()
            return None
        return datetime.now(UTC) - timedelta(seconds=1)

    running = engine(Work(clocks))

    running.submit("inc-1")
    await asyncio.wait_for(woken.wait(), 10)


async def test_nothing_is_taken_on_after_stop_and_what_hangs_is_left() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)
    running.submit("inc-1")
    await asyncio.sleep(0)

    await running.stop(within_s=0.01)
    running.submit("inc-2")

    assert work.at_once == 0
    assert work.passes == [("inc-1", False)]
