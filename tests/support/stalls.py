"""How long a busy machine let this process's loop wait, beyond what it asked for and its own work.

A time that a test promises is the bot's; what the machine took of it is not.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")
_EVERY_S = 0.02
#: Less than this changes nothing of what came.
_LITTLE_S = 0.2
_TRIES = 5


class Stalls:
    """What was measured up to now."""

    def __init__(self) -> None:
        #: Seconds that the loop was not let turn.
        self.total_s = 0.0
        self._began_s = time.monotonic()
        self._begin()

    @property
    def others_s(self) -> float:
        """Seconds since it began without those."""
        self.count()
        return self._wall_s - self._began_s - self.total_s

    def count(self) -> None:
        """Add what was lost since the last call."""
        waited_s = time.monotonic() - self._wall_s - _EVERY_S
        self.total_s += max(0.0, waited_s - (time.thread_time() - self._own_s))
        self._begin()

    def _begin(self) -> None:
        self._wall_s, self._own_s = time.monotonic(), time.thread_time()


@asynccontextmanager
async def measured_stalls() -> AsyncIterator[Stalls]:
    """Measures until the block ends."""
    stalls = Stalls()
    watching = asyncio.create_task(_watch(stalls))
    try:
        yield stalls
    finally:
        stalls.count()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def calmly(ask: Callable[[], Awaitable[T]], is_wanted: Callable[[T], bool]) -> tuple[T, float]:
    """What it gives, and the seconds that took without stalls.

    Where that is not what is wanted and the machine stalled, a time limit may have struck for that alone:
    it is asked again. The last of some tries counts.
    """
    for _ in range(_TRIES):
        async with measured_stalls() as stalls:
            given = await ask()
            took_s = stalls.others_s
        if is_wanted(given) or stalls.total_s < _LITTLE_S:
            break
    return given, took_s


async def _watch(stalls: Stalls) -> None:
    while True:
        await asyncio.sleep(_EVERY_S)
        stalls.count()
