"""What others left undone is found in the real ledger, and read no more often than it must be."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.undone import Found, Undone
from bot.model.event import Entry, Noted
from bot.model.lease import work_on
from bot.ports import Ledger, LedgerAround
from bot.store import SqliteLedger
from tests.support.alone import Alone
from tests.support.incidents import MEI, broken, opened, proposed, ran, shown


class Counting(LedgerAround):
    """A ledger that tells what was read."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.read: list[tuple[str, int]] = []
        self.calls = 0

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        self.read.append((incident, after_seq))
        return await super().entries(incident, after_seq=after_seq)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Counting]:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as opened_ledger:
        yield Counting(opened_ledger)


async def found(undone: Undone, *, skip: Sequence[str] = ()) -> dict[str, Found]:
    return {name: one async for name, one in undone.look(skip=skip)}


async def test_after_a_start_everything_recent_is_looked_at(ledger: Counting) -> None:
    await ledger.append("inc-1", [opened()])
    await ledger.append("inc-2", [opened(), *ran(1, broken())])
    undone = Undone(ledger, Alone())

    await undone.remember()

    assert await found(undone) == {"inc-1": Found(is_undone=True), "inc-2": Found(is_undone=False)}
    assert await found(undone) == {}


async def test_the_clock_of_an_open_approval_is_told_and_work_once_it_ran_out(ledger: Counting) -> None:
    now = await ledger.now()
    offer = proposed(at=now)
    late = proposed("a2", at=now - timedelta(days=1))
    await ledger.append("inc-1", [opened(), *ran(1, broken()), offer])
    await ledger.append("inc-2", [opened(), *ran(1, broken()), late])
    undone = Undone(ledger, Alone())

    undone.heard(["inc-1", "inc-2"])

    assert await found(undone) == {
        "inc-1": Found(is_undone=False, at=offer.approve_by),
        "inc-2": Found(is_undone=True),
    }


async def test_what_another_works_on_is_not_read_until_it_is_free(ledger: Counting) -> None:
    await ledger.append("inc-1", [opened()])
    leases = Alone()
    leases.busy.add(work_on("inc-1"))
    undone = Undone(ledger, leases)
    undone.heard(["inc-1"])

    first, read = await found(undone), list(ledger.read)
    undone.heard(["inc-1"])
    assert (await found(undone), leases.asked) == ({}, 1)
    leases.free(work_on("inc-1"))

    assert (first, read) == ({}, [])
    assert await found(undone) == {"inc-1": Found(is_undone=True)}


async def test_what_is_worked_on_here_is_looked_at_afterwards(ledger: Counting) -> None:
    await ledger.append("inc-1", [opened()])
    undone = Undone(ledger, Alone())
    undone.heard(["inc-1"])

    assert await found(undone, skip=["inc-1"]) == {}
    assert await found(undone) == {"inc-1": Found(is_undone=True)}


async def test_of_what_had_nothing_to_do_only_the_news_are_read(ledger: Counting) -> None:
    await ledger.append("inc-1", [opened(), *ran(1, broken())])
    undone = Undone(ledger, Alone())
    undone.heard(["inc-1"])
    await found(undone)
    seq = (await ledger.entries("inc-1"))[-1].seq
    await ledger.append("inc-1", [shown("root"), Noted(by=MEI, person="mei", text="looking")])
    ledger.read.clear()

    undone.heard(["inc-1"])

    assert await found(undone) == {"inc-1": Found(is_undone=False)}
    assert ledger.read == [("inc-1", seq)]


async def test_a_note_that_asks_for_another_look_is_work(ledger: Counting) -> None:
    await ledger.append("inc-1", [opened(), *ran(1, broken())])
    undone = Undone(ledger, Alone())
    undone.heard(["inc-1"])
    await found(undone)
    await ledger.append("inc-1", [Noted(by=MEI, person="mei", text="again", wants_look=True)])

    undone.heard(["inc-1"])

    assert await found(undone) == {"inc-1": Found(is_undone=True)}


async def test_something_new_is_looked_at_without_delay(ledger: Counting) -> None:
    undone = Undone(ledger, Alone())
    waiting = asyncio.create_task(undone.wait(3600))
    await asyncio.sleep(0)

    undone.heard(["inc-1"])

    await asyncio.wait_for(waiting, 60)
