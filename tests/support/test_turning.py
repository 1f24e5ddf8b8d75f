"""A limit in time of a loop that runs: what hangs is ended, a machine that stood still ends nothing."""

import asyncio
import time

import pytest

from tests.support.turning import running


async def test_what_hangs_is_ended() -> None:
    with pytest.raises(TimeoutError):
        async with running(0.1):
            await asyncio.Event().wait()


async def test_a_machine_that_stood_still_ends_nothing() -> None:
    async with running(0.2):
        time.sleep(0.4)  # noqa: ASYNC251 - the loop stands still with it
        await asyncio.sleep(0)
