"""One round: a request, a double click, and servers that die on the way, each followed by another."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.chaos.found import Left, Phase, faults_in, is_over, phase_of
from tests.chaos.launcher import BotProcess
from tests.chaos.points import Death
from tests.chaos.stage import LOOK_EVERY_S, PATIENCE_S, Stage
from tests.chaos.waits import ASK

#: A death that does not come by itself within this time was planned behind the end.
_OVERDUE_S = 3.0
#: Connections that each server has to Slack.
_SOCKETS = 2
#: What is promised of the time from the last death to the end.
RESOLVED_WITHIN_S = 60.0
#: People ask again when nothing comes for so long.
_OPENED_WITHIN_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Died:
    """How one server ended."""

    death: Death
    phase: Phase
    #: False when all was over before it, and it was killed from outside.
    was_reached: bool


@dataclass(frozen=True, kw_only=True)
class Round:
    """What happened."""

    died: tuple[Died, ...]
    left: Left

    @property
    def faults(self) -> list[str]:
        return faults_in(self.left)

    def __str__(self) -> str:
        deaths = ", then ".join(f"{one.death} in {one.phase.value!r}" for one in self.died) or "no death"
        return f"{deaths}: {'; '.join(self.faults) or 'all kept'}"


async def play(stage: Stage, deaths: Sequence[Death]) -> Round:
    """Let each server die its death, the last one live until all is done."""
    died = [await _die(stage, [stage.server(death)], death) for death in deaths]
    return await _end(stage, [stage.server()], died)


async def play_side_by_side(stage: Stage, death: Death) -> Round:
    """Two servers at once: whichever comes to its death first dies, the other one goes on.

    It may come to the same point later, and die too; then a third one ends it.
    """
    servers = [stage.server(death), stage.server(death)]
    await connected_side_by_side(stage, servers)
    died = [await _die(stage, servers, death)]
    alive = [one for one in servers if one.is_alive] or [stage.server()]
    return await _end(stage, alive, died)


async def connected_side_by_side(stage: Stage, servers: Sequence[BotProcess]) -> None:
    """Wait until Slack has all of them."""
    sockets = _SOCKETS * len(servers)
    await asyncio.gather(*(stage.connected(one, sockets=sockets) for one in servers))


async def _die(stage: Stage, servers: Sequence[BotProcess], death: Death) -> Died:
    was_reached = await _until_one_is_dead(stage, servers)
    first = next(iter((await stage.entries()).values()), ())
    begun = [one for one in stage.host.starts() if one.began < stage.died_at()]
    return Died(death=death, phase=phase_of(first, begun), was_reached=was_reached)


async def _end(stage: Stage, servers: list[BotProcess], died: list[Died]) -> Round:
    """Let these servers go on until all is done; one more when they die on the way."""
    try:
        resolved = await until_over(stage, servers[0], within_s=RESOLVED_WITHIN_S)
        if not servers[0].is_alive:
            if not servers[0].is_doomed:
                raise RuntimeError(f"the bot ended by itself: {stage.log()[-2000:]}")
            died.append(Died(death=died[0].death, phase=died[0].phase, was_reached=True))
            servers.append(stage.server())
            resolved = await until_over(stage, servers[-1], within_s=RESOLVED_WITHIN_S)
        left = await stage.left(resolved_after_s=resolved)
    finally:
        for server in servers:
            await server.kill()
    return Round(died=tuple(died), left=left)


async def _until_one_is_dead(stage: Stage, servers: Sequence[BotProcess]) -> bool:
    """Ask and click until one dies; False when all was over before, and the first had to be killed."""
    async with carried_on(stage, servers[0]):
        over_since = None
        began = time.monotonic()
        while all(one.is_alive for one in servers) and time.monotonic() - began < PATIENCE_S:
            if await is_all_over(stage):
                over_since = over_since or time.monotonic()
                if time.monotonic() - over_since > _OVERDUE_S:
                    break
            await asyncio.sleep(LOOK_EVERY_S)
        if any(not one.is_alive for one in servers):
            return True
        await servers[0].kill()
        return False


async def until_over(stage: Stage, server: BotProcess, *, within_s: float) -> float | None:
    """Seconds until nothing is left to do; None when there is something after `within_s`, or it died.

    What the server waits for then is in its log.
    """
    began = time.monotonic()
    async with carried_on(stage, server):
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not await is_all_over(stage):
                    if not server.is_alive:
                        return None
                    await asyncio.sleep(4 * LOOK_EVERY_S)
                return time.monotonic() - began
    server.signal(ASK)
    return None


@asynccontextmanager
async def carried_on(stage: Stage, server: BotProcess) -> AsyncIterator[None]:
    """People ask and click while inside."""
    carrying = asyncio.create_task(carry_on(stage, server))
    try:
        yield
    finally:
        carrying.cancel()
        await asyncio.gather(carrying, return_exceptions=True)


async def carry_on(stage: Stage, server: BotProcess) -> None:
    """What people do: ask until it is taken, then click twice on every card."""
    if not await stage.connected(server):
        return
    while not await stage.entries():
        await stage.ask()
        await _appeared(stage)
    while True:
        await stage.click()
        await asyncio.sleep(2 * LOOK_EVERY_S)


async def _appeared(stage: Stage) -> None:
    """Wait a while for the incident: the answer to the command comes before it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_OPENED_WITHIN_S):
            while True:
                if await stage.entries():
                    return
                await asyncio.sleep(LOOK_EVERY_S)


async def is_all_over(stage: Stage) -> bool:
    states = await stage.incidents()
    return bool(states) and all(is_over(state) for state in states)
