"""What a process has to itself ends with the proof that it lives, seconds before others may take it."""

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import pytest

from bot.engine import FencedLedger, HeldLeases
from bot.engine import leases as module
from bot.errors import ClaimLost, LedgerUnavailable
from bot.model.lease import BEAT_S, LATE_S, work_on
from bot.ports import Taken
from bot.store import SqliteLedger
from tests.support.incidents import opened
from tests.support.turning import turn, until


class HandClock:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Book:
    """`bot.ports.Claims` on paper: who beat, who has what, and a database that can be away."""

    def __init__(self) -> None:
        self.beats: list[str] = []
        self.silent_s: float | None = None
        self.has: dict[str, str] = {}
        self.left: list[str] = []
        self.is_away = False

    async def beat(self, replica: str, *, is_server: bool) -> float | None:
        self._ask()
        self.beats.append(replica)
        silent_s, self.silent_s = self.silent_s, 0.0
        return silent_s

    async def take(self, key: str, replica: str) -> Taken | None:
        self._ask()
        return Taken() if self.has.setdefault(key, replica) == replica else None

    async def give(self, keys: Collection[str], replica: str) -> None:
        self._ask()
        for key in keys:
            if self.has.get(key) == replica:
                del self.has[key]

    async def leave(self, replica: str) -> None:
        self._ask()
        self.left.append(replica)
        self.has = {key: holder for key, holder in self.has.items() if holder != replica}

    async def others(self, keys: Collection[str], replica: str) -> frozenset[str]:
        self._ask()
        return frozenset(key for key in keys if self.has.get(key, replica) != replica)

    def _ask(self) -> None:
        if self.is_away:
            raise LedgerUnavailable("away")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def leases(book: Book, clock: HandClock) -> AsyncIterator[HeldLeases]:
    made = HeldLeases(book, "a", clock=clock)
    yield made
    book.is_away = False
    await made.stop()


async def test_nothing_is_taken_before_it_was_said_that_this_process_lives(
    leases: HeldLeases, book: Book
) -> None:
    assert await leases.take("work:inc-1")

    assert (book.beats, book.has) == (["a"], {"work:inc-1": "a"})
    assert leases.holds("work:inc-1")


async def test_what_another_has_is_not_got(leases: HeldLeases, book: Book) -> None:
    book.has["work:inc-1"] = "b"

    assert not await leases.take("work:inc-1")
    assert not leases.holds("work:inc-1")
    assert await leases.others({"work:inc-1", "work:inc-2"}) == {"work:inc-1"}


async def test_without_a_heartbeat_in_time_nothing_is_held_any_more_and_everybody_is_told(
    leases: HeldLeases, clock: HandClock
) -> None:
    told: list[str] = []
    leases.when_lost(lambda: told.append("lost"))
    await leases.take("work:inc-1")

    clock.at += LATE_S
    still = leases.holds("work:inc-1")
    clock.at += 0.1

    assert still
    assert not leases.holds("work:inc-1")
    assert told == ["lost"]


async def test_what_was_lost_is_given_back_before_this_process_is_believed_again(
    leases: HeldLeases, book: Book, clock: HandClock
) -> None:
    await leases.take("work:inc-1")
    clock.at += LATE_S + 1
    assert not leases.holds("work:inc-1")
    beats = len(book.beats)

    await leases.take("work:inc-2")

    assert (book.left, len(book.beats)) == (["a"], beats + 1)
    assert book.has == {"work:inc-2": "a"}


@pytest.mark.parametrize("silent_s", [LATE_S + 1, None])
async def test_the_database_is_believed_when_it_heard_nothing_for_longer(
    leases: HeldLeases, book: Book, silent_s: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.0)
    lost = asyncio.Event()
    leases.when_lost(lost.set)
    await leases.take("work:inc-1")

    book.silent_s = silent_s
    await asyncio.wait_for(lost.wait(), 60)

    assert not leases.holds("work:inc-1")


async def test_what_could_not_be_given_back_is_given_back_with_the_next_heartbeat(
    leases: HeldLeases, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.0)
    await leases.take("work:inc-1")

    book.is_away = True
    await leases.give("work:inc-1")
    kept = dict(book.has)
    book.is_away = False
    await until(lambda: not book.has)

    assert kept == {"work:inc-1": "a"}
    assert not leases.holds("work:inc-1")


async def test_what_is_being_given_back_is_taken_after_that(
    leases: HeldLeases, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leases.take("work:inc-1")
    arrives, give = asyncio.Event(), book.give

    async def late(keys: Collection[str], replica: str) -> None:
        await arrives.wait()
        await give(keys, replica)

    monkeypatch.setattr(book, "give", late)
    giving = asyncio.create_task(leases.give("work:inc-1"))
    await turn()

    taking = asyncio.create_task(leases.take("work:inc-1"))
    await turn()
    arrives.set()

    assert await taking
    await giving
    assert leases.holds("work:inc-1") and book.has == {"work:inc-1": "a"}


async def test_all_who_wait_are_called_once_when_the_other_let_go(
    leases: HeldLeases, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.0)
    book.has["work:inc-1"] = "b"
    calls: list[str] = []
    leases.when_free("work:inc-1", lambda: calls.append("free"))
    leases.when_free("work:inc-1", lambda: calls.append("free for the next"))
    await turn()
    waiting = list(calls)

    del book.has["work:inc-1"]
    await until(lambda: calls)

    assert (waiting, calls) == ([], ["free", "free for the next"])


async def test_an_idle_process_sends_no_heartbeats(
    leases: HeldLeases, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.0)
    await leases.take("work:inc-1")
    await leases.give("work:inc-1")
    await turn()
    beats = len(book.beats)

    await turn()

    assert len(book.beats) == beats
    assert BEAT_S < LATE_S / 2


async def test_nothing_is_begun_on_a_heartbeat_that_is_old_already(
    leases: HeldLeases, book: Book, clock: HandClock
) -> None:
    await leases.take("work:inc-1")
    await leases.give("work:inc-1")
    clock.at += BEAT_S + 0.1
    beats = len(book.beats)

    await leases.take("work:inc-2")
    clock.at += LATE_S

    assert len(book.beats) == beats + 1
    assert leases.holds("work:inc-2")


async def test_nothing_is_written_for_an_incident_that_is_no_longer_held(
    leases: HeldLeases, clock: HandClock, tmp_path: Path
) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        fenced = FencedLedger(ledger, leases)
        await leases.take(work_on("inc-1"))
        await fenced.append("inc-1", [opened()])

        clock.at += LATE_S + 1
        with pytest.raises(ClaimLost, match="left to that one"):
            await fenced.append("inc-1", [opened()])

        assert len(await ledger.entries("inc-1")) == 1
