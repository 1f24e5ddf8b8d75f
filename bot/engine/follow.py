"""Follows the ledger: which incidents were appended to, by whichever process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from bot.errors import LedgerError
from bot.ports import Ledger

log = structlog.get_logger(__name__)

#: Pause between two looks where nobody rings, and where somebody should.
FOLLOW_S = 2.0
FOLLOW_RUNG_S = 5.0
#: Pause after a look, so that many appends cost one.
_GAP_S = 0.05
#: Pause before a lost connection is made again.
_AGAIN_S = 2.0

#: Told the names of incidents that went on.
Hear = Callable[[Sequence[str]], None]


class Bell(Protocol):
    """What calls after every append; see `bot.store.SqlLedger.listen`."""

    def __call__(self, heard: Callable[[str], None]) -> Awaitable[None]:
        """Call `heard` with what is rung; until cancelled. Raises LedgerUnavailable."""
        ...


class Follower:
    """Tells everybody who hears it, from `start` on."""

    def __init__(self, ledger: Ledger, bell: Bell, *, every_s: float = FOLLOW_S) -> None:
        self._ledger, self._bell, self._every_s = ledger, bell, every_s
        self._hear: list[Hear] = []
        self._left: list[Callable[[], None]] = []
        self._mark = 0
        self._rung = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def tell(self, hear: Hear) -> None:
        """Call this with the names of incidents that went on."""
        self._hear.append(hear)

    def tell_left(self, left: Callable[[], None]) -> None:
        """Call this when a process let go of what it had."""
        self._left.append(left)

    async def start(self) -> None:
        """Follow from here on. Raises LedgerUnavailable."""
        self._mark, _ = await self._ledger.changed_since(0)
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._listen()), loop.create_task(self._follow())]

    async def stop(self) -> None:
        """Tell nobody any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def catch_up(self) -> None:
        """Tell what was appended since the last time. Raises LedgerUnavailable."""
        self._mark, names = await self._ledger.changed_since(self._mark)
        if names:
            for hear in self._hear:
                hear(names)

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._rung.wait()
            self._rung.clear()
            try:
                await self.catch_up()
            except LedgerError as error:
                log.warning("cannot follow the ledger", why=str(error))
                await asyncio.sleep(_AGAIN_S)
            await asyncio.sleep(_GAP_S)

    async def _listen(self) -> None:
        while True:
            try:
                await self._bell(self._heard)
            except LedgerError as error:
                log.warning("not told of appends, looking for them instead", why=str(error))
            await asyncio.sleep(_AGAIN_S)

    def _heard(self, what: str) -> None:
        self._rung.set()
        if what:
            for left in self._left:
                left()
