"""An approval as the policy is asked about it; pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.approval import Approval, Vote
from bot.model.host import Host
from bot.model.incident import Incident
from bot.model.person import Actor, Standing
from bot.model.ruling import Ballot, Seen
from bot.policy import Attempt, Case, Policy, ballot_of, rule_for, terms_of


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What the policy is asked about."""

    policy: Policy
    host: Host
    state: Incident
    approval: Approval


def case_of(
    matter: Matter,
    *,
    at: datetime,
    evidence_at: datetime | None,
    recent: tuple[Attempt, ...],
    seen: tuple[Seen, ...] = (),
) -> Case:
    """What the ledger knows of the approval; `at` is its clock, which never goes back."""
    state, approval = matter.state, matter.approval
    return Case(
        action=approval.proposed.remedy,
        host=matter.host,
        at=max(at, state.clock_at or at),
        requester=approval.requester,
        target=approval.proposed.target,
        approval=approval.id,
        claimed_at=approval.claimed_at,
        ballots=tuple(ballot_given(matter.policy, vote) for vote in approval.votes if vote.event.is_yes),
        seen=seen,
        shown_at=state.public_since.get(f"card:{approval.id}"),
        evidence_at=evidence_at,
        approve_by=approval.proposed.approve_by,
        run_by=approval.run_by,
        recent=recent,
    )


def is_as_offered(matter: Matter) -> bool:
    """Whether policy and rule are still those that the card was drawn by; then consent may be counted.

    A newer version of the bot may read more out of the same file: its terms are others, too.
    """
    offered = matter.approval.proposed.ruling
    if offered is None:
        return True
    rule = rule_for(matter.policy, matter.approval.proposed.remedy, matter.host)
    terms = terms_of(matter.policy, rule) if rule else None
    return (matter.policy.digest, terms) == (offered.question.policy, offered.question.terms)


def ballot_given(policy: Policy, vote: Vote) -> Ballot:
    """As it was when the vote was counted: that is what was consented to."""
    ruling = vote.event.ruling
    if ruling is not None and ruling.question.voter is not None:
        return ruling.question.voter
    # From before decisions were kept: only what the policy itself says of the person is known.
    actor = Actor(account=vote.event.by, standing=Standing.MEMBER, person=vote.event.person)
    return ballot_of(policy, actor, vote.at)
