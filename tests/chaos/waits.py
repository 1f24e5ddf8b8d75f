"""What a process waits for, told when it is asked by a signal: for a round in which something hangs."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Iterator
from typing import Any

#: Asks for it.
ASK = signal.SIGUSR1
#: Attributes in which coroutines and generators keep their frame, and what they wait for.
_FRAMES = ("cr_frame", "gi_frame", "ag_frame")
_INNER = ("cr_await", "gi_yieldfrom", "ag_await")


async def telling(work: Awaitable[object]) -> None:
    """Do this, and write to standard error whenever asked."""
    asyncio.get_running_loop().add_signal_handler(ASK, _tell)
    await work


def _tell() -> None:
    for task in asyncio.all_tasks():
        print(f"{task.get_name()}: {' < '.join(_chain(task.get_coro()))}", file=sys.stderr, flush=True)


def _chain(waiter: Any) -> Iterator[str]:
    """Places from the outermost to the innermost; a private part of Python, hence Any."""
    while waiter is not None:
        frame = next((found for name in _FRAMES if (found := getattr(waiter, name, None))), None)
        if frame is None:
            yield repr(waiter)[:100]
            return
        yield f"{frame.f_code.co_qualname} {frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"
        waiter = next((found for name in _INNER if (found := getattr(waiter, name, None))), None)
