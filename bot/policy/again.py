"""Just before it runs: everybody whose yes is counted, as they are now."""

from collections.abc import Iterator
from dataclasses import replace

from bot.model.person import Standing
from bot.model.ruling import Ballot, Question, Reason, Seen, Terms
from bot.policy.check import Check, clock, holds, span
from bot.policy.voters import ballot_checks, counting


def seen_again(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether each of them was looked up lately and might still say the same yes.

    One who may not any more ends it, also where the others would be enough: something changed that
    people should look at first.
    """
    most_s = terms.identity_max_age_s
    if most_s is None:
        return
    seen = {one.person: one for one in question.seen}
    for ballot in counting(question, terms):
        now = seen.get(ballot.person)
        yield _is_lately(question, ballot, now, most_s=most_s)
        if now is not None:
            yield _may_still(question, terms, ballot, now)


def _is_lately(question: Question, ballot: Ballot, now: Seen | None, *, most_s: float) -> Check:
    if now is None:
        says = f"nobody looked up who {ballot.person} is before it was to run"
        return Check(reason=Reason.IDENTITY_OLD, is_ok=False, says=says)
    age_s = (question.at - now.at).total_seconds()
    says = f"who {ballot.person} is was read at {clock(now.at)} last, at most {span(most_s)} old counts"
    return Check(reason=Reason.IDENTITY_OLD, is_ok=age_s <= most_s, says=says)


def _may_still(question: Question, terms: Terms, ballot: Ballot, now: Seen) -> Check:
    as_now = replace(ballot, standing=now.standing, groups=now.groups)
    if all(check.is_ok for check in ballot_checks(question, terms, as_now)):
        return holds(Reason.VOTER_CHANGED, f"{ballot.person} may still say yes")
    gone = " or ".join(sorted(set(ballot.groups) - set(now.groups)))
    says = f"{ballot.person} said yes and is not in {gone} any more"
    if now.standing is not Standing.MEMBER:
        says = f"{ballot.person} said yes and is not a full member any more ({now.standing.value})"
    return Check(reason=Reason.VOTER_CHANGED, is_ok=False, says=says)
