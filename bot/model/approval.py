"""One approval from proposal to outcome, as its entries tell it; all transitions are here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Closing,
    Intended,
    Outcome,
    Proposed,
    Ready,
    Voted,
)
from bot.model.ruling import Way


class ApprovalStatus(Enum):
    """Where an approval stands."""

    OPEN = "open"
    #: Quorum reached, nobody has taken the action yet.
    APPROVED = "approved"
    #: A worker has it; nothing runs before the intent.
    CLAIMED = "claimed"
    #: The intent is committed: from here on the action may have run.
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_RUN = "not run"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CHANGED = "changed"
    REFUSED = "refused"


#: A person may still vote, or the action may still be claimed.
WAITING = frozenset({ApprovalStatus.OPEN, ApprovalStatus.APPROVED})
#: A worker holds it and owes an outcome.
ACTING = frozenset({ApprovalStatus.CLAIMED, ApprovalStatus.STARTED})

_CLOSED = {
    Closing.REJECTED: ApprovalStatus.REJECTED,
    Closing.EXPIRED: ApprovalStatus.EXPIRED,
    Closing.SUPERSEDED: ApprovalStatus.SUPERSEDED,
    Closing.CHANGED: ApprovalStatus.CHANGED,
    Closing.REFUSED: ApprovalStatus.REFUSED,
}
_ENDED = {
    Outcome.DONE: ApprovalStatus.DONE,
    Outcome.FAILED: ApprovalStatus.FAILED,
    Outcome.NOT_RUN: ApprovalStatus.NOT_RUN,
    Outcome.UNKNOWN: ApprovalStatus.UNKNOWN,
}


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote and the ledger's time of it."""

    at: datetime
    event: Voted


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A proposed action and all that became of it."""

    proposed: Proposed
    proposed_at: datetime
    #: Person who asked, so that somebody else must say yes.
    requester: str = ""
    status: ApprovalStatus = ApprovalStatus.OPEN
    #: The latest vote of each person, in the order of those votes.
    votes: tuple[Vote, ...] = ()
    #: When the quorum was reached.
    decided_at: datetime | None = None
    claim: Claimed | None = None
    claimed_at: datetime | None = None
    intent: Intended | None = None
    intended_at: datetime | None = None
    outcome: ActionEnded | None = None
    outcome_at: datetime | None = None
    ready: Ready | None = None
    ready_at: datetime | None = None
    closed: ApprovalClosed | None = None
    closed_at: datetime | None = None

    @property
    def id(self) -> str:
        """The opaque id a button carries."""
        return self.proposed.approval

    @property
    def nonce(self) -> str | None:
        """The nonce the host knows the action by; None before the claim."""
        return self.claim.nonce if self.claim else None

    @property
    def yes_people(self) -> tuple[str, ...]:
        """Distinct people whose latest vote is yes."""
        return tuple(vote.event.person for vote in self.votes if vote.event.is_yes)

    @property
    def votes_missing(self) -> int:
        """How many more people must say yes; 0 once the quorum is there, or one yes was enough."""
        if any(vote.event.is_yes and vote.event.is_enough for vote in self.votes):
            return 0
        return max(0, self.proposed.quorum - len(self.yes_people))

    @property
    def way(self) -> Way:
        """The least ordinary door a yes of it came in by."""
        ways = {vote.event.way for vote in self.votes if vote.event.is_yes}
        return next((way for way in (Way.BREAK_GLASS, Way.LONE) if way in ways), Way.RULE)

    @property
    def run_by(self) -> datetime | None:
        """The action must be claimed by then; None before the quorum."""
        if self.decided_at is None:
            return None
        return self.decided_at + timedelta(seconds=self.proposed.run_within_s)

    def is_expired_at(self, now: datetime) -> bool:
        """True when its clock ran out unused: `approve_by` while open, `run_by` once approved.

        `now` is the ledger's clock. The exact instant still counts as in time.
        """
        if self.status is ApprovalStatus.OPEN:
            return now > self.proposed.approve_by
        if self.status is ApprovalStatus.APPROVED and self.run_by is not None:
            return now > self.run_by
        return False


def voted(approval: Approval, vote: Vote) -> Approval | None:
    """The approval after a vote; None when the vote does not count.

    It does not count when the approval no longer waits, is out of time by the ledger's clock,
    the vote was given for another digest, or the requester says yes by the ordinary door.
    A no is final; a second yes of a person adds nothing.
    """
    event = vote.event
    if event.is_yes and event.person == approval.requester and event.way is Way.RULE:
        return None
    in_time = not approval.is_expired_at(vote.at)
    if approval.status not in WAITING or not in_time or event.digest != approval.proposed.digest:
        return None
    votes = (*(old for old in approval.votes if old.event.person != event.person), vote)
    after = replace(approval, votes=votes)
    if not event.is_yes:
        return replace(after, status=ApprovalStatus.REJECTED)
    if approval.status is ApprovalStatus.OPEN and not after.votes_missing:
        return replace(after, status=ApprovalStatus.APPROVED, decided_at=vote.at)
    return after


def closed(approval: Approval, event: ApprovalClosed, at: datetime) -> Approval | None:
    """The approval after it was closed; None once an intent stands, for then something may have run."""
    may_close = {*WAITING, ApprovalStatus.CLAIMED, ApprovalStatus.REJECTED}
    if approval.status not in may_close or approval.closed is not None:
        return None
    is_no = approval.status is ApprovalStatus.REJECTED
    status = ApprovalStatus.REJECTED if is_no else _CLOSED[event.how]
    return replace(approval, status=status, closed=event, closed_at=at)


def claimed(approval: Approval, event: Claimed, at: datetime) -> Approval | None:
    """The approval after a claim; None unless it was approved and free."""
    if approval.status is not ApprovalStatus.APPROVED:
        return None
    return replace(approval, status=ApprovalStatus.CLAIMED, claim=event, claimed_at=at)


def intended(approval: Approval, event: Intended, at: datetime) -> Approval | None:
    """The approval after the intent; None unless it is the claimer's, under the claimed nonce."""
    if approval.status is not ApprovalStatus.CLAIMED or event.nonce != approval.nonce:
        return None
    return replace(approval, status=ApprovalStatus.STARTED, intent=event, intended_at=at)


def acted(approval: Approval, event: ActionEnded, at: datetime) -> Approval | None:
    """The approval after an outcome; None when no such action is under way.

    Without an intent only `not run` can be true. Of two outcomes the first stands, except that
    a later answer replaces `unknown`.
    """
    if event.nonce != approval.nonce:
        return None
    is_late_answer = approval.status is ApprovalStatus.UNKNOWN and event.outcome is not Outcome.UNKNOWN
    is_unrun = approval.status is ApprovalStatus.CLAIMED and event.outcome is Outcome.NOT_RUN
    if not (approval.status is ApprovalStatus.STARTED or is_late_answer or is_unrun):
        return None
    return replace(approval, status=_ENDED[event.outcome], outcome=event, outcome_at=at)


def answered(approval: Approval, event: Ready, at: datetime) -> Approval | None:
    """The approval after the service was asked again; None when nothing was done before."""
    if approval.outcome is None:
        return None
    return replace(approval, ready=event, ready_at=at)


def expired_at(approvals: Iterable[Approval], now: datetime) -> tuple[Approval, ...]:
    """Those whose clock ran out unused and that nobody has closed yet, in order."""
    return tuple(approval for approval in approvals if approval.is_expired_at(now))
