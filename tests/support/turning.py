"""Waiting without a clock, or by one that stands still with the machine: the event loop turns."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_TICK_S = 0.05


async def until(is_so: Callable[[], object]) -> None:
    """Let others go on until it is so; fails when that never comes."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - what is asked sets no event
            await asyncio.sleep(0)


async def turn(times: int = 50) -> None:
    """Let others go on as far as they can without time passing."""
    for _ in range(times):
        await asyncio.sleep(0)


@asynccontextmanager
async def running(seconds: float) -> AsyncIterator[None]:
    """TimeoutError after so many seconds of a loop that runs: while the machine stands still none pass."""
    async with asyncio.timeout(None) as limit:
        ticking = asyncio.create_task(_tick(seconds, limit))
        try:
            yield
        finally:
            ticking.cancel()


async def _tick(seconds: float, limit: asyncio.Timeout) -> None:
    for _ in range(round(seconds / _TICK_S)):
        await asyncio.sleep(_TICK_S)
    limit.reschedule(asyncio.get_running_loop().time())
