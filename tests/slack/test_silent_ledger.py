"""Who asks while the ledger says nothing reads so before its time-outs are over."""

import asyncio

import pytest

from bot.errors import LedgerUnavailable
from bot.slack import chores
from bot.slack.caller import Caller
from bot.slack.chores import Chores

CALLER = Caller(user="U0REQUESTER", team="T0", channel="C0")


class Telling:
    """A teller that keeps what it was to tell."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()

    async def tell(self, caller: Caller, text: str, *, is_marked_up: bool = False) -> None:
        self.told.put_nowait(text)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "_PATIENCE_S", 0.0)


def _chores(telling: Telling, *, silent_s: float) -> Chores:
    return Chores(telling, ledger_silent_s=lambda: silent_s)  # type: ignore[arg-type]  # has what is called


async def test_they_are_told_while_they_wait_and_again_what_came_of_it() -> None:
    telling, time_out = Telling(), asyncio.Event()
    running = _chores(telling, silent_s=4.2)

    async def ask() -> None:
        await time_out.wait()
        raise LedgerUnavailable("ledger x did not answer in time")

    running.start(CALLER, ask())
    while_waiting = await telling.told.get()
    time_out.set()
    in_the_end = await telling.told.get()

    assert while_waiting == (
        "the ledger has said nothing for 4 s; until it does, nothing is begun on a host. "
        "What came of this is said here"
    )
    assert in_the_end == "nothing was done: ledger x did not answer in time"


async def test_a_ledger_that_answers_others_is_only_slow() -> None:
    telling, has_looked = Telling(), asyncio.Event()

    def silent_s() -> float:
        has_looked.set()
        return 0.1

    running = Chores(telling, ledger_silent_s=silent_s)  # type: ignore[arg-type]  # as above
    running.start(CALLER, _until(has_looked))
    await running.finish()

    assert telling.told.empty()


async def _until(event: asyncio.Event) -> None:
    await event.wait()
