"""Some servers, each with a ledger of its own in one database, that something happens to."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from bot.model.event import Intended
from tests.chaos.found import Left, faults_in
from tests.chaos.launcher import BotProcess
from tests.chaos.rounds import carry_on, until_over
from tests.chaos.stage import Stage, staged

#: Servers at a time.
AT_A_TIME = 4
#: People ask at any of these seconds before it happens.
_BEFORE_S = 4.0
_NOTHING: Mapping[str, str] = MappingProxyType({})


@asynccontextmanager
async def served(
    folder: Path, where: str, *, extra: Mapping[str, str] = _NOTHING
) -> AsyncIterator[tuple[Stage, BotProcess]]:
    """A bot on the ledger there; `extra` is added to its environment."""
    async with staged(folder, where) as stage:
        stage.extra.update(extra)
        server = stage.server()
        try:
            assert await stage.connected(server)
            yield stage, server
        finally:
            await server.kill()


@asynccontextmanager
async def acting(
    folder: Path,
    new_ledger: Callable[[], str],
    *,
    seed: int,
    servers: int = AT_A_TIME,
    extra: Mapping[str, str] = _NOTHING,
) -> AsyncIterator[list[tuple[Stage, BotProcess]]]:
    """So many servers; when the block begins each is at another place of an action, and people pause."""
    chance = random.Random(seed)
    async with AsyncExitStack() as world:
        worlds = []
        for one in range(servers):
            where = await asyncio.to_thread(new_ledger)
            worlds.append(await world.enter_async_context(served(folder / str(one), where, extra=extra)))
        people = [asyncio.create_task(_begin_after(chance.uniform(0, _BEFORE_S), *one)) for one in worlds]
        await asyncio.sleep(_BEFORE_S)  # where the actions are by then is what is varied here
        for one in people:
            one.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        yield worlds


async def gone_on(worlds: Sequence[tuple[Stage, BotProcess]]) -> list[Left]:
    """Let them go on by themselves until all is done; what each left behind."""
    resolved = await asyncio.gather(*(until_over(*one, within_s=60) for one in worlds))
    return [
        await stage.left(resolved_after_s=after_s)
        for (stage, _), after_s in zip(worlds, resolved, strict=True)
    ]


async def lived_through(
    folder: Path, new_ledger: Callable[[], str], happens: Callable[[], None], *, seed: int
) -> list[Left]:
    """Act with some servers, let it happen, and let them go on by themselves until all is done.

    Raises AssertionError when one broke a promise.
    """
    async with acting(folder, new_ledger, seed=seed) as worlds:
        await asyncio.to_thread(happens)
        left = await gone_on(worlds)
    assert [fault for one in left for fault in faults_in(one)] == []
    return left


def intents_in(left: Left) -> int:
    """How many intents stand."""
    return sum(isinstance(e.event, Intended) for each in left.entries.values() for e in each)


async def _begin_after(seconds: float, stage: Stage, server: BotProcess) -> None:
    await asyncio.sleep(seconds)
    await carry_on(stage, server)
