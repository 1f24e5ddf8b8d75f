"""How well every cause fits a text as a whole: the ranking of those that no rule names."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.model.sign import Signs
from bot.model.verdict import Line
from bot.rules._features import features
from bot.rules._kin import KIN
from bot.rules._leanings import FREQUENCY, LEANINGS, WORDS
from bot.rules._lexicon import lean

#: Fields of an answer's head, which every answer has.
_HEAD = re.compile(
    r"[<>*\s]*(?:HTTP/\d|(?:server|date|content-[\w-]+|connection|keep-alive|x-[\w-]+|vary|age|etag|cache-control"
    r"|access-control-[\w-]+|accept[\w-]*|user-agent|host|location|via|strict-[\w-]+|last-modified|expires|pragma):)",
    re.IGNORECASE,
)
#: A request that was answered as it should be.
_SERVED = re.compile(r"\" [23]\d\d \d")
#: Letters of a line that are quoted.
_LONGEST = 400
#: Fewer known words than these say nothing.
_FEWEST_WORDS = 4
#: So many causes are named for their words alone.
_MOST_BY_WORDS = 6
#: Letters of unread text that are looked through for words.
_MOST_LETTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A cause, how well it fits, and the line that leans towards it most."""

    cause: str
    points: int
    line: Line


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """How well every cause fits one text."""

    #: For a cause that nothing leans to, how frequent it is.
    points: Mapping[str, int]
    #: Causes with something that leans towards them, the best fitting first.
    fits: tuple[Fit, ...]

    def beside(self, named: Sequence[tuple[str, Line]], *, excluded: Collection[str] = ()) -> Iterator[Fit]:
        """Causes that nobody named yet, the best fitting first; then look-alikes of those."""
        known = {cause for cause, _ in named} | set(excluded)
        leads = chain(named, ((fit.cause, fit.line) for fit in self.fits))
        akin = (Fit(cause=one, points=0, line=line) for lead, line in leads for one in KIN[lead])
        for fit in chain(self.fits, akin):
            if fit.cause not in known:
                known.add(fit.cause)
                yield fit


def rank(signs: Signs) -> Ranking:
    """Adds up what leans towards each cause: signs and known wordings, and the words of the text."""
    total: dict[str, int] = dict.fromkeys(KIN, 0)
    best: dict[str, tuple[int, Line]] = {}
    for name, line in rows(signs):
        for cause, worth in LEANINGS[name].items():
            total[cause] += worth
            if worth > 0 and (cause not in best or worth > best[cause][0]):
                best[cause] = (worth, line)
    words = lean(signs.text)
    has_words = len(words.known) >= _FEWEST_WORDS
    points = {
        cause: worth + FREQUENCY[cause] + (round(words.points.get(cause, 0)) if has_words else 0)
        for cause, worth in total.items()
    }
    shown = {cause: line for cause, (_, line) in best.items() if total[cause] > 0}
    for cause in sorted(points, key=lambda one: -points[one])[:_MOST_BY_WORDS] if has_words else ():
        if cause not in shown and (word := words.strongest(cause)):
            shown[cause] = _said_with(word, signs.text)
    fits = (Fit(cause=cause, points=points[cause], line=line) for cause, line in shown.items())
    return Ranking(points=points, fits=tuple(sorted(fits, key=lambda fit: (-fit.points, fit.cause))))


def _said_with(word: str, text: str) -> Line:
    """The first line with a word."""
    line = next((line for line in text.split("\n") if word in line.lower()), text)
    return Line(step="pasted", text=line.strip()[:_LONGEST])


def rows(signs: Signs) -> Iterator[tuple[str, Line]]:
    """Names of the rows that a text shows, each once, with the line that shows it."""
    for name, sign in features(signs).items():
        if name in LEANINGS:
            yield name, Line(step=sign.source or "pasted", text=sign.line[:_LONGEST])
    told = (line for line in signs.unread if not _HEAD.match(line) and not _SERVED.search(line))
    text = "\n".join(told)[-_MOST_LETTERS:]
    lowered = text.lower()  # letters may grow by that, lines do not
    for word, pattern in WORDS.items() if text else ():  # most texts are read to the last line
        found = pattern.search(lowered, lowered)
        if found is not None:
            said = text.split("\n")[lowered.count("\n", 0, found.start())].strip()
            yield word, Line(step="pasted", text=said[:_LONGEST])
