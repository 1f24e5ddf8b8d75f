"""Waiting without a clock: the event loop turns until what is waited for is so."""

import asyncio
from collections.abc import Callable


async def until(is_so: Callable[[], object]) -> None:
    """Let others go on until it is so; fails when that never comes."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is asked sets no event
            await asyncio.sleep(0)


async def turn(times: int = 50) -> None:
    """Let others go on as far as they can without time passing."""
    for _ in range(times):
        await asyncio.sleep(0)
