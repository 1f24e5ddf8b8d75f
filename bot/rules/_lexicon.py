"""The lexicon: which causes the words of a text lean to, learnt from labelled cases (`lexicon.json`).

A sign is read by what its program means by it, and a row of the leanings is written by hand; people have more
words than anybody lists. Here every word that several cases had carries points for causes, whatever line it
stood in. That orders what is only possible and makes nothing sure (docs/decisions/0021).

Source: `python -m tools.lexicon`, over labelled cases.
"""

import functools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("lexicon.json")
#: Addresses, dates and times say nothing by their digits and are passed over; then words and numbers.
_TOKEN = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}[-/]\d\d[-/]\d\d\S*|\d\d:\d\d:\d\d\S*|([^\W\d_]{2,}|(?<!\d)\d{1,5}(?!\d))"
)
#: `OutOfMemoryError` is four words.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: So many first letters stand for a longer word as well, whose endings differ.
_STEM = 4
#: The summed rarity of some thirty words: a shorter text counts for less, for its few words may be anybody's.
_WHOLE = 700
#: Letters of a text that are looked through, from its end.
_MOST_LETTERS = 20_000


@dataclass(frozen=True)
class Lexicon:
    """The table as it is read."""

    causes: tuple[str, ...]
    #: Points of each cause before any word is read, in the order of `causes`.
    start: tuple[float, ...]
    #: Word -> how rare it is (the square of its inverse document frequency), and its row: places in `causes`
    #: with their points.
    words: Mapping[str, tuple[float, Mapping[int, int]]]


@dataclass(frozen=True)
class Leaning:
    """What the words of one text lean to: points of every cause, and the words the table knows."""

    points: Mapping[str, float]
    known: tuple[str, ...]

    def strongest(self, cause: str) -> str:
        """The word, or beginning of one, that leans most towards a cause; empty when none does."""
        table = lexicon()
        at = table.causes.index(cause)
        best, most = "", 0
        for word in self.known:
            worth = table.words[word][1].get(at, 0)
            if worth > most:
                best, most = word, worth
        return best.rstrip("~")


def words_of(text: str) -> set[str]:
    """The different words and numbers of a text in lower case, and the beginnings of longer words."""
    words = set(_TOKEN.findall(_HUMP.sub(" ", text[-_MOST_LETTERS:]).lower()))
    words.discard("")
    return words | {f"{word[:_STEM]}~" for word in words if len(word) > _STEM}


def lean(text: str) -> Leaning:
    """Points of every cause for the words of a text; a long one counts for no more than a paragraph."""
    table = lexicon()
    known = tuple(sorted(words_of(text) & table.words.keys()))
    sums = [0] * len(table.causes)
    length = 0.0
    for word in known:
        rarity, row = table.words[word]
        length += rarity
        for at, worth in row.items():
            sums[at] += worth
    share = 1 / math.sqrt(max(length, _WHOLE))
    points = zip(table.causes, table.start, sums, strict=True)
    return Leaning(points={cause: first + share * total for cause, first, total in points}, known=known)


@functools.cache
def lexicon() -> Lexicon:
    """The table, read once."""
    read = json.loads(TABLE.read_text())
    return Lexicon(
        causes=tuple(read["causes"]),
        start=tuple(read["start"]),
        words={
            word: (row[0], dict(zip(row[1::2], row[2::2], strict=True)))
            for word, row in read["words"].items()
        },
    )
