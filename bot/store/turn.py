"""Whose turn it is to write: what people decided, and what came of it, goes before all else."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from bot.model.event import ActionEnded, Claimed, Event, Intended, Voted

#: Somebody waits for each of them; of what a crowd's looks write there is much, and it can wait.
_Awaited = Voted | Claimed | Intended | ActionEnded


def is_awaited(events: Sequence[Event]) -> bool:
    """Whether one of them is what people decided, or what came of it."""
    return any(isinstance(event, _Awaited) for event in events)


class Turn:
    """A lock; whoever is urgent has it before those who are not, each kind in the order in which it came.

    By hand: the locks of asyncio and of the libraries over it know one order only.
    """

    def __init__(self) -> None:
        self._is_taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self, *, is_urgent: bool = False) -> AsyncIterator[None]:
        """Have it while inside."""
        await self._take(self._urgent if is_urgent else self._others)
        try:
            yield
        finally:
            self._hand_on()

    async def _take(self, queue: deque[asyncio.Future[None]]) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        waiter = asyncio.get_running_loop().create_future()
        queue.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._hand_on()  # it was given just before
            with suppress(ValueError):
                queue.remove(waiter)
            raise

    def _hand_on(self) -> None:
        for queue in (self._urgent, self._others):
            while queue:
                waiter = queue.popleft()
                if not waiter.done():
                    waiter.set_result(None)
                    return
        self._is_taken = False
