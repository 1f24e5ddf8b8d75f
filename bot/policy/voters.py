"""Who: whose yes counts by which door, who may say no, and whether there are enough."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.model.person import Standing
from bot.model.ruling import Ballot, Lift, Question, Reason, Terms, Way
from bot.policy.check import Check, clock, holds
from bot.policy.people import STANDING_SAYS


def counting(question: Question, terms: Terms) -> tuple[Ballot, ...]:
    """The yes votes that count, at most one for each person."""
    found = {
        ballot.person: ballot
        for ballot in question.ballots
        if all(check.is_ok for check in ballot_checks(question, terms, ballot))
    }
    return tuple(found.values())


def lone_from(question: Question, terms: Terms) -> datetime | None:
    """When the requester may approve alone; None: never, or not everybody can see the card."""
    if not terms.lone or question.shown_at is None:
        return None
    return question.shown_at + timedelta(seconds=terms.lone_after_s)


def voter(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether the yes that is being given counts."""
    if question.voter is None:
        yield Check(reason=Reason.STANDING, is_ok=False, says="nobody is voting")
        return
    yield from ballot_checks(question, terms, question.voter)


def ballot_checks(question: Question, terms: Terms, ballot: Ballot) -> Iterator[Check]:
    """Whether this person's yes counts, by the door it came in."""
    yield _standing(ballot)
    if ballot.way is Way.BREAK_GLASS:
        yield from _glass(question, terms, ballot)
    elif ballot.person == question.requester:
        yield _alone(question, terms, ballot)
    else:
        yield _is_in(Reason.NOT_IN_GROUP, terms.approvers, ballot, "approve it")
    if terms.is_signed:
        says = f"signed as {ballot.signer}" if ballot.signer else "it needs a signature of who approves it"
        yield Check(reason=Reason.STEP_UP, is_ok=bool(ballot.signer), says=says)


def _standing(ballot: Ballot) -> Check:
    is_ok = ballot.standing is Standing.MEMBER
    says = "a full member of the workspace" if is_ok else STANDING_SAYS[ballot.standing]
    return Check(reason=Reason.STANDING, is_ok=is_ok, says=says)


def _glass(question: Question, terms: Terms, ballot: Ballot) -> Iterator[Check]:
    if not terms.glass:
        says = "the policy has no break-glass, so nobody can set its rules aside"
        yield Check(reason=Reason.NOT_IN_GROUP, is_ok=False, says=says)
        return
    yield _is_in(Reason.NOT_IN_GROUP, terms.glass, ballot, "break the glass")
    if ballot.person == question.requester and Lift.REQUESTER not in terms.lifts:
        says = "you asked for this, and break-glass does not lift that here"
        yield Check(reason=Reason.REQUESTER, is_ok=False, says=says)
    is_ok = ballot.words >= terms.glass_words
    says = f"a justification of at least {terms.glass_words} characters; given {ballot.words}"
    yield Check(reason=Reason.JUSTIFICATION, is_ok=is_ok, says=says)


def _alone(question: Question, terms: Terms, ballot: Ballot) -> Check:
    """The requester's own yes: never, but for a lone on-call whose card stood in a public channel."""
    if not terms.lone:
        return Check(
            reason=Reason.REQUESTER,
            is_ok=False,
            says="you asked for this, so somebody else must approve it",
        )
    if not set(terms.lone) & set(ballot.groups):
        says = f"you asked for this; only {' or '.join(terms.lone)} may approve their own request here"
        return Check(reason=Reason.REQUESTER, is_ok=False, says=says)
    since = lone_from(question, terms)
    if since is None:
        says = (
            "you asked for this, and the card is not known to stand in a public channel, where anybody could "
            "say no; to approve alone, ask in one"
        )
        return Check(reason=Reason.TOO_EARLY, is_ok=False, says=says)
    is_ok = ballot.at >= since
    says = f"you asked for this; if nobody says no you may approve it alone from {clock(since)} on"
    return Check(reason=Reason.TOO_EARLY, is_ok=is_ok, says=says)


def vetoer(question: Question, terms: Terms) -> Iterator[Check]:
    """A no: by the requester, by an approver, and by anybody when one person alone could say yes."""
    voter = question.voter
    if voter is None:
        yield Check(reason=Reason.STANDING, is_ok=False, says="nobody is voting")
        return
    yield _standing(voter)
    if voter.person == question.requester or terms.lone or terms.glass:
        yield holds(Reason.NOT_IN_GROUP, "may say no")
    else:
        yield _is_in(Reason.NOT_IN_GROUP, terms.approvers, voter, "say no")


def _is_in(reason: Reason, groups: tuple[str, ...], ballot: Ballot, may: str) -> Check:
    return Check(
        reason=reason,
        is_ok=bool(set(groups) & set(ballot.groups)),
        says=f"only {' or '.join(groups)} may {may}",
    )


def quorum(question: Question, terms: Terms) -> Check:
    """Whether enough people said yes, or one who needs no other."""
    votes = counting(question, terms)
    is_ok = len(votes) >= terms.quorum or any(_is_alone_enough(terms, vote, question) for vote in votes)
    return Check(
        reason=Reason.QUORUM,
        is_ok=is_ok and bool(votes),
        says=f"{len(votes)} of {terms.quorum} people said yes",
    )


def _is_alone_enough(terms: Terms, ballot: Ballot, question: Question) -> bool:
    if ballot.way is Way.BREAK_GLASS:
        return Lift.QUORUM in terms.lifts
    return ballot.person == question.requester
