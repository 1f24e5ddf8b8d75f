"""How well every cause fits a text as a whole: the ranking of those that no rule names."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model.sign import Signs
from bot.model.verdict import Line
from bot.rules._features import features
from bot.rules._kin import KIN
from bot.rules._leanings import FREQUENCY, LEANINGS, WORDS

#: Fields of an answer's head, which every answer has.
_HEAD = re.compile(
    r"[<>*\s]*(?:HTTP/\d|(?:server|date|content-[\w-]+|connection|keep-alive|x-[\w-]+|vary|age|etag|cache-control"
    r"|access-control-[\w-]+|accept[\w-]*|user-agent|host|location|via|strict-[\w-]+|last-modified|expires|pragma):)",
    re.IGNORECASE,
)
#: Letters of a line that are quoted.
_LONGEST = 400
#: Letters of unread text that are looked through for words.
_MOST_LETTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A cause, how well it fits, and the line that leans towards it most."""

    cause: str
    points: int
    line: Line


def beside(
    named: Sequence[tuple[str, Line]], signs: Signs, *, excluded: Collection[str] = ()
) -> Iterator[Fit]:
    """Causes that nobody named yet, the best fitting first; then look-alikes of what was named or fits."""
    fitting = fits(signs)
    known = {cause for cause, _ in named} | set(excluded)
    leads = (*named, *((fit.cause, fit.line) for fit in fitting))
    akin = (Fit(cause=one, points=0, line=line) for lead, line in leads for one in KIN[lead])
    for fit in (*fitting, *akin):
        if fit.cause not in known:
            known.add(fit.cause)
            yield fit


def fits(signs: Signs) -> tuple[Fit, ...]:
    """Causes with something that leans towards them, the best fitting first; empty when nothing does."""
    points = points_of(signs)
    best: dict[str, tuple[int, Line]] = {}
    for row, line in _leanings(signs):
        for cause, worth in row.items():
            if worth > 0 and (cause not in best or worth > best[cause][0]):
                best[cause] = (worth, line)
    found = (
        Fit(cause=cause, points=points[cause], line=line)
        for cause, (_, line) in best.items()
        if points[cause] > FREQUENCY.get(cause, 0)
    )
    return tuple(sorted(found, key=lambda fit: (-fit.points, fit.cause)))


def points_of(signs: Signs) -> Mapping[str, int]:
    """Every cause -> how well it fits the text as a whole; without a leaning, how frequent it is."""
    total: dict[str, int] = defaultdict(int)
    for row, _ in _leanings(signs):
        for cause, worth in row.items():
            total[cause] += worth
    return {cause: total[cause] + FREQUENCY.get(cause, 0) for cause in KIN}


def _leanings(signs: Signs) -> Iterator[tuple[Mapping[str, int], Line]]:
    """Points and the line behind them."""
    for name, line in rows(signs):
        yield LEANINGS[name], line


def rows(signs: Signs) -> Iterator[tuple[str, Line]]:
    """Names of the rows that a text shows, each once, with the line that shows it."""
    for name, sign in features(signs).items():
        if name in LEANINGS:
            yield name, Line(step=sign.source or "pasted", text=sign.line[:_LONGEST])
    text = "\n".join(line for line in signs.unread if not _HEAD.match(line))[-_MOST_LETTERS:]
    for word, pattern in WORDS.items():
        found = pattern.search(text)
        if found is not None:
            start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
            said = text[start : None if end < 0 else end].strip()
            yield word, Line(step="pasted", text=said[:_LONGEST])
