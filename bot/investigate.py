"""The use case `/502 web-01`: open an incident, run the checklist, judge it, write both down."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.collect import Senses, StepResult, collect
from bot.judge import judge
from bot.model.event import Event, RunEnded, RunStarted, StepEnded
from bot.model.evidence import Evidence, GapKind
from bot.model.host import Host
from bot.model.runbook import Runbook
from bot.ports import Chat, Clock, Directory, Ledger
from bot.steps import steps_for

log = structlog.get_logger(__name__)

#: Answers are written down in bunches this far apart, so that the thread grows while the host answers.
BUNCH_S = 0.25
#: Where writing takes long, others wait for it too: so many times as long is waited before the next bunch.
PATIENCE = 4


@dataclass(frozen=True, kw_only=True)
class World:
    """What the use cases need of the outside."""

    senses: Senses
    ledger: Ledger
    chat: Chat
    clock: Clock
    directory: Directory


async def look(host: Host, runbook: Runbook, world: World, *, deadline_s: float = 60.0) -> RunEnded:
    """One pass that is not written down: for waiting until a host is ready."""
    evidence = await collect(host, runbook, world.senses, on_step=lambda _: None, deadline_s=deadline_s)
    return _ended(host, runbook, evidence, run=0, duration_s=0.0)


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Which pass through the checklist this is, and of which incident."""

    incident: str
    run: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a pass came to and is not in the ledger yet; to be appended together."""

    #: Steps that no bunch took along.
    steps: tuple[Event, ...]
    ended: RunEnded


async def investigate(this: Pass, host: Host, runbook: Runbook, world: World) -> Looked:
    """One pass with its steps in the ledger as they end; the last ones and the end are left to the caller.

    The caller appends them together with what follows from them, so that no crash can part the two.
    """
    started = world.clock.monotonic()
    steps = tuple(step.id for step in steps_for(host, runbook))
    start = RunStarted(run=this.run, reason=this.reason, runbook_digest=runbook.digest, steps=steps)
    await world.ledger.append(this.incident, [start])
    world.chat.changed(this.incident)
    bunch = _Bunch(this, world)
    writer = asyncio.create_task(bunch.write_on())
    try:
        evidence = await collect(host, runbook, world.senses, on_step=bunch.add)
        bunch.close()
        await writer
    finally:
        writer.cancel()
    ended = _ended(host, runbook, evidence, run=this.run, duration_s=world.clock.monotonic() - started)
    return Looked(steps=await bunch.rest(), ended=ended)


def _ended(host: Host, runbook: Runbook, evidence: Evidence, *, run: int, duration_s: float) -> RunEnded:
    verdict = judge(evidence, host=host, causes=runbook.causes, remedies=runbook.remedies)
    for gap in verdict.unchecked:
        if gap.kind is GapKind.BUG:
            log.error("a part of the judgement broke", part=gap.step, why=gap.reason)
    return RunEnded(
        run=run,
        verdict=verdict,
        host_key=evidence.host_key,
        skew_s=round(evidence.clock.skew_s, 3),
        duration_s=round(duration_s, 3),
        state=state_of(evidence.facts),
    )


def state_of(facts: Mapping[str, object]) -> dict[str, str]:
    """What an approval is bound to: every fact with a `state` gives its part, e.g. the release.

    A later run in which one of these differs is another situation than the one approved.
    """
    bound: dict[str, str] = {}
    for fact in facts.values():
        state = getattr(fact, "state", None)
        if callable(state):
            bound |= state()
    return bound


class _Bunch:
    """Step results on their way to the ledger, in order."""

    def __init__(self, this: Pass, world: World) -> None:
        self._this, self._world = this, world
        self._waiting: list[StepResult] = []
        self._closed = asyncio.Event()

    def add(self, result: StepResult) -> None:
        self._waiting.append(result)

    def close(self) -> None:
        self._closed.set()

    async def write_on(self) -> None:
        """Write what has gathered, now and then, until closed."""
        pause_s = BUNCH_S
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), pause_s)
            if self._closed.is_set():
                return
            began = self._world.clock.monotonic()
            await self._flush()
            pause_s = max(BUNCH_S, PATIENCE * (self._world.clock.monotonic() - began))

    async def rest(self) -> tuple[Event, ...]:
        """What was not written yet, for whoever writes it."""
        bunch, self._waiting = self._waiting, []
        return tuple([await self._event(result) for result in bunch])

    async def _flush(self) -> None:
        events = await self.rest()
        if events:
            await self._world.ledger.append(self._this.incident, events)
            self._world.chat.changed(self._this.incident)

    async def _event(self, result: StepResult) -> Event:
        hide = self._world.senses.hide  # What a later answer of the same bunch gave away.
        digest = await self._world.ledger.keep(hide(result.text)) if result.text else None
        return StepEnded(
            run=self._this.run,
            step=result.step,
            argv=_for_people(result.argv),
            ended=result.ended,
            exit_status=result.exit_status,
            duration_s=round(result.duration_s, 3),
            omitted_bytes=result.omitted_bytes,
            evidence=digest,
            gap=f"{result.gap.kind.value}: {hide(result.gap.reason)}" if result.gap else None,
        )


def _for_people(argv: Sequence[str]) -> tuple[str, ...]:
    """argv as the ledger keeps it: a script's text is named, for the runbook's digest covers it."""
    words = tuple(argv)
    at = next((i for i, word in enumerate(words[:4]) if word == "-c" and words[i - 1] == "sh"), None)
    if at is None or len(words) <= at + 2:
        return words
    return (*words[: at + 1], f"<{words[at + 2]}.sh>", *words[at + 3 :])
