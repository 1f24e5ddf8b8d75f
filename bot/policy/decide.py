"""The evaluator: one question, one answer, nothing else looked at. Default deny.

Every condition is a check with its own reason. The first that fails decides; `checks` shows them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.model.person import Standing
from bot.model.ruling import Ballot, Lift, Limit, Question, Reason, Ruling, Stage, Terms, Way
from bot.policy.people import STANDING_SAYS


@dataclass(frozen=True, kw_only=True)
class Check:
    """One condition, whether it holds, and what is so."""

    reason: Reason
    is_ok: bool
    says: str


def decide(question: Question) -> Ruling:
    """The answer. Pure: the same question always has the same one."""
    way = _way(question)
    for check in checks(question):
        if not check.is_ok:
            return Ruling(question=question, is_allowed=False, reason=check.reason, says=check.says, way=way)
    return Ruling(
        question=question,
        is_allowed=True,
        reason=Reason.ALLOWED,
        says=_allowed(question, way),
        way=way,
        is_enough=question.stage is Stage.VOTE and _is_enough(question, way),
    )


def checks(question: Question) -> tuple[Check, ...]:
    """Every condition in the order they are asked; without a rule there is nothing else to ask."""
    terms = question.terms
    if terms is None or len(question.rules) != 1 or question.rules[0] != terms.rule:
        return (_no_rule(question),)
    found = [_holds(Reason.NO_RULE, f"rule {terms.rule!r} speaks of it, and no other")]
    match question.stage:
        case Stage.OFFER:
            found += [*_windows(question, terms), *_budgets(question, terms)]
        case Stage.VOTE:
            found += _voter(question, terms)
            found += [*_clocks(question, terms), *_windows(question, terms), *_budgets(question, terms)]
            found += _others(question, terms)
        case Stage.VETO:
            found += _vetoer(question, terms)
        case Stage.RUN:
            found += [_quorum(question, terms), *_clocks(question, terms), *_windows(question, terms)]
            found += [*_budgets(question, terms), *_others(question, terms), *_at_once(question, terms)]
    return tuple(found)


def counting(question: Question, terms: Terms) -> tuple[Ballot, ...]:
    """The yes votes that count, at most one for each person."""
    found = {
        ballot.person: ballot
        for ballot in question.ballots
        if all(check.is_ok for check in _ballot(question, terms, ballot))
    }
    return tuple(found.values())


def lone_from(question: Question, terms: Terms) -> datetime | None:
    """When the requester may approve alone; None: never, or nobody can see the card."""
    if not terms.lone or question.shown_at is None:
        return None
    return question.shown_at + timedelta(seconds=terms.lone_after_s)


def _no_rule(question: Question) -> Check:
    if len(question.rules) > 1:
        names = " and ".join(question.rules)
        says = f"{names} all speak of {question.action} on {question.host}, so none counts"
        return Check(reason=Reason.SEVERAL_RULES, is_ok=False, says=says)
    says = f"no policy rule allows {question.action} on {question.host}"
    return Check(reason=Reason.NO_RULE, is_ok=False, says=says)


# --- who ---------------------------------------------------------------------------------------


def _voter(question: Question, terms: Terms) -> Iterator[Check]:
    if question.voter is None:
        yield Check(reason=Reason.STANDING, is_ok=False, says="nobody is voting")
        return
    yield from _ballot(question, terms, question.voter)


def _ballot(question: Question, terms: Terms, ballot: Ballot) -> Iterator[Check]:
    """Whether this person's yes counts, by the door it came in."""
    yield _standing(ballot)
    if ballot.way is Way.BREAK_GLASS:
        yield from _glass(question, terms, ballot)
    elif ballot.person == question.requester:
        yield _alone(question, terms, ballot)
    else:
        yield _is_in(Reason.NOT_IN_GROUP, terms.approvers, ballot, "approve it")


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
    """The requester's own yes: never, but for a lone on-call whose card stood in plain sight."""
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
        says = "you asked for this, and nobody could say no to a card that stands in no channel"
        return Check(reason=Reason.TOO_EARLY, is_ok=False, says=says)
    is_ok = ballot.at >= since
    says = f"you asked for this; if nobody says no you may approve it alone from {_clock(since)} on"
    return Check(reason=Reason.TOO_EARLY, is_ok=is_ok, says=says)


def _vetoer(question: Question, terms: Terms) -> Iterator[Check]:
    """A no: by the requester, by an approver, and by anybody when one person alone could say yes."""
    voter = question.voter
    if voter is None:
        yield Check(reason=Reason.STANDING, is_ok=False, says="nobody is voting")
        return
    yield _standing(voter)
    if voter.person == question.requester or terms.lone or terms.glass:
        yield _holds(Reason.NOT_IN_GROUP, "may say no")
    else:
        yield _is_in(Reason.NOT_IN_GROUP, terms.approvers, voter, "say no")


def _is_in(reason: Reason, groups: tuple[str, ...], ballot: Ballot, may: str) -> Check:
    return Check(
        reason=reason,
        is_ok=bool(set(groups) & set(ballot.groups)),
        says=f"only {' or '.join(groups)} may {may}",
    )


def _quorum(question: Question, terms: Terms) -> Check:
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


# --- when and how often ------------------------------------------------------------------------


def _clocks(question: Question, terms: Terms) -> Iterator[Check]:
    if question.evidence_at is not None:
        age_s = (question.at - question.evidence_at).total_seconds()
        is_ok = age_s <= terms.evidence_max_age_s
        says = f"the host was looked at {_span(age_s)} ago, at most {_span(terms.evidence_max_age_s)} counts"
        yield Check(reason=Reason.EVIDENCE_OLD, is_ok=is_ok, says=says)
    until = question.run_by if question.stage is Stage.RUN else question.approve_by
    if until is not None:
        is_ok = question.at <= until
        word = "run" if question.stage is Stage.RUN else "approve"
        yield Check(reason=Reason.EXPIRED, is_ok=is_ok, says=f"the time to {word} it ends at {_clock(until)}")


def _windows(question: Question, terms: Terms) -> Iterator[Check]:
    if terms.is_freeze_ignored or not question.frozen:
        yield _holds(Reason.FROZEN, "no freeze")
        return
    says = " and ".join(f"frozen by {one.name!r} until {_clock(one.until)}" for one in question.frozen)
    is_lifted = Lift.FREEZE in _lifted(question, terms)
    by = "; break-glass lifts it" if is_lifted else ""
    yield Check(reason=Reason.FROZEN, is_ok=is_lifted, says=says + by)


def _budgets(question: Question, terms: Terms) -> Iterator[Check]:
    is_lifted = Lift.BUDGET in _lifted(question, terms)
    for reason, limit, spent, where in (
        (Reason.BUDGET, terms.budget, question.on_target, f"on {question.target} of {question.host}"),
        (Reason.RATE, terms.rate, question.by_rule, f"by rule {terms.rule!r}"),
    ):
        if limit is not None:
            is_ok = spent < limit.count or (is_lifted and reason is Reason.BUDGET)
            yield Check(reason=reason, is_ok=is_ok, says=f"{spent} {where} in {_per(limit)}")


def _others(question: Question, terms: Terms) -> Iterator[Check]:
    if terms.pause_after_failure_s is None:
        return
    failed = question.failed_at
    until = failed + timedelta(seconds=terms.pause_after_failure_s) if failed else None
    says = f"it went wrong on another host; look there first, or wait until {_clock(until)}" if until else ""
    yield Check(
        reason=Reason.FAILED_BEFORE,
        is_ok=until is None or question.at >= until,
        says=says or "nothing went wrong on other hosts",
    )


def _at_once(question: Question, terms: Terms) -> Iterator[Check]:
    if terms.at_once is not None:
        yield Check(
            reason=Reason.AT_ONCE,
            is_ok=question.acting < terms.at_once,
            says=f"{question.acting} other hosts at work, at most {terms.at_once} at once",
        )


def _lifted(question: Question, terms: Terms) -> frozenset[Lift]:
    """What break-glass sets aside: at the offer what it could, afterwards what it did."""
    if question.stage is Stage.OFFER:
        return frozenset(terms.lifts) if terms.glass else frozenset()
    votes = counting(question, terms) if question.stage is Stage.RUN else (question.voter,)
    is_broken = any(vote is not None and vote.way is Way.BREAK_GLASS for vote in votes)
    return frozenset(terms.lifts) if is_broken else frozenset()


# --- the answer --------------------------------------------------------------------------------


def _way(question: Question) -> Way:
    """The door this decision goes through; the least ordinary one of those that count."""
    terms = question.terms
    if question.stage is Stage.VOTE and question.voter is not None:
        return _door(question, question.voter)
    if question.stage is not Stage.RUN or terms is None:
        return Way.RULE
    ways = {_door(question, vote) for vote in counting(question, terms)}
    return next((way for way in (Way.BREAK_GLASS, Way.LONE) if way in ways), Way.RULE)


def _door(question: Question, ballot: Ballot) -> Way:
    if ballot.way is Way.BREAK_GLASS:
        return Way.BREAK_GLASS
    return Way.LONE if ballot.person == question.requester else Way.RULE


def _is_enough(question: Question, way: Way) -> bool:
    is_lifted = question.terms is not None and Lift.QUORUM in question.terms.lifts
    return way is Way.LONE or (way is Way.BREAK_GLASS and is_lifted)


def _allowed(question: Question, way: Way) -> str:
    rule = question.terms.rule if question.terms else ""
    return f"rule {rule!r} allows it" if way is Way.RULE else f"rule {rule!r} allows it: {way.value}"


def _holds(reason: Reason, says: str) -> Check:
    return Check(reason=reason, is_ok=True, says=says)


def _per(limit: Limit) -> str:
    return f"{_span(limit.per_s)}, at most {limit.count}"


def _clock(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _span(seconds: float) -> str:
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {word}"
    return f"{seconds:.0f} s"
