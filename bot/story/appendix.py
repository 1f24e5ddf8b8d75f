"""Each check in full, what a former one already said only once."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.event import StepEnded
from bot.model.incident import Run
from bot.model.verdict import Finding, RuledOut, Verdict
from bot.story.moment import Detail, ended_words, seconds
from bot.story.sentence import restart_words, run_name, verdict_words
from bot.story.tell import Story
from bot.story.text import both

#: Characters of a step's text shown in Markdown and HTML; JSON has all of it.
_EXCERPT_CHARS = 2000
#: In place of a text that is not kept any more.
_ERASED = "(erased)"
_NOT_ASKED = "not asked"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding and the lines it rests on."""

    says: str
    lines: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A row of the checklist."""

    name: str
    #: As typed; empty when it was not asked.
    command: str
    ended: str
    took: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One run; plain text, escaped by whoever writes it."""

    title: str
    when: str
    verdict: str
    restart: str
    found: tuple[Found, ...]
    ruled_out: tuple[str, ...]
    unchecked: tuple[str, ...]
    #: Those that an earlier run did not ask and end alike.
    steps: tuple[Step, ...]
    #: What became of the others, in a line; empty when there are none.
    same_steps: str
    #: What its steps read, as far as the verdict quotes it or it could not be read; a text that stands
    #: in an earlier run already is empty, and the label says so.
    evidence: tuple[Detail, ...]


def checks(story: Story) -> tuple[Check, ...]:
    """Every run, also the look just before an action."""
    runs = story.incident.runs
    return tuple(_check(run, runs[:index], story) for index, run in enumerate(runs))


def excerpt(text: str) -> str:
    """The end of a long text from the beginning of a line, and how much was left out before it."""
    if len(text) <= _EXCERPT_CHARS:
        return text
    _, newline, lines = text[-_EXCERPT_CHARS:].partition("\n")
    if not newline or not lines.strip():
        return f"[{len(text) - _EXCERPT_CHARS} characters left out]\n{text[-_EXCERPT_CHARS:]}"
    left_out = text[: -len(lines)]
    count = left_out.count("\n")
    return f"[{count} lines, {len(left_out)} characters left out]\n{lines}"


def _check(run: Run, earlier: Sequence[Run], story: Story) -> Check:
    verdict, zone = run.verdict, story.opened.timezone
    took = f", took {seconds(run.ended.duration_s)}" if run.ended else ""
    events = tuple(step.event for step in run.steps)
    same = [event for event in events if earlier and _is_asked_alike(event, earlier[0])]
    return Check(
        title=f"Run {run.number}: {run_name(run)}",
        when=f"{both(run.started_at, zone)}{took}",
        verdict=verdict_words(verdict) if verdict else _no_verdict(run),
        restart=_sentence(restart_words(verdict.restart)) if verdict else "",
        found=tuple(_found(one, earlier) for one in verdict.found) if verdict else (),
        ruled_out=_ruled_out(verdict, earlier) if verdict else (),
        unchecked=tuple(f"{gap.step}: {gap.reason}" for gap in verdict.unchecked) if verdict else (),
        steps=tuple(_step(event) for event in events if event not in same),
        same_steps=f"{len(same)} steps as in run {earlier[0].number}" if same else "",
        evidence=_evidence(run, earlier, story),
    )


def _no_verdict(run: Run) -> str:
    return f"failed: {run.failed.why}" if run.failed else "not ended"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _found(finding: Finding, earlier: Sequence[Run]) -> Found:
    says = f"{finding.cause} ({finding.certainty.value}): {finding.says}"
    for run in earlier:
        if run.verdict and finding in run.verdict.found:
            return Found(says=f"{says}; {_as_in(run)}", lines=())
    lines = tuple(Detail(label=line.step, text=line.text) for line in finding.because)
    return Found(says=says, lines=lines)


def _ruled_out(verdict: Verdict, earlier: Sequence[Run]) -> tuple[str, ...]:
    """Those of an earlier run in one line, then the others."""
    for run in earlier:
        same = [one for one in verdict.ruled_out if run.verdict and _is_in(one, run.verdict)]
        if same:
            new = [one for one in verdict.ruled_out if one not in same]
            first = f"{', '.join(one.cause for one in same)}: {_as_in(run)}"
            return (first, *(f"{one.cause}: {one.says}" for one in new))
    return tuple(f"{one.cause}: {one.says}" for one in verdict.ruled_out)


def _is_in(one: RuledOut, verdict: Verdict) -> bool:
    return (one.cause, one.says) in {(other.cause, other.says) for other in verdict.ruled_out}


def _step(event: StepEnded) -> Step:
    return Step(
        name=event.step,
        command=shlex.join(event.argv),
        ended=step_words(event),
        took="" if _is_not_asked(event) else seconds(event.duration_s),
    )


def _is_asked_alike(event: StepEnded, run: Run) -> bool:
    """True when that run asked the same command and it ended the same way."""
    key = (event.step, event.argv, step_words(event))
    return any((one.event.step, one.event.argv, step_words(one.event)) == key for one in run.steps)


def step_words(event: StepEnded) -> str:
    """How a step ended: `exit 0`, or why it could not be read; each said once."""
    if not event.gap:
        return ended_words(event)
    if event.gap.startswith((event.ended.value, _NOT_ASKED)):
        return event.gap
    return f"{ended_words(event)}; {event.gap}"


def _is_not_asked(event: StepEnded) -> bool:
    return bool(event.gap and event.gap.startswith(_NOT_ASKED))


def _evidence(run: Run, earlier: Sequence[Run], story: Story) -> tuple[Detail, ...]:
    quoted = {line.step for one in run.verdict.found for line in one.because} if run.verdict else set()
    found = []
    for step in run.steps:
        text = _text(step.event, story)
        if text and (step.event.step in quoted or step.event.gap):
            same = _same_text(step.event.step, text, earlier, story)
            label = f"{step.event.step}, {_as_in(same)}" if same else step.event.step
            found.append(Detail(label=label, text="" if same else excerpt(text)))
    return tuple(found)


def _text(event: StepEnded, story: Story) -> str:
    return story.evidence.get(event.evidence, _ERASED) if event.evidence else ""


def _same_text(step: str, text: str, earlier: Sequence[Run], story: Story) -> Run | None:
    """The first run in which the step read the same, if that text stands in the report."""
    for run in earlier:
        shown = {detail.label for detail in _evidence(run, (), story)}
        texts = [_text(one.event, story) for one in run.steps if one.event.step == step]
        if step in shown and text in texts and text != _ERASED:
            return run
    return None


def _as_in(run: Run) -> str:
    return f"as in run {run.number}"
