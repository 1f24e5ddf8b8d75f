"""Time as the local Slack sees it: the wall's, or one that a test moves by hand."""

import asyncio
import time
from typing import Any, Protocol

from bot.devslack.wire import Payload

#: Real seconds after which something that a test waits for is taken to be lost.
PATIENCE_S = 30.0


class Clock(Protocol):
    """Seconds since 1970 and waiting, by the same hand."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when that many seconds have passed on this clock."""
        ...


class WallClock:
    """The real time."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class HandClock:
    """Stands still until `advance`; so expiry and time-outs are tested without waiting."""

    def __init__(self, start: float = 1_763_680_000.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._came = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970 by the hand."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once `advance` has moved the hand far enough."""
        if seconds <= 0:
            return
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + seconds, future))
        self._came.set()
        await future

    def advance(self, seconds: float) -> None:
        """Move the hand and wake everybody who is due."""
        self._now += seconds
        due = [future for at, future in self._sleepers if at <= self._now]
        self._sleepers = [(at, future) for at, future in self._sleepers if at > self._now]
        for future in due:
            if not future.done():
                future.set_result(None)

    async def until_asleep(self, count: int = 1) -> None:
        """Return when at least `count` waits are pending, so that `advance` has somebody to wake."""
        while sum(not future.done() for _, future in self._sleepers) < count:
            self._came.clear()
            await self._came.wait()


async def within(clock: Clock, future: "asyncio.Future[Payload]", seconds: float) -> bool:
    """Wait for the future at most that long on the clock; True when it is done. Never cancels it."""
    timer = asyncio.ensure_future(clock.sleep(seconds))
    either: set[asyncio.Future[Any]] = {future, timer}  # Any: two kinds of result wait together
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return future.done()
