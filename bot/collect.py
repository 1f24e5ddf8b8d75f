"""A runbook's steps on one host become Evidence: clean outputs, facts, and gaps with their reasons."""

import asyncio
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot import bugs
from bot.command import look_of, missing, render_text, values_of
from bot.errors import HostError, ParseError
from bot.gaps import gap_of, kind_of
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.evidence import CommandOutput, Evidence, Gap, GapKind, HostClock
from bot.model.host import Host
from bot.model.runbook import Runbook, Step
from bot.ports import Prober, Shell
from bot.redact import Cleaned, Cleaner, CleanHere, KnownValues, Learned, mask
from bot.steps import of_host

#: Seconds after the deadline in which what came in time is still checked for secrets.
GRACE_S = 1.0


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """One step's end: the answer or the gap, with the text that is kept as evidence."""

    step: str
    argv: tuple[str, ...]
    ended: Ended
    exit_status: int | None
    duration_s: float
    omitted_bytes: int
    text: str
    gap: Gap | None


@dataclass(frozen=True, kw_only=True)
class Senses:
    """How hosts are asked, and what must never be shown of their answers."""

    shell: Shell
    prober: Prober
    known: KnownValues
    #: Who cleans large outputs; None: they are cleaned on the spot, as commands that do nothing else may.
    cleaner: Cleaner | None = None
    #: What earlier outputs of the same incident gave away.
    learned: Learned = field(default_factory=Learned)
    #: Whose output is parsed: of many hosts that answer at once one at a time, so that votes pass between.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def clean(self, *raws: bytes, within_s: float = 60.0) -> tuple[Cleaned, ...]:
        """Each output as `redact.clean` leaves it, without what this or an earlier one gave away."""
        cleaner = self.cleaner or CleanHere(self.known)
        cleaned = await cleaner.clean(*raws, within_s=within_s, learned=self.learned.known)
        self.learned.add(secret for each in cleaned for secret in each.secrets)
        return tuple(replace(each, text=self.hide(each.text)) for each in cleaned)

    def hide(self, text: str) -> str:
        """A clean text without what was learned since it was cleaned."""
        return self.learned.known.hide(text)[0]


@dataclass(kw_only=True)
class _Collecting:
    """What has come in so far, and who hears of it."""

    host: Host
    steps: Mapping[str, Step]
    senses: Senses
    #: The loop's time after which nothing is checked any more and so nothing shown.
    until: float
    on_step: Callable[[StepResult], None]
    outputs: dict[str, CommandOutput] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    hello: Hello | None = None

    async def take(self, item: Hello | RawOutput) -> None:
        """An answer came."""
        if isinstance(item, Hello):
            self.hello = item
        else:
            self.on_step(await _read(item, self))

    def miss(self, gap: Gap) -> None:
        """A step will give no answer."""
        self.gaps.append(gap)
        self.on_step(
            StepResult(
                step=gap.step,
                argv=(),
                ended=Ended.LOST,
                exit_status=None,
                duration_s=0.0,
                omitted_bytes=0,
                text="",
                gap=gap,
            )
        )


async def collect(
    host: Host,
    runbook: Runbook,
    senses: Senses,
    *,
    on_step: Callable[[StepResult], None],
    deadline_s: float = 60.0,
) -> Evidence:
    """Ask everything at once; `on_step` hears of each step as it ends, in the order they end.

    Never raises for what the host does: a host that cannot be asked gives a gap for each step.
    """
    values = values_of(host)
    steps = {step.id: step for step in runbook.steps}
    until = asyncio.get_running_loop().time() + deadline_s + GRACE_S
    so_far = _Collecting(host=host, steps=steps, senses=senses, until=until, on_step=on_step)
    asked = _askable(runbook.steps, values, so_far)
    commands = look_of(asked, values)
    async with asyncio.TaskGroup() as group:
        for step in asked:
            if step.probe is not None:
                url = render_text(step.probe, values)
                group.create_task(_probe(step, url, senses.prober, so_far))
        group.create_task(_ask(commands, senses.shell, so_far, deadline_s))
    _read_again(so_far)
    return _evidence(so_far)


async def _ask(commands: Sequence[Command], shell: Shell, so_far: _Collecting, deadline_s: float) -> None:
    """Ask the host; one that cannot be asked becomes gaps."""
    try:
        async for item in shell.read(so_far.host, commands, deadline_s=deadline_s):
            await so_far.take(item)
    except HostError as error:
        # It may quote what the far end said.
        reason = mask(str(error), so_far.senses.known)
        for command in commands:
            so_far.miss(Gap(step=command.step, kind=kind_of(error), reason=reason))


async def _probe(step: Step, url: str, prober: Prober, so_far: _Collecting) -> None:
    raw = await prober.probe(url, deadline_s=step.timeout_s)
    await so_far.take(replace(raw, step=step.id))


def _askable(steps: Sequence[Step], values: Mapping[str, object], so_far: _Collecting) -> list[Step]:
    """Steps whose fleet values are there; the others are gaps from the start."""
    asked = []
    for step in of_host(steps, values):
        lacking = missing(step.needs, values)
        if not lacking:
            asked.append(step)
            continue
        reason = f"the fleet file does not give {' or '.join(lacking)} for {so_far.host.name}"
        so_far.miss(Gap(step=step.id, kind=GapKind.NOT_ASKED, reason=reason))
    return asked


async def _read(raw: RawOutput, so_far: _Collecting) -> StepResult:
    """Clean, judge and parse one raw output."""
    step = so_far.steps[raw.step]
    raw = raw.only(step.only)
    left_s = so_far.until - asyncio.get_running_loop().time()
    out, err = await so_far.senses.clean(raw.stdout, raw.stderr, within_s=left_s)
    async with so_far.senses.turn:
        gap = gap_of(raw, step, out, err) or _parse(raw, step, out.text, err.text, so_far)
        # A host may answer everything at once; others are served between two answers.
        await asyncio.sleep(0)
    if gap is not None:
        so_far.gaps.append(gap)
    return StepResult(
        step=raw.step,
        argv=raw.argv,
        ended=raw.ended,
        exit_status=raw.exit_status,
        duration_s=raw.duration_s,
        omitted_bytes=raw.omitted_bytes,
        text=_kept(out.text, err.text),
        gap=gap,
    )


def _parse(raw: RawOutput, step: Step, out: str, err: str, so_far: _Collecting) -> Gap | None:
    output = CommandOutput(
        step=raw.step,
        argv=raw.argv,
        exit_status=raw.exit_status if raw.exit_status is not None else -1,
        stdout=out,
        stderr=err,
        alternative=raw.alternative,
        is_truncated=raw.omitted_bytes > 0,
        duration_s=raw.duration_s,
    )
    so_far.outputs[raw.step] = output
    return _fact(output, step, so_far)


def _fact(output: CommandOutput, step: Step, so_far: _Collecting) -> Gap | None:
    if step.parse is None:
        return None
    try:
        parser = importlib.import_module(f"bot.parsers.{step.parse}")
        so_far.facts[step.fact] = getattr(parser, step.parse)(output)
    except ParseError as error:
        return Gap(step=step.id, kind=GapKind.UNREADABLE, reason=str(error))
    except Exception as error:  # a bug in one parser: the other answers are worth as much as before
        return Gap(step=step.id, kind=GapKind.BUG, reason=bugs.words(error))
    return None


def _read_again(so_far: _Collecting) -> None:
    """Outputs that came before another gave their secret away are read without it: facts quote them."""
    hide = so_far.senses.hide
    so_far.gaps = [replace(gap, reason=hide(gap.reason)) for gap in so_far.gaps]
    for name, output in tuple(so_far.outputs.items()):
        shown = replace(output, stdout=hide(output.stdout), stderr=hide(output.stderr))
        if shown != output:
            so_far.outputs[name] = shown
            step = so_far.steps[name]
            if so_far.facts.pop(step.fact, None) is not None and (gap := _fact(shown, step, so_far)):
                so_far.gaps.append(gap)


def _kept(out: str, err: str) -> str:
    if not err.strip():
        return out
    return f"{out}{'' if out.endswith(chr(10)) or not out else chr(10)}[stderr]\n{err}"


def _evidence(so_far: _Collecting) -> Evidence:
    hello = so_far.hello
    offset = getattr(so_far.facts.get("host_clock"), "utc_offset_min", 0)
    return Evidence(
        host=so_far.host.name,
        clock=HostClock(
            now=hello.clock_at if hello else datetime.now(UTC),
            skew_s=hello.skew_s if hello else 0.0,
            utc_offset_min=offset,
        ),
        outputs=so_far.outputs,
        facts=so_far.facts,
        gaps=tuple(so_far.gaps),
        host_key=hello.host_key if hello else None,
    )
