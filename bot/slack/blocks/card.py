"""The approval card: exactly what would run, its effect, who may say yes and until when."""

from datetime import timedelta
from typing import assert_never

from bot.model.approval import Approval, ApprovalStatus, Vote
from bot.model.event import Voted
from bot.model.incident import Incident
from bot.model.ruling import Way
from bot.model.signed import is_to_be_signed
from bot.slack.blocks import rich, text
from bot.slack.blocks.message import Block, Message, Urgency

_NOT_SAID = "the remedy does not say"
_AGAIN = "; press Run again in the thread for a new card"
_NOT_ALONE = (
    "Nobody alone: this is no public channel, in which anybody could say no. "
    "Have somebody else approve it, or ask in a public channel"
)
_THEN = "waits until the service answers, runs the checklist again, and shows before and after here"


def card(incident: Incident, approval: Approval) -> Message:
    """The card as it stands; its buttons go with the decision."""
    proposed = approval.proposed
    host = text.name(proposed.host)
    blocks: list[Block] = [
        rich.header("card", f"{_title(approval)} · {host}"),
        _what(approval),
        rich.context("clocks", _clocks(incident, approval)),
        _who(incident, approval),
    ]
    if approval.status is ApprovalStatus.OPEN:
        blocks.append(_buttons(approval))
    return Message(
        key=f"card:{approval.id}",
        text=_notice(incident, approval),
        blocks=tuple(blocks),
        urgency=Urgency.CARD,
    )


def _notice(incident: Incident, approval: Approval) -> str:
    """What a phone shows of it: what is asked for, where, and what is broken."""
    proposed = approval.proposed
    what = f"{_title(approval)}: {text.name(proposed.title or proposed.remedy)} on {text.name(proposed.host)}"
    run = next((one for one in incident.runs if one.number == proposed.run), None)
    return f"{what}, because {text.notice(run.verdict.says)}" if run and run.verdict else what


def commands_of(approval: Approval) -> str:
    """The exact commands, one a line, as one would type them."""
    return "\n".join(text.shell(argv) for argv in approval.proposed.commands)


def _title(approval: Approval) -> str:
    match approval.status:
        case ApprovalStatus.OPEN:
            return "Approval needed"
        case ApprovalStatus.APPROVED | ApprovalStatus.CLAIMED:
            return "Approved"
        case ApprovalStatus.STARTED:
            return "Approved, running"
        case ApprovalStatus.DONE:
            return "Approved and done"
        case ApprovalStatus.FAILED:
            return "Approved, failed"
        case ApprovalStatus.UNKNOWN:
            return "Approved, outcome unknown"
        case ApprovalStatus.NOT_RUN:
            return "Approved, not run"
        case ApprovalStatus.REJECTED:
            return "Rejected"
        case ApprovalStatus.EXPIRED:
            return "Expired"
        case ApprovalStatus.SUPERSEDED:
            return "No longer offered"
        case ApprovalStatus.CHANGED | ApprovalStatus.REFUSED:
            is_host = approval.status is ApprovalStatus.CHANGED
            return "Not run: the host changed" if is_host else "Not run: the policy refused it"
        case _ as never:
            assert_never(never)


def _what(approval: Approval) -> Block:
    proposed = approval.proposed
    return rich.rich(
        "what",
        rich.sentence(
            rich.words(proposed.title or proposed.remedy, most=150, bold=True),
            rich.ours(": "),
            rich.words(proposed.target, most=150, bold=True),
            rich.ours(" on "),
            rich.words(proposed.host, most=200, bold=True),
            rich.ours(", because of "),
            rich.words(proposed.cause, most=80),
        ),
        rich.quoted(commands_of(approval), most=2500),
        rich.sentence(
            rich.ours("What it does: ", bold=True),
            rich.words(proposed.does or _NOT_SAID, most=500),
            rich.ours("\nUndo: ", bold=True),
            rich.words(proposed.undo or _NOT_SAID, most=400),
            rich.ours("\nThen: ", bold=True),
            rich.ours(_THEN),
        ),
    )


def _clocks(incident: Incident, approval: Approval) -> str:
    proposed = approval.proposed
    run = next((one for one in incident.runs if one.number == proposed.run), None)
    seen = run.ended_at if run and run.ended_at else approval.proposed_at
    parts = [f"evidence of {text.date(seen)}"]
    if proposed.risk:
        parts.append(f"{text.name(proposed.risk)} risk")
    if approval.status is ApprovalStatus.OPEN:
        parts.append(f"approve by {text.date(proposed.approve_by)}")
        parts.append(f"then it starts within {text.seconds(proposed.run_within_s)} or not at all")
    elif approval.status is ApprovalStatus.APPROVED and approval.run_by is not None:
        parts.append(f"must start by {text.date(approval.run_by)}")
    if approval.decided_at is not None:
        parts.append(f"approved {text.date(approval.decided_at)}")
    if approval.closed_at is not None:
        parts.append(f"closed {text.date(approval.closed_at)}")
    parts.append(f"approval `{text.name(approval.id)}`")
    return " · ".join(parts)


def _who(incident: Incident, approval: Approval) -> Block:
    proposed = approval.proposed
    lines: list[list[Block]] = [_vote(vote) for vote in approval.votes[:10]]
    if approval.closed is not None:
        again = [rich.ours(_AGAIN)] if approval.status is ApprovalStatus.EXPIRED else []
        lines.append([rich.ours("Nothing ran: "), rich.words(approval.closed.why, most=400), *again])
    parts: list[Block] = []
    if approval.status is ApprovalStatus.OPEN:
        parts.append(
            rich.sentence(
                rich.ours(f"{text.count(approval.votes_missing, 'yes')} needed from: "),
                rich.words(proposed.approvers, most=400),
                *([] if _may_be_alone(incident, approval) else _but(incident, approval)),
                *([rich.ours(", signed with their key")] if is_to_be_signed(proposed) else []),
            )
        )
        lines += _doors(incident, approval)
    if lines:
        parts.append(rich.bullets(lines))
    return rich.rich("who", *(parts or [rich.sentence(rich.ours("Nobody has voted."))]))


def _but(incident: Incident, approval: Approval) -> list[Block]:
    """Whose yes does not count, although they may well be one of those who are named."""
    if not approval.requester:
        return []
    return [rich.ours(", not from "), _asker(approval), rich.ours(f", {_who_asked(incident, approval)}")]


def _asker(approval: Approval) -> Block:
    return rich.words(approval.requester, most=80)


def _who_asked(incident: Incident, approval: Approval) -> str:
    """Whoever had a colleague's incident looked at again may not think of themselves as its asker."""
    opener = incident.opened.person if incident.opened else ""
    return "who asked" if approval.requester == opener else "who asked for this look"


def _may_be_alone(incident: Incident, approval: Approval) -> bool:
    """Whether the requester may be alone at all; before the card stands, the thread's root says where."""
    key = f"card:{approval.id}"
    where = key if key in incident.shown else "root"
    return bool(approval.proposed.lone) and where in incident.public_since


def _doors(incident: Incident, approval: Approval) -> list[list[Block]]:
    """The other ways to a yes, in plain sight, so that others can say no."""
    proposed, lines = approval.proposed, []
    if proposed.frozen:
        lines.append([rich.ours("Frozen: "), rich.words(proposed.frozen, most=300)])
    if proposed.lone and not _may_be_alone(incident, approval):
        lines.append([rich.ours(_NOT_ALONE)])
    elif proposed.lone:
        stands = incident.public_since.get(f"card:{approval.id}", approval.proposed_at)
        since = stands + timedelta(seconds=proposed.lone_after_s)
        alone = rich.ours(" on whoever asked may approve alone, if of ")
        by: list[Block] = [rich.ours("; that is "), _asker(approval)] if approval.requester else []
        opens = [rich.ours("If nobody says no: from "), rich.clock(since), alone]
        lines.append([*opens, rich.words(proposed.lone, most=300), *by])
    if proposed.break_glass:
        lines.append([rich.ours("Break-glass: "), rich.words(proposed.break_glass, most=300)])
    return lines


def _voted(event: Voted) -> str:
    if not event.is_yes:
        return "Rejected by "
    match event.way:
        case Way.RULE:
            return "Approved by "
        case Way.LONE:
            return "Approved alone (lone on-call, nobody had said no) by "
        case Way.BREAK_GLASS:
            return "Glass broken by "
        case _ as never:
            assert_never(never)


def _vote(vote: Vote) -> list[Block]:
    event = vote.event
    said: list[Block] = [
        rich.ours(_voted(event)),
        rich.words(event.by.shown_as or event.by.id, most=80, bold=True),
        rich.ours(" at "),
        rich.clock(vote.at),
        *([rich.ours(", signed")] if event.signature else []),
    ]
    return [*said, rich.ours(": "), rich.words(event.reason, most=300)] if event.reason else said


def _asked(approval: Approval) -> str:
    """What the dialog asks; what the remedy does gets the room that the rest leaves of Slack's 300."""
    proposed = approval.proposed
    what = text.worded(f"On {proposed.host}: {commands_of(approval)}".replace("\n", " ; "), 130)
    undo = f"Undo: {text.worded(proposed.undo or _NOT_SAID, 70)}"
    return f"{what}\n{text.worded(proposed.does, 298 - len(what) - len(undo))}\n{undo}"


def _buttons(approval: Approval) -> Block:
    confirm = rich.confirm(
        title=f"Run this on {text.name(approval.proposed.host, 60)}?",
        text=_asked(approval),
        yes="Approve and run",
        no="Back",
    )
    more = [rich.button("glass", "Break glass …", approval.id)] if approval.proposed.break_glass else []
    approve = rich.button("approve", "Approve", approval.id, style="primary", confirm=confirm)
    if is_to_be_signed(approval.proposed):
        approve = rich.button("sign", "Approve with a signature …", approval.id, style="primary")
    return rich.actions(
        "decide",
        approve,
        rich.button("reject", "Reject", approval.id, style="danger"),
        rich.button("no_because", "Reject with a reason …", approval.id),
        *more,
    )
