"""One entry in words: who did what, with the exact commands and texts beside it."""

import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    ChannelChanged,
    Claimed,
    Entry,
    Event,
    Exported,
    IncidentOpened,
    Intended,
    Noted,
    Proposed,
    Ready,
    Refused,
    RunEnded,
    RunFailed,
    RunStarted,
    Shown,
    StepEnded,
    Voted,
)
from bot.model.person import Account, Origin
from bot.model.ruling import Ruling, Way
from bot.model.verdict import Verdict
from bot.story.channel import channel_words

BOT = "runbook-bot"


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A text beside a moment, shown verbatim: commands, evidence, notes."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One line of the timeline."""

    seq: int
    at: datetime
    kind: str
    who: str
    what: str
    details: tuple[Detail, ...] = ()
    hash: str


def moment(entry: Entry) -> Moment:
    """The entry as a line of the timeline."""
    who, what, details = _words(entry.event)
    return Moment(
        seq=entry.seq,
        at=entry.at,
        kind=entry.event.kind,
        who=who,
        what=what,
        details=details,
        hash=entry.hash,
    )


def who(person: str, account: Account) -> str:
    """Person and the account they used, e.g. `ann (slack U01 of T01)`; display names are left out."""
    where = "" if account.origin is Origin.TERMINAL or not account.team else f" of {account.team}"
    return f"{person} ({account.origin.value} {account.id}{where})"


def command_lines(commands: tuple[tuple[str, ...], ...]) -> str:
    """Commands as they would be typed, one a line: quoted for reading, never run from this."""
    return "\n".join(shlex.join(argv) for argv in commands)


def seconds(duration_s: float) -> str:
    """`0.12 s`."""
    return f"{duration_s:.2f} s"


def ended_words(event: StepEnded) -> str:
    """How a step ended: `exit 0`, `killed by signal 9`, `timed out`."""
    if event.exit_status is None:
        return event.ended.value
    if event.exit_status < 0:
        return f"killed by signal {-event.exit_status}"
    return f"exit {event.exit_status}"


_Words = tuple[str, str, tuple[Detail, ...]]


def _words(event: Event) -> _Words:
    match event:
        case IncidentOpened() | Voted() | Noted() | Refused() | Exported():
            return _by_people(event)
        case RunStarted() | StepEnded() | RunEnded() | RunFailed():
            return _of_runs(event)
        case Proposed() | ApprovalClosed() | Claimed() | Intended() | ActionEnded() | Ready():
            return _of_actions(event)
        case Shown():
            return BOT, f"showed {event.key}", ()
        case ChannelChanged():
            return BOT, f"was told that {channel_words(event)}", ()
        case _ as never:
            assert_never(never)


def _by_people(event: IncidentOpened | Voted | Noted | Refused | Exported) -> _Words:
    by = who(event.person, event.by)
    match event:
        case IncidentOpened():
            words = (Detail(label="words", text=event.words),) if event.words else ()
            return by, f"asked for {event.runbook} on {event.host}", words
        case Voted():
            label = "justification" if event.way is Way.BREAK_GLASS and event.is_yes else "reason"
            reason = (Detail(label=label, text=event.reason),) if event.reason else ()
            return by, voted_words(event), (*reason, *_signature(event), *_policy(event.ruling))
        case Noted():
            what = "reviewed the break-glass" if event.is_review else "noted"
            return by, what, (Detail(label="note", text=event.text),)
        case Refused():
            return by, f"was refused {event.wanted}: {event.why}", _policy(event.ruling)
        case Exported():
            return by, f"exported the timeline as {event.form}", ()
        case _ as never:
            assert_never(never)


def _signature(event: Voted) -> tuple[Detail, ...]:
    voter = event.ruling.question.voter if event.ruling else None
    if not event.signature or voter is None:
        return ()
    return (Detail(label=f"signature of {voter.signer}", text=event.signature),)


def voted_words(event: Voted, *, deed: str | None = None) -> str:
    """What a vote was, and by which door it came in; the deed is named by its approval's id without one."""
    what = event.approval if deed is None else deed
    if not event.is_yes:
        return f"rejected {what}"
    match event.way:
        case Way.RULE:
            return f"approved {what}"
        case Way.LONE:
            return f"approved {what} alone: lone on-call, nobody had said no"
        case Way.BREAK_GLASS:
            by = f"; to be reviewed by {event.review_by:%Y-%m-%d %H:%M} UTC" if event.review_by else ""
            return f"approved {what} by break-glass{by}"
        case _ as never:
            assert_never(never)


def _policy(ruling: Ruling | None) -> tuple[Detail, ...]:
    """The policy's answer as it was given; what it rests on stands in the chain."""
    if ruling is None:
        return ()
    asked = ruling.question
    text = f"{asked.stage.value}: {ruling.reason.value}; {ruling.says}"
    return (Detail(label="policy", text=f"{text}\ndecided {asked.at:%Y-%m-%d %H:%M:%S} UTC"),)


def _of_runs(event: RunStarted | StepEnded | RunEnded | RunFailed) -> _Words:
    match event:
        case RunStarted():
            return BOT, f"run {event.run} started ({event.reason}): {len(event.steps)} steps", ()
        case StepEnded():
            return BOT, f"run {event.run}, {event.step}: {_step_words(event)}", _step_details(event)
        case RunEnded():
            says = f"run {event.run} ended after {seconds(event.duration_s)}: {event.verdict.says}"
            return BOT, says, because(event.verdict)
        case RunFailed():
            return BOT, f"run {event.run} failed: {event.why}", ()
        case _ as never:
            assert_never(never)


def _step_words(event: StepEnded) -> str:
    gap = f"; not read: {event.gap}" if event.gap else ""
    cut = f"; {event.omitted_bytes} bytes left out" if event.omitted_bytes else ""
    return f"{ended_words(event)} after {seconds(event.duration_s)}{cut}{gap}"


def _step_details(event: StepEnded) -> tuple[Detail, ...]:
    return (Detail(label="command", text=shlex.join(event.argv)),) if event.argv else ()


def because(verdict: Verdict) -> tuple[Detail, ...]:
    """The lines each finding rests on, labelled with cause and step."""
    return tuple(
        Detail(label=f"{finding.cause} ({finding.certainty.value}), from {line.step}", text=line.text)
        for finding in verdict.found
        for line in finding.because
    )


def _of_actions(event: Proposed | ApprovalClosed | Claimed | Intended | ActionEnded | Ready) -> _Words:
    match event:
        case Proposed():
            says = (
                f"proposed {event.remedy} on {event.target} of {event.host} as {event.approval}; "
                f"{event.quorum} of {event.approvers} must approve"
            )
            commands = Detail(label="commands", text=command_lines(event.commands))
            return BOT, says + doors(event), (commands, *_policy(event.ruling))
        case ApprovalClosed():
            return BOT, f"closed {event.approval}, {event.how.value}: {event.why}", _policy(event.ruling)
        case Claimed():
            says = f"worker {event.worker} took {event.approval}, nonce {event.nonce}"
            return BOT, says, _policy(event.ruling)
        case Intended():
            says = f"about to run {event.approval} on {event.host} ({event.host_key})"
            commands = Detail(label="commands", text=command_lines(event.commands))
            return BOT, says, (commands, *_policy(event.ruling))
        case ActionEnded():
            exit_words = "" if event.exit_status is None else f", exit {event.exit_status}"
            took = seconds(event.duration_s)
            says = f"{event.approval}: {event.outcome.value}{exit_words} after {took}"
            return BOT, says, (Detail(label="says", text=event.says),) if event.says else ()
        case Ready():
            answers = "answers" if event.is_ready else "does not answer"
            return BOT, f"service {answers} after {seconds(event.after_s)}: {event.says}", ()
        case _ as never:
            assert_never(never)


def doors(event: Proposed) -> str:
    """The other ways to a yes than the ordinary one."""
    words = [
        f"frozen by {event.frozen}" if event.frozen else "",
        f"{event.lone} may approve their own request after {event.lone_after_s:.0f} s" if event.lone else "",
        f"{event.break_glass} may break the glass" if event.break_glass else "",
    ]
    return "".join(f"; {word}" for word in words if word)
