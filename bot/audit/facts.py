"""What the entries say against what the bot promises: nothing acted without consent; pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.audit.report import Kind, Trouble
from bot.model.approval import Approval, ApprovalStatus
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Entry,
    IncidentOpened,
    Intended,
    Proposed,
    Voted,
)
from bot.model.incident import Incident, fold
from bot.model.ruling import Way

#: A claim decided in time may wait this long for the database before it is stamped.
_GRACE = timedelta(seconds=30)

#: The kinds of event that consent and action consist of; verification decodes only these.
KINDS = frozenset(
    event.kind for event in (IncidentOpened, Proposed, Voted, ApprovalClosed, Claimed, Intended, ActionEnded)
)


def troubles(entries: Sequence[Entry]) -> tuple[Trouble, ...]:
    """Broken promises of one incident, in order; give it the entries of KINDS."""
    incident = fold(entries)
    found = [trouble for entry in entries if (trouble := _of_entry(incident, entry)) is not None]
    unsettled = [
        Trouble(
            kind=Kind.NO_OUTCOME,
            chain=incident.id,
            seq=_seq_of(entries, one.intent),
            says=f"approval {one.id}, nonce {one.nonce}",
        )
        for one in incident.approvals
        if one.status is ApprovalStatus.STARTED
    ]
    return (*found, *unsettled)


def _of_entry(incident: Incident, entry: Entry) -> Trouble | None:
    match entry.event:
        case Claimed() | Intended() | ActionEnded() as event:
            kind = _kind_of_trouble(incident.approval(event.approval), event)
        case _:
            return None
    if kind is None:
        return None
    return Trouble(kind=kind, chain=entry.incident, seq=entry.seq, says=f"approval {event.approval}")


def _kind_of_trouble(approval: Approval | None, event: Claimed | Intended | ActionEnded) -> Kind | None:
    if approval is None:
        return Kind.UNAPPROVED
    match event:
        case Claimed():
            return _of_claim(approval, event)
        case Intended():
            return _of_intent(approval, event)
        case ActionEnded():
            return Kind.UNPAIRED if event.nonce != approval.nonce or approval.outcome is None else None


def _of_claim(approval: Approval, event: Claimed) -> Kind | None:
    if approval.claim != event:
        return Kind.UNAPPROVED
    # Whether the other doors stood open is asked of the policy again: `bot.audit.decisions`.
    yes = [vote.event for vote in approval.votes if vote.event.is_yes]
    counted = {one.person for one in yes if one.person != approval.requester or one.way is not Way.RULE}
    is_enough = any(one.is_enough and one.way is not Way.RULE and one.ruling is not None for one in yes)
    if not counted or (len(counted) < approval.proposed.quorum and not is_enough):
        return Kind.UNAPPROVED
    if approval.claimed_at is None or approval.run_by is None:
        return Kind.UNAPPROVED
    return Kind.CLOCK if approval.claimed_at > approval.run_by + _GRACE else None


def _of_intent(approval: Approval, event: Intended) -> Kind | None:
    if approval.intent != event:
        return Kind.UNAPPROVED
    asked = approval.proposed
    same = (asked.host, asked.target, asked.commands, asked.digest)
    return None if (event.host, event.target, event.commands, event.digest) == same else Kind.MISMATCH


def _seq_of(entries: Sequence[Entry], event: object) -> int | None:
    return next((entry.seq for entry in entries if entry.event is event), None)
