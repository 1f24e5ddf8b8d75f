"""The evaluator: one question, one answer, nothing else looked at. Default deny.

Every condition is a check with its own reason. The first that fails decides; `checks` shows them all.
"""

from typing import assert_never

from bot.model.ruling import Ballot, Lift, Question, Reason, Ruling, Stage, Way
from bot.policy.again import seen_again
from bot.policy.check import Check, holds
from bot.policy.limits import at_once, budgets, clocks, others, windows
from bot.policy.voters import counting, quorum, vetoer, voter


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
    found = [holds(Reason.NO_RULE, f"rule {terms.rule!r} speaks of it, and no other")]
    match question.stage:
        case Stage.OFFER:
            found += [*windows(question, terms), *budgets(question, terms)]
        case Stage.VOTE:
            found += voter(question, terms)
            found += [*clocks(question, terms), *windows(question, terms), *budgets(question, terms)]
            found += others(question, terms)
        case Stage.VETO:
            found += vetoer(question, terms)
        case Stage.RUN:
            found += [quorum(question, terms), *seen_again(question, terms)]
            found += [*clocks(question, terms), *windows(question, terms)]
            found += [*budgets(question, terms), *others(question, terms), *at_once(question, terms)]
        case _ as never:
            assert_never(never)
    return tuple(found)


def _no_rule(question: Question) -> Check:
    if len(question.rules) > 1:
        names = " and ".join(question.rules)
        says = f"{names} all speak of {question.action} on {question.host}, so none counts"
        return Check(reason=Reason.SEVERAL_RULES, is_ok=False, says=says)
    says = f"no policy rule allows {question.action} on {question.host}"
    return Check(reason=Reason.NO_RULE, is_ok=False, says=says)


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
