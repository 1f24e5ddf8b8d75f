"""One row of what people tell or pieces show together, and the cause it leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.model.sign import Sign, Signs
from bot.model.verdict import RestartAdvice

#: The way from signs to the lines that show a circumstance; empty where it is not so.
Shows = Callable[[Signs], tuple[Sign, ...]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is told, and the cause it leads to."""

    cause: str
    weight: int
    says: str
    restart: RestartAdvice
    shows: Shows
    #: Kinds of signs that explain it otherwise.
    unless: tuple[str, ...] = ()


def all_of(*kinds: tuple[str, ...]) -> Shows:
    """One sign of each group of kinds."""

    def shows(signs: Signs) -> tuple[Sign, ...]:
        found: list[Sign] = []
        for group in kinds:
            one = signs.first(*group)
            if one is None:
                return ()
            found.append(one)
        return tuple(found)

    return shows
