"""How long the event loop keeps others waiting, beyond what the machine itself does."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_EVERY_S = 0.01


@dataclass
class Lag:
    """Seconds of our own CPU between two turns of the loop: what other processes take is not ours."""

    turns: list[float] = field(default_factory=list)

    @property
    def p99_s(self) -> float:
        return sorted(self.turns)[int(len(self.turns) * 0.99)]

    @property
    def worst_s(self) -> float:
        return max(self.turns)

    def __repr__(self) -> str:
        return f"Lag(p99 {self.p99_s:.3f} s, worst {self.worst_s:.3f} s of {len(self.turns)} turns)"


@asynccontextmanager
async def measured_lag() -> AsyncIterator[Lag]:
    """Measures until the block ends."""
    lag = Lag()
    watching = asyncio.create_task(_watch(lag))
    await asyncio.sleep(0)
    try:
        yield lag
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch(lag: Lag) -> None:
    while True:
        before = time.thread_time()
        await asyncio.sleep(_EVERY_S)
        lag.turns.append(time.thread_time() - before)
