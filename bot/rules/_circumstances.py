"""Circumstances that are told plainly, and the one cause they lead to: beside what the causes' rules say.

A rule reads what programs log; where nobody pasted a log the circumstances are all there is. Each row needs
all of its circumstances and none of what would explain the outage better.
"""

from collections.abc import Collection, Iterator, Mapping

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import (
    _circumstances_claimed,
    _circumstances_shown,
    _circumstances_told,
    _circumstances_tried,
    _told,
)
from bot.rules._asked import needs
from bot.rules._checks import CHECKS
from bot.rules._once import kinds_of

ROWS = (
    *_circumstances_told.ROWS,
    *_circumstances_claimed.ROWS,
    *_circumstances_shown.ROWS,
    *_circumstances_tried.ROWS,
)
_NEEDS = tuple(needs(row.shows) for row in ROWS)


def told(signs: Signs, *, known: Mapping[str, int], excluded: Collection[str]) -> Iterator[Finding]:
    """A finding for each cause that circumstances lead to; `known`: how far the rules were led already."""
    done, kinds = set(excluded), kinds_of(signs)
    for row, needed in zip(ROWS, _NEEDS, strict=True):
        if not needed.are_met(kinds) or row.cause in done or known.get(row.cause, 0) >= row.weight:
            continue
        shown = row.shows(signs)
        if shown and not signs.has(*row.unless):
            done.add(row.cause)
            check = CHECKS[row.cause]
            yield _told.likely(row.cause, row.weight, row.says, row.restart, *shown, next_check=check)
