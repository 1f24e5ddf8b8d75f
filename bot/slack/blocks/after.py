"""What came of an approval: the outcome, then before and after; and the notes of people."""

from datetime import datetime
from typing import assert_never

from bot.model.approval import Approval
from bot.model.diff import Diff, diff
from bot.model.event import ActionEnded, Noted, Outcome
from bot.model.incident import Incident, Run
from bot.slack.blocks import rich, text
from bot.slack.blocks.message import Block, Message, Urgency, View
from bot.slack.blocks.verdict import conclusion, key_of


def result(approval: Approval, view: View) -> Message | None:
    """How the action ended and whether the service answers; None before it ended."""
    outcome = approval.outcome
    if outcome is None:
        return None
    emoji, title = _ended(outcome.outcome)
    blocks: list[Block] = [
        rich.rich(
            "outcome",
            rich.sentence(rich.ours(f"{title}. ", bold=True), rich.words(outcome.says, most=500)),
            *_output(outcome, view),
        )
    ]
    ready = approval.ready
    if ready is not None:
        word = "The service answers again" if ready.is_ready else "The service does not answer"
        said = rich.sentence(
            rich.ours(f"{word} after {text.seconds(ready.after_s)}. ", bold=True),
            rich.words(ready.says, most=400),
        )
        blocks.append(rich.rich("ready", said))
    blocks.append(rich.context("measure", f"{emoji} {_measure(approval, outcome)}"))
    host = text.name(approval.proposed.host)
    return Message(
        key=f"result:{approval.id}",
        text=f"{title} on {host}{_then(approval)}",
        blocks=tuple(blocks),
        urgency=Urgency.OUTCOME,
    )


def _then(approval: Approval) -> str:
    ready = approval.ready
    if ready is None:
        return ""
    return f"; the service {'answers again' if ready.is_ready else 'does not answer'}"


def change(incident: Incident, run: Run, view: View) -> Message | None:
    """Before and after, once the recheck has a verdict; None when there is nothing to compare."""
    before = _before(incident, run) if run.recheck_of else None
    if before is None or before.verdict is None or run.verdict is None:
        return None
    told = diff(before.verdict, run.verdict)
    # Its headline is the `after` line already.
    blocks = (rich.rich("change", *_told(told)), *conclusion(incident, run, run.verdict, view)[1:])
    return Message(
        key=key_of(run),
        text=f"Checked again: {'healthy' if told.is_healthy else 'still trouble'}; "
        f"{text.name(incident.host or '?')}: {text.notice(run.verdict.says)}",
        blocks=blocks,
        urgency=Urgency.OUTCOME,
    )


def note(said: Noted, at: datetime, number: int) -> Message:
    """A person's note, in their own words."""
    by = said.by
    line = rich.sentence(
        rich.ours("Note by "),
        rich.words(by.shown_as or by.id, most=80, bold=True),
        rich.ours(": "),
        rich.words(said.text, most=2500),
    )
    return Message(
        key=f"note:{number}",
        text="A note was added",
        blocks=(rich.rich("note", line), rich.context("when", f"noted {text.date(at)}")),
        urgency=Urgency.DETAIL,
    )


def _before(incident: Incident, run: Run) -> Run | None:
    """The run whose evidence the approval stood on, else the last verdict before this run."""
    approval = incident.approval(run.recheck_of or "")
    earlier = [one for one in incident.runs if one.number < run.number and one.verdict is not None]
    bound = [one for one in earlier if approval and one.number == approval.proposed.run]
    return next(iter(bound or earlier[::-1]), None)


def _ended(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Outcome.DONE:
            return ":white_check_mark:", "Done"
        case Outcome.FAILED:
            return ":x:", "The action failed"
        case Outcome.NOT_RUN:
            return ":no_entry_sign:", "Nothing ran"
        case Outcome.UNKNOWN:
            return ":warning:", "Outcome unknown: it may have run; look at the host before trying again"
        case _ as never:
            assert_never(never)


def _output(outcome: ActionEnded, view: View) -> list[Block]:
    body = view.texts.get(outcome.evidence or "", "").strip()
    if not body:
        return []
    shown, left_out = text.cut_lines(body.splitlines(), most=12, budget=2000)
    more = [rich.sentence(rich.ours(f"… {text.count(left_out, 'line')} before that are in the export"))]
    return [rich.quoted(shown), *(more if left_out else [])]


def _measure(approval: Approval, outcome: ActionEnded) -> str:
    parts = [] if outcome.exit_status is None else [f"exit status {outcome.exit_status}"]
    if outcome.outcome in {Outcome.DONE, Outcome.FAILED}:
        parts.append(f"took {text.seconds(outcome.duration_s)}")
    if approval.outcome_at is not None:
        parts.append(f"ended {text.date(approval.outcome_at)}")
    return " · ".join(parts) or "no exit status"


def _told(told: Diff) -> list[Block]:
    lines: list[list[Block]] = [
        [rich.ours("Before: ", bold=True), rich.words(told.before, most=400)],
        [rich.ours("After: ", bold=True), rich.words(told.after, most=400)],
    ]
    for label, names in (("Gone", told.gone), ("New", told.new), ("Stays", told.stays)):
        if names:
            lines.append([rich.ours(f"{label}: ", bold=True), rich.words(", ".join(names), most=300)])
    if told.unchecked:
        lines.append(
            [
                rich.ours("Not checked any more: ", bold=True),
                rich.words(", ".join(told.unchecked), most=300),
            ]
        )
    return [rich.bullets(lines)]
