"""Each incident by one task at a time, under its claim, and a ledger that comes back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.engine import engine as module
from bot.errors import ClaimLost, LedgerUnavailable
from bot.model.lease import work_on
from bot.store import SqliteLedger
from tests.support.alone import Alone
from tests.support.incidents import broken, opened, proposed, ran, voted
from tests.support.turning import until


class Work:
    """Counts passes; `then` says what happens in each."""

    def __init__(self, then: Callable[[int], datetime | None] = lambda _: None) -> None:
        self.passes: list[str] = []
        #: Of each pass: what says whether it may go on.
        self.asks: list[Callable[[], bool]] = []
        self.at_once = self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._then = then

    async def carry_on(
        self, incident: str, *, may_go_on: Callable[[], bool] = lambda: True
    ) -> datetime | None:
        self.passes.append(incident)
        self.asks.append(may_go_on)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            return self._then(len(self.passes))
        finally:
            self.at_once -= 1


class HourAhead:
    """A ledger's clock beside which this machine's is an hour slow."""

    async def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=1)


def engine(
    work: Work,
    told: list[tuple[str, str]] | None = None,
    *,
    leases: Alone | None = None,
    at_once: int = 32,
) -> Engine:
    trouble = (lambda incident, says: told.append((incident, says))) if told is not None else None
    # Nothing is left by others here, so the ledger is asked for the time alone.
    return Engine(work.carry_on, HourAhead(), leases or Alone(), on_trouble=trouble, at_once=at_once)  # type: ignore[arg-type]


async def test_what_is_submitted_while_it_is_worked_on_is_looked_at_once_more() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)

    running.submit("inc-1")
    await asyncio.sleep(0)
    for _ in range(3):
        running.submit("inc-1")
    work.gate.set()
    await running.idle()

    assert work.passes == ["inc-1", "inc-1"]
    assert work.most_at_once == 1


async def test_incidents_are_worked_on_side_by_side() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)

    for incident in ("inc-1", "inc-2"):
        running.submit(incident)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.gate.set()
    await running.idle()

    assert work.most_at_once == 2


async def test_a_ledger_that_is_away_is_told_once_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_S", (0.0,))
    told: list[tuple[str, str]] = []

    def away(number: int) -> None:
        if number < 4:
            raise LedgerUnavailable("database is locked")

    work = Work(away)
    running = engine(work, told)

    running.submit("inc-1")
    await running.idle()

    assert work.passes == ["inc-1"] * 4
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
    assert "inc-2" in work.passes


async def test_what_a_bug_ended_rests_and_is_found_undone_again_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "REST_S", 0.0)
    monkeypatch.setattr(module, "SWEEP_S", 0.0)
    told: list[tuple[str, str]] = []

    tried_again = asyncio.Event()

    def breaks(number: int) -> None:
        if number <= 2:
            raise ZeroDivisionError
        tried_again.set()

    work = Work(breaks)
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        await ledger.append("inc-1", [opened()])
        running = Engine(
            work.carry_on, ledger, Alone(), on_trouble=lambda incident, says: told.append((incident, says))
        )
        await running.start()
        await asyncio.wait_for(tried_again.wait(), 60)
        await running.stop()

    assert [says for _, says in told] == ["internal error (ZeroDivisionError); it is in the bot's log"]


async def test_an_incident_is_looked_at_again_when_its_clock_runs_out_by_the_ledger() -> None:
    woken = asyncio.Event()

    def clocks(number: int) -> datetime | None:
        if number == 2:
            woken.set()
            return None
        return datetime.now(UTC) + timedelta(minutes=59)

    running = engine(Work(clocks))

    running.submit("inc-1")
    await asyncio.wait_for(woken.wait(), 60)


async def test_nothing_is_taken_on_after_stop_and_what_hangs_is_left() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work)
    running.submit("inc-1")
    await asyncio.sleep(0)

    await running.stop(within_s=0.01)
    running.submit("inc-2")

    assert work.at_once == 0
    assert work.passes == ["inc-1"]


async def test_what_another_process_works_on_is_left_to_it_until_it_is_free() -> None:
    work, leases = Work(), Alone()
    leases.busy.add(work_on("inc-1"))
    running = engine(work, leases=leases)

    running.submit("inc-1")
    running.submit("inc-2")
    await until(lambda: work.passes)
    left = list(work.passes)
    leases.free(work_on("inc-1"))
    await running.idle()

    assert left == ["inc-2"]
    assert work.passes == ["inc-2", "inc-1"]
    assert leases.held == set()


async def test_a_request_for_what_another_has_leaves_the_memory_of_it_waiting_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "SWEEP_S", 0.0)
    work, leases = Work(), Alone()
    leases.busy.add(work_on("inc-1"))
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        now = await ledger.now()
        await ledger.append("inc-1", [opened(), *ran(1, broken()), proposed(at=now)])
        running = Engine(work.carry_on, ledger, leases)
        await running.start()
        await until(lambda: leases.waiting)
        # Somebody votes here while the other process still has it.
        running.submit("inc-1")
        await until(lambda: len(leases.waiting[work_on("inc-1")]) == 2)
        leases.free(work_on("inc-1"))
        await running.idle()
        # Then the other has it once more, and dies of it.
        await ledger.append("inc-1", [voted()])
        running.hear(["inc-1"])
        await until(lambda: len(work.passes) >= 2)
        await running.stop()

    assert set(work.passes) == {"inc-1"}


async def test_what_there_is_no_place_for_is_not_claimed() -> None:
    work, leases = Work(), Alone()
    work.gate.clear()
    running = engine(work, leases=leases, at_once=2)

    for number in range(5):
        running.submit(f"inc-{number}")
    await until(lambda: len(work.passes) == 2)

    assert leases.held == {work_on("inc-0"), work_on("inc-1")}
    assert running.depth == 5
    work.gate.set()
    await running.idle()
    assert work.passes == [f"inc-{number}" for number in range(5)]


async def test_what_people_decided_waits_for_no_look() -> None:
    work = Work()
    work.gate.clear()
    running = engine(work, at_once=1)
    running.submit("inc-looking")
    running.submit("inc-waiting")
    await until(lambda: work.passes)

    running.submit("inc-voted", is_urgent=True)
    await until(lambda: len(work.passes) == 2)
    begun = list(work.passes)
    work.gate.set()
    await running.idle()

    assert begun == ["inc-looking", "inc-voted"]
    assert work.passes[2:] == ["inc-waiting"]


async def test_what_people_decided_elsewhere_is_found_before_looks_that_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "SWEEP_S", 0.0)
    work = Work()
    work.gate.clear()
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        now = await ledger.now()
        await ledger.append("inc-new", [opened()])
        await ledger.append("inc-voted", [opened(), *ran(1, broken()), proposed(at=now), voted()])
        running = Engine(work.carry_on, ledger, Alone(), at_once=0)
        await running.start()
        await until(lambda: work.passes)
        work.gate.set()
        await running.stop()

    assert work.passes == ["inc-voted"]


async def test_everything_stops_when_its_claims_are_lost_and_is_asked_for_again() -> None:
    work, leases = Work(), Alone()
    work.gate.clear()
    running = engine(work, leases=leases)
    running.submit("inc-1")
    await until(lambda: work.passes)

    leases.busy.add(work_on("inc-1"))
    leases.lose()
    await asyncio.sleep(0)
    stopped_at_once = work.at_once
    await until(lambda: work_on("inc-1") in leases.waiting)
    work.gate.set()
    leases.free(work_on("inc-1"))
    await running.idle()

    assert stopped_at_once == 0
    assert work.passes == ["inc-1", "inc-1"]


async def test_a_claim_that_was_lost_on_the_way_is_no_trouble_of_the_ledger() -> None:
    told: list[tuple[str, str]] = []

    def lost(number: int) -> None:
        if number == 1:
            raise ClaimLost("silent for too long")

    work = Work(lost)
    running = engine(work, told)

    running.submit("inc-1")
    await running.idle()

    assert len(work.passes) == 2
    assert told == []


async def test_a_stop_gives_each_claim_back_as_its_step_ends() -> None:
    work, leases = Work(), Alone()
    work.gate.clear()
    running = engine(work, leases=leases, at_once=1)
    running.submit("inc-1")
    running.submit("inc-2")
    await until(lambda: work.passes)

    stopping = asyncio.create_task(running.stop())
    await asyncio.sleep(0)
    may_go_on = [each() for each in work.asks]
    work.gate.set()
    await stopping

    assert may_go_on == [False]
    assert leases.held == set()
    assert work.passes == ["inc-1"]
