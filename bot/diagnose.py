"""Judges text without a host: signs -> Verdict, by the same causes a host is judged by."""

import functools
import importlib
import inspect
from collections.abc import Callable, Sequence
from typing import cast

from bot.catalog import names_of_code
from bot.model.sign import Piece, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.rules._hints import hinted
from bot.rules._rivals import RIVALS
from bot.signs import read

#: So many causes are named where none is sure.
_NAMED = 3
#: Weight of a look-alike that no rule named.
LOOKALIKE = 1

#: A rule's judgement over signs: its module's `told`, or the rule itself where no host has the facts.
Told = Callable[[Signs], Finding | RuledOut | None]


def diagnose(pieces: Sequence[Piece]) -> Verdict:
    """The verdict over pasted pieces. Never raises for what stands in them."""
    return judge_signs(read(pieces))


def judge_signs(signs: Signs) -> Verdict:
    """Every rule that can judge signs is asked; the surest and best fitting answer comes first."""
    answers = [answer for told in rules_of_text().values() if (answer := told(signs)) is not None]
    found = tuple(
        sorted(
            (answer for answer in answers if isinstance(answer, Finding)),
            key=lambda finding: (finding.certainty.rank, -finding.weight, finding.cause),
        )
    )
    ruled_out = tuple(answer for answer in answers if isinstance(answer, RuledOut))
    found = found or _hinted(signs)
    if not found:
        return _unknown(ruled_out)
    first = found[0]
    return Verdict(
        cause=first.cause,
        certainty=first.certainty,
        says=first.says,
        found=(*found, *_rivals(found, {answer.cause for answer in ruled_out})),
        ruled_out=ruled_out,
        unchecked=(),
        restart=first.restart,
        next_check=first.next_check,
    )


def _hinted(signs: Signs) -> tuple[Finding, ...]:
    """Where no rule speaks: what the words lean towards, so that a reader has somewhere to begin."""
    lines = (*(sign.line for sign in signs.all), *signs.unread)
    return tuple(
        Finding(
            cause=cause,
            certainty=Certainty.POSSIBLE,
            says=f"nothing here proves a cause; its words lean towards {cause}",
            because=(Line(step="pasted", text=line[:400]),),
            restart=RestartAdvice(effect=RestartEffect.USELESS, what="app", why="nothing says that it helps"),
            next_check="the proxy's error log of the moment it failed, and who listens where it dials",
            weight=LOOKALIKE + 3 - place,
        )
        for place, (cause, line) in enumerate(hinted(lines).items())
    )


def _rivals(found: tuple[Finding, ...], excluded: set[str]) -> tuple[Finding, ...]:
    """Look-alikes of a cause that is not sure, where fewer than three are named."""
    first = found[0]
    named = {finding.cause for finding in found} | excluded
    rivals = [one for one in RIVALS.get(first.cause, ()) if one not in named]
    if first.certainty is Certainty.CONFIRMED:
        return ()
    return tuple(_rival(cause, first) for cause in rivals[: max(0, _NAMED - len(found))])


def _rival(cause: str, first: Finding) -> Finding:
    return Finding(
        cause=cause,
        certainty=Certainty.POSSIBLE,
        says=f"often taken for {first.cause}: nothing here tells the two apart",
        because=first.because[:1],
        restart=RestartAdvice(effect=RestartEffect.USELESS, what="app", why="it is not known to be this"),
        next_check=first.next_check,
        weight=LOOKALIKE,
    )


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


def _asks_signs_alone(rule: Callable[..., object]) -> bool:
    return list(inspect.signature(rule).parameters) == ["signs"]


def _unknown(ruled_out: tuple[RuledOut, ...]) -> Verdict:
    advice = RestartAdvice(
        effect=RestartEffect.USELESS, what="app", why="it is not known what fails, so nothing says it helps"
    )
    return Verdict(
        cause="unknown",
        certainty=Certainty.POSSIBLE,
        says="nothing in this text says what is broken",
        found=(),
        ruled_out=ruled_out,
        unchecked=(),
        restart=advice,
        next_check="the proxy's error log of the moment it failed, and who listens where it dials",
    )
