"""When and how often: clocks, freezes, budgets, and what other hosts are at."""

from collections.abc import Iterator
from datetime import timedelta

from bot.model.ruling import Lift, Limit, Question, Reason, Stage, Terms, Way
from bot.policy.check import Check, clock, holds, span
from bot.policy.voters import counting


def clocks(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether the look at the host is young enough, and the time to say yes or to begin not over."""
    if question.evidence_at is not None:
        age_s = (question.at - question.evidence_at).total_seconds()
        is_ok = age_s <= terms.evidence_max_age_s
        says = f"the host was looked at {span(age_s)} ago, at most {span(terms.evidence_max_age_s)} counts"
        yield Check(reason=Reason.EVIDENCE_OLD, is_ok=is_ok, says=says)
    until = question.run_by if question.stage is Stage.RUN else question.approve_by
    if until is not None:
        is_ok = question.at <= until
        word = "run" if question.stage is Stage.RUN else "approve"
        yield Check(reason=Reason.EXPIRED, is_ok=is_ok, says=f"the time to {word} it ends at {clock(until)}")


def windows(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether no freeze is in force, or the glass was broken for it."""
    if terms.is_freeze_ignored or not question.frozen:
        yield holds(Reason.FROZEN, "no freeze")
        return
    says = " and ".join(f"frozen by {one.name!r} until {clock(one.until)}" for one in question.frozen)
    is_lifted = Lift.FREEZE in _lifted(question, terms)
    by = "; break-glass lifts it" if is_lifted else ""
    yield Check(reason=Reason.FROZEN, is_ok=is_lifted, says=says + by)


def budgets(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether host and unit, and the rule as a whole, still have an action left."""
    is_lifted = Lift.BUDGET in _lifted(question, terms)
    for reason, limit, spent, where in (
        (Reason.BUDGET, terms.budget, question.on_target, f"on {_target(question)}"),
        (Reason.RATE, terms.rate, question.by_rule, f"by rule {terms.rule!r}"),
    ):
        if limit is not None:
            is_ok = spent < limit.count or (is_lifted and reason is Reason.BUDGET)
            yield Check(reason=reason, is_ok=is_ok, says=f"{spent} {where} in {_per(limit)}")


def others(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether it went well lately on the other hosts."""
    if terms.pause_after_failure_s is None:
        return
    failed = question.failed_at
    until = failed + timedelta(seconds=terms.pause_after_failure_s) if failed else None
    says = f"it went wrong on another host; look there first, or wait until {clock(until)}" if until else ""
    yield Check(
        reason=Reason.FAILED_BEFORE,
        is_ok=until is None or question.at >= until,
        says=says or "nothing went wrong on other hosts",
    )


def at_once(question: Question, terms: Terms) -> Iterator[Check]:
    """Whether few enough other hosts are at work."""
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


def _target(question: Question) -> str:
    """A unit of a host; the host alone where nothing says which unit."""
    return f"{question.target} of {question.host}" if question.target else question.host


def _per(limit: Limit) -> str:
    return f"{span(limit.per_s)}, at most {limit.count}"
