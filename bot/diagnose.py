"""Judges text without a host: signs -> Verdict, by the same causes a host is judged by."""

import functools
import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import cast

from bot import bugs
from bot.catalog import names_of_code
from bot.explain import parts
from bot.model.evidence import Gap, GapKind
from bot.model.sign import Piece, Signs
from bot.model.verdict import Certainty, Finding, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.rules import _by_now, _circumstances, _mend_here
from bot.rules._asked import Needs, needs
from bot.rules._checks import CHECKS
from bot.rules._doubt import doubted
from bot.rules._fit import Fit, rank
from bot.rules._mended import mended
from bot.rules._next_check import heeding_text
from bot.rules._once import kinds_of
from bot.rules._restart_told import heeding
from bot.signs import read

#: So many causes are named where none is sure.
_NAMED = 3
#: What a rule's weight counts for beside the points of the fit, where the rule calls it possible: little, but
#: of a line alone the words say less.
_SHARE = 0.2
#: A cause that no rule named weighs no more than this.
MOST_OF_A_FIT = 14

_SETTLED = 1000

#: A rule's judgement over signs: its module's `told`, or the rule itself where no host has the facts.
Told = Callable[[Signs], Finding | RuledOut | None]


def diagnose(pieces: Sequence[Piece]) -> Verdict:
    """The verdict over pasted pieces. Never raises for what stands in them."""
    return judge_signs(read(pieces))


def judge_signs(signs: Signs) -> Verdict:
    """Every rule that can judge signs is asked; the surest and best fitting answer comes first."""
    kinds, needed = kinds_of(signs), _needs()
    answers = [_ask(cause, signs) for cause in rules_of_text() if needed[cause].are_met(kinds)]
    broken = tuple(answer for answer in answers if isinstance(answer, Gap))
    named = [answer for answer in answers if isinstance(answer, Finding)]
    ruled_out = tuple(answer for answer in answers if isinstance(answer, RuledOut))
    sure = {one.cause: _strength(one) for one in named if one.certainty is not Certainty.POSSIBLE}
    excluded = {answer.cause for answer in ruled_out}
    circumstances = _circumstances.told(signs, known=sure, excluded=excluded)
    for more in (*mended(signs, known=sure, excluded=excluded), *circumstances):
        named = [more, *(one for one in named if one.cause != more.cause)]
    ranked = _ranked(doubted(named, signs))
    is_settled = bool(ranked) and ranked[0].certainty is Certainty.CONFIRMED
    found = _mend_here.told(ranked if is_settled else _with_fits(signs, ranked, excluded), signs)
    if not found:
        return _unknown(ruled_out, broken)
    first = heeding_text(signs, _by_now.heeding(signs, heeding(signs, found[0])))
    found = (first, *found[1:])
    return Verdict(
        cause=first.cause,
        certainty=first.certainty,
        says=first.says,
        found=found,
        next_best=_next_best(signs, found, excluded) if is_settled else (),
        ruled_out=ruled_out,
        unchecked=broken,
        restart=first.restart,
        next_check=first.next_check,
    )


def _ask(cause: str, signs: Signs) -> Finding | RuledOut | Gap | None:
    """The rule's answer; a gap where a bug keeps it from one."""
    try:
        return rules_of_text()[cause](signs)
    except Exception as error:  # a bug in one rule: the others' answers are worth as much as before
        return Gap(step=cause, kind=GapKind.BUG, reason=bugs.words(error))


def _strength(found: Finding) -> int:
    """Its weight; what is settled outweighs all that only leads to it."""
    return found.weight if found.certainty is Certainty.LIKELY else _SETTLED


def _ranked(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The surer first, then what explains more."""
    return tuple(sorted(found, key=lambda one: (one.certainty.rank, -one.weight, one.cause)))


def _with_fits(signs: Signs, ranked: tuple[Finding, ...], excluded: set[str]) -> tuple[Finding, ...]:
    """What the rules named, none of it sure, and what fits the text as well, so that three are named.

    What is only possible stands in the order of how the whole text fits it, whoever named it: a rule
    knows its own signs, the fit all of them.
    """
    ranking = rank(signs)
    leads = [(one.cause, one.because[0]) for one in ranked]
    others = islice(ranking.beside(leads, excluded=excluded), _NAMED)
    fitted = [_fitted(fit, MOST_OF_A_FIT - place) for place, fit in enumerate(others)]
    sure = [one for one in ranked if one.certainty is not Certainty.POSSIBLE]
    weak = sorted(
        (*(one for one in ranked if one.certainty is Certainty.POSSIBLE), *fitted),
        key=lambda one: -(ranking.points[one.cause] + _SHARE * one.weight),
    )
    found = (*sure, *weak)
    return tuple(one for place, one in enumerate(found) if place < _NAMED or one in ranked)


def _next_best(signs: Signs, found: Sequence[Finding], excluded: set[str]) -> tuple[str, ...]:
    """What fits best beside a sure cause, so that three are known."""
    named = [(one.cause, one.because[0]) for one in found]
    others = rank(signs).beside(named, excluded=excluded)
    return tuple(fit.cause for fit in islice(others, max(0, _NAMED - len(found))))


def _fitted(fit: Fit, weight: int) -> Finding:
    return Finding(
        cause=fit.cause,
        certainty=Certainty.POSSIBLE,
        says=f"nothing here proves it; it would mean: {_meaning(fit.cause)}",
        because=(fit.line,),
        restart=RestartAdvice(
            effect=RestartEffect.USELESS, what="app", why="it is not known to be this", is_sure=False
        ),
        next_check=CHECKS[fit.cause],
        weight=weight,
    )


@functools.cache
def _meaning(cause: str) -> str:
    """Its rule's conclusion as a part of a sentence: a name says little to who meets it at night."""
    first, _, rest = parts(cause)[""].partition(" ")
    return f"{first.lower() if first.istitle() else first} {rest}".rstrip(".")


@functools.cache
def rules_of_text() -> dict[str, Told]:
    """Cause -> its judgement over signs."""
    found: dict[str, Told] = {}
    for cause in sorted(names_of_code().rules):
        module = importlib.import_module(f"bot.rules.{cause}")
        rule = getattr(module, cause)
        told = getattr(module, "told", None) or (rule if _asks_signs_alone(rule) else None)
        if told is not None:
            found[cause] = cast("Told", told)
    return found


@functools.cache
def _needs() -> Mapping[str, Needs]:
    """Cause -> what its judgement over signs needs: most cases have signs of few kinds."""
    return {cause: needs(told) for cause, told in rules_of_text().items()}


def _asks_signs_alone(rule: Callable[..., object]) -> bool:
    return list(inspect.signature(rule).parameters) == ["signs"]


def _unknown(ruled_out: tuple[RuledOut, ...], broken: tuple[Gap, ...]) -> Verdict:
    advice = RestartAdvice(
        effect=RestartEffect.USELESS,
        what="app",
        why="it is not known what fails, so nothing says it helps",
        is_sure=False,
    )
    return Verdict(
        cause="unknown",
        certainty=Certainty.POSSIBLE,
        says="nothing in this text says what is broken",
        found=(),
        ruled_out=ruled_out,
        unchecked=broken,
        restart=advice,
        next_check="the proxy's error log of the moment it failed, and who listens where it dials",
    )
