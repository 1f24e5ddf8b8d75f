"""What the desk says and writes: values made of values."""

from bot.model.approval import Approval, ApprovalStatus
from bot.model.event import Voted
from bot.model.incident import Incident
from bot.model.person import Actor
from bot.model.ruling import Ruling
from bot.model.stand import stand_of
from bot.model.summary import IncidentSummary

#: Characters kept of a reason or justification.
MAX_REASON = 500

_STALE = {
    ApprovalStatus.APPROVED: "it is approved already and about to run",
    ApprovalStatus.CLAIMED: "it is approved already and about to run",
    ApprovalStatus.STARTED: "it is running already",
    ApprovalStatus.DONE: "it was done already",
    ApprovalStatus.FAILED: "it was tried already and failed; run the check again",
    ApprovalStatus.UNKNOWN: "it was started already and its outcome is not known; look at the host",
    ApprovalStatus.NOT_RUN: "it was approved, but did not run; run the check again for a fresh offer",
    ApprovalStatus.REJECTED: "it was rejected already; run the check again for a fresh offer",
    ApprovalStatus.EXPIRED: "the time to approve this is over; run the check again for a fresh offer",
    ApprovalStatus.SUPERSEDED: "another remedy or a newer look took its place; use the newest card",
    ApprovalStatus.CHANGED: "the host changed since this was offered; use the newest card",
    ApprovalStatus.REFUSED: "the policy did not allow it any more when it was to run; run the check again",
}


def wanted_of(approval: Approval, *, is_yes: bool, justification: str) -> str:
    """What a voter wanted, for a refusal."""
    how = " by break-glass" if justification else ""
    return f"{'approve' if is_yes else 'reject'} {approval.proposed.remedy}{how}"


def vote_of(approval: Approval, actor: Actor, ruling: Ruling, *, is_yes: bool, reason: str) -> Voted:
    """The vote to write down, as the policy let it count."""
    return Voted(
        approval=approval.id,
        by=actor.account,
        person=actor.person,
        is_yes=is_yes,
        digest=approval.proposed.digest,
        reason=reason[:MAX_REASON],
        way=ruling.way,
        is_enough=ruling.is_enough,
        ruling=ruling,
    )


def why_stale(approval: Approval) -> str | None:
    """Why nobody can vote on it any more; None while it is open."""
    says = _STALE.get(approval.status)
    if says is None:
        return None
    by = next((vote.event.person for vote in reversed(approval.votes)), None)
    return f"{says} (last vote: {by})" if by else says


def summary_of(state: Incident) -> IncidentSummary | None:
    """One line of `status`; None for a chain without an opening."""
    opened, at = state.opened, state.opened_at
    if opened is None or at is None:
        return None
    return IncidentSummary(
        incident=state.id,
        runbook=opened.runbook,
        host=opened.host,
        at=at,
        person=opened.person,
        says=_review(state) + (state.verdict.says if state.verdict else state.status.value),
        stand=stand_of(state),
        open_approvals=tuple(one.id for one in state.approvals if one.status is ApprovalStatus.OPEN),
    )


def _review(state: Incident) -> str:
    by = state.review_by
    return f"to be reviewed by {by:%Y-%m-%d %H:%M} UTC: " if by else ""
