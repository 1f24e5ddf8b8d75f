"""What several rules ask of one case: worked out at the first question and kept on the case's own signs."""

import functools
from collections.abc import Callable
from typing import TypeVar

from bot.model.sign import Signs
from bot.signs.words import folded

Told = TypeVar("Told")


def once(asked: Callable[[Signs], Told]) -> Callable[[Signs], Told]:
    """Keeps what is asked as long as the signs live, as `functools.cached_property` would on their class."""
    name = f"{asked.__module__}.{asked.__qualname__}"

    @functools.wraps(asked)
    def kept(signs: Signs) -> Told:
        known = vars(signs)
        if name not in known:
            known[name] = asked(signs)
        told: Told = known[name]
        return told

    return kept


@once
def lines_of(signs: Signs) -> tuple[str, ...]:
    """Every line that was read and every one that was not, whatever it was read as."""
    return (*signs.unread, *(sign.line for sign in signs.all))


@once
def kinds_of(signs: Signs) -> frozenset[str]:
    """The kinds of signs that the case has."""
    return frozenset(sign.kind for sign in signs.all)


@once
def lower_text(signs: Signs) -> str:
    """The text folded: a word is looked for there before an expression that ignores case."""
    return folded(signs.text)
