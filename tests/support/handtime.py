"""A clock for tests: it jumps to the next sleeper when everybody waits, so that hours pass at once."""

import asyncio
import heapq
from itertools import count


class JumpTime:
    """`bot.slack.pace.Time` whose sleeps take no real time."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._numbers), future))
        await future

    async def run(self, work: "asyncio.Future[object]", *, turns: int = 200_000) -> None:
        """Let time pass until the work is done; fails when nothing is left to wait for."""
        for _ in range(turns):
            if work.done():
                return
            for _turn in range(30):  # whoever can go on without time passing goes on first
                await asyncio.sleep(0)
            if not work.done() and not self._jump():
                raise AssertionError("the work waits for something that never comes")
        raise AssertionError("the work never ends")

    def _jump(self) -> bool:
        while self._sleepers:
            at, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self._now = max(self._now, at)
                future.set_result(None)
                return True
        return False
