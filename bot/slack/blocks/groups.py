"""One message per group of steps: trouble with its output, quiet groups in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model.command import Ended
from bot.model.event import StepEnded
from bot.model.evidence import GapKind
from bot.model.incident import Incident, Run
from bot.model.runbook import Runbook
from bot.slack.blocks import rich, text
from bot.slack.blocks.in_words import in_words
from bot.slack.blocks.message import Block, Message, Urgency, View


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much of a group is shown: steps, and lines and cost of each one's excerpt."""

    steps: int
    lines: int
    cost: int


_ROOM = Room(steps=4, lines=8, cost=2200)
#: Where nobody knows which step decides: more of them, each shorter.
_ALL_OPEN = Room(steps=7, lines=5, cost=1100)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A group of the runbook as far as the run has it."""

    id: str
    title: str
    steps: tuple[str, ...]


def parts_of(run: Run, runbook: Runbook | None) -> tuple[Part, ...]:
    """The run's steps by group in the runbook's order; steps it does not know stand under `other`."""
    asked = dict.fromkeys((*run.started.steps, *(step.event.step for step in run.steps)))
    known = {step.id: step.group for step in runbook.steps} if runbook else {}
    titles = {group.id: group.title for group in runbook.groups} if runbook else {}
    by_group: dict[str, list[str]] = {group: [] for group in titles}
    for step in asked:
        by_group.setdefault(known.get(step, "other"), []).append(step)
    return tuple(
        Part(id=group, title=titles.get(group, group), steps=tuple(steps))
        for group, steps in by_group.items()
        if steps
    )


def groups(incident: Incident, run: Run, view: View) -> tuple[Message, ...]:
    """A message a group once the run is judged, trouble first; after the first run only trouble.

    Where no cause was found every group stands open, since nobody knows yet where to look.
    A run that was interrupted is done again at once: half of it as well would only fill the thread.
    """
    if run.verdict is None:
        return ()
    events, quotes = events_of(run), quotes_of(run)
    parts = parts_of(run, view.runbook)
    if not run.verdict.found and not run.verdict.is_healthy:
        return tuple(_open(incident, run, part, view) for part in parts)
    loud = [part for part in parts if any(_is_trouble(step, events, quotes) for step in part.steps)]
    quiet = [part for part in parts if part not in loud]
    made = [_loud(incident, run, part, view) for part in loud]
    if run.number == 1:
        made += [_quiet(incident, run, part, events) for part in quiet]
    return tuple(made)


def events_of(run: Run) -> dict[str, StepEnded]:
    """Step -> its answer."""
    return {step.event.step: step.event for step in run.steps}


def quotes_of(run: Run) -> dict[str, list[str]]:
    """Step -> the lines that findings quote from it."""
    quotes: dict[str, list[str]] = {}
    for finding in run.verdict.found if run.verdict else ():
        for line in finding.because:
            quotes.setdefault(line.step, []).append(line.says)
    return quotes


def key_of(run: int, group: str) -> str:
    """The message key of a group; `group_of` reads it back."""
    return f"group:{group}" if run == 1 else f"group:{group}:{run}"


def group_of(key: str) -> tuple[str, int] | None:
    """Group and run that a message key names; None for other messages."""
    kind, _, rest = key.partition(":")
    if kind != "group":
        return None
    group, _, run = rest.partition(":")
    return group, int(run) if run.isdigit() else 1


def state(event: StepEnded | None) -> str:
    """How a step ended, in a few words of ours."""
    if event is None:
        return "no answer"
    took = text.seconds(event.duration_s)
    if event.ended is Ended.EXITED:
        return f"exit {event.exit_status}, {took}"
    return f"{event.ended.value} after {took}"


def _is_trouble(step: str, events: Mapping[str, StepEnded], quotes: Mapping[str, list[str]]) -> bool:
    event = events.get(step)
    is_gap = event is None or (event.gap is not None and not _is_left_out(event))
    return step in quotes or is_gap


def _is_left_out(event: StepEnded) -> bool:
    """The fleet file gives nothing to ask with: the verdict says so, it is no trouble of the host."""
    return (event.gap or "").startswith(f"{GapKind.NOT_ASKED.value}:")


def _quiet(incident: Incident, run: Run, part: Part, events: Mapping[str, StepEnded]) -> Message:
    slowest = max((events[step].duration_s for step in part.steps if step in events), default=0.0)
    title = text.name(part.title)
    read = [step for step in part.steps if step in events and not _is_left_out(events[step])]
    said = f"{text.count(len(read), 'step')} read, not what decides here" if read else "not asked"
    line = f"*{title}* · {said}"
    return Message(
        key=key_of(run.number, part.id),
        text=f"{title}: quiet",
        blocks=(_line(incident, f"{line} · {text.seconds(slowest)}"),),
        urgency=Urgency.DETAIL,
    )


def _loud(incident: Incident, run: Run, part: Part, view: View) -> Message:
    events, quotes = events_of(run), quotes_of(run)
    trouble = [step for step in part.steps if _is_trouble(step, events, quotes)]
    # The steps a finding quotes come first; a gap has little to show.
    trouble.sort(key=lambda step: step not in quotes)
    head = f"look here: {len(trouble)} of {text.count(len(part.steps), 'step')}"
    return _told(
        incident, run, part, view, Opened(head=head, says="trouble", steps=tuple(trouble), room=_ROOM)
    )


def _open(incident: Incident, run: Run, part: Part, view: View) -> Message:
    events = events_of(run)
    asked = [step for step in part.steps if step not in events or not _is_left_out(events[step])]
    if not asked:
        return _quiet(incident, run, part, events)
    head = f"no cause was found, so look through {text.count(len(asked), 'step')}"
    return _told(
        incident, run, part, view, Opened(head=head, says="open", steps=tuple(asked), room=_ALL_OPEN)
    )


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A group that stands open: the steps to be shown, the first that fit, under which words."""

    head: str
    says: str
    steps: tuple[str, ...]
    room: Room


def _told(incident: Incident, run: Run, part: Part, view: View, opened: Opened) -> Message:
    title, room = text.name(part.title), opened.room
    events, quotes = events_of(run), quotes_of(run)
    shown: list[Block] = []
    for step in opened.steps[: room.steps]:
        shown += step_blocks(step, events.get(step), quotes.get(step, []), view, room=room)
    blocks: list[Block] = [_line(incident, f":mag: *{title}* · {opened.head}"), rich.rich("steps", *shown)]
    rest = _rest(part, opened)
    return Message(
        key=key_of(run.number, part.id),
        text=f"{title}: {opened.says}",
        blocks=tuple([*blocks, rich.context("rest", rest)] if rest else blocks),
        urgency=Urgency.DETAIL,
    )


def _line(incident: Incident, shown: str) -> Block:
    return {
        "type": "section",
        "block_id": "group",
        "text": {"type": "mrkdwn", "text": shown, "verbatim": True},
        "accessory": rich.button("output", "Show output", incident.id),
    }


def step_blocks(
    step: str, event: StepEnded | None, quotes: Sequence[str], view: View, *, room: Room = _ROOM
) -> list[Block]:
    """One step as parts of a rich text block: how it ended and what it said."""
    title = next((one.title for one in view.runbook.steps if one.id == step), "") if view.runbook else ""
    line = [rich.words(step, most=80, bold=True), rich.ours(f" · {state(event)}")]
    if title:
        line[1:1] = [rich.ours(" · "), rich.words(title, most=120)]
    if event is None or event.gap is not None:
        why = event.gap if event and event.gap else "the run ended before it answered"
        return [rich.sentence(*line, rich.ours("\nnot checked: "), rich.words(why, most=400))]
    body = view.texts.get(event.evidence) if event.evidence else ""
    if not body or not body.strip():
        return [rich.sentence(*line, rich.ours("\noutput erased" if body is None else "\nno output"))]
    excerpt, left_out = excerpt_of(in_words(step, body, view.runbook), quotes, room=room)
    blocks = [rich.sentence(*line), rich.quoted(excerpt, most=room.cost)]
    omitted = _omitted(left_out, event)
    return [*blocks, rich.sentence(rich.ours(omitted))] if omitted else blocks


def _omitted(lines: int, event: StepEnded) -> str:
    said = [f"… {text.count(lines, 'line')} more in the file"] if lines else []
    if event.omitted_bytes:
        said.append(f"{event.omitted_bytes} bytes were left out on the host")
    return "; ".join(said)


def excerpt_of(body: str, quotes: Sequence[str], *, room: Room = _ROOM) -> tuple[str, int]:
    """The lines around the quoted ones, else the last ones; and how many lines are not shown."""
    lines = body.rstrip("\n").splitlines()
    wanted = {_level(quote) for quote in quotes}
    at = max((i for i, line in enumerate(lines) if _level(line) in wanted), default=None)
    if at is None and (pairs := [line for line in lines if _is_in(line.strip(), quotes)]):
        shown, hidden = text.cut_lines(pairs, most=room.lines, budget=room.cost - 100)
        return shown, hidden + len(lines) - len(pairs)
    end = len(lines) if at is None else min(len(lines), at + 3)
    shown, hidden = text.cut_lines(lines[:end], most=room.lines, budget=room.cost - 100)
    return shown, hidden + len(lines) - end


def _level(line: str) -> str:
    """A line as facts quote it: a table's columns one blank apart, a probe without its first word."""
    return " ".join(line.split()).removeprefix("probe ")


def _is_in(pair: str, quotes: Sequence[str]) -> bool:
    """Whether a `Name=value` line is one of those that a quote puts side by side."""
    return "=" in pair and any(f" {pair} " in f" {quote} " for quote in quotes)


def _rest(part: Part, opened: Opened) -> str:
    others = [text.name(step) for step in part.steps if step not in opened.steps]
    more = [text.name(step) for step in opened.steps[opened.room.steps :]]
    said = [f"nothing in: {', '.join(others)}"] if others else []
    return " · ".join([*said, f"also: {', '.join(more)}, see the file"] if more else said)[:1800]
