"""What a reader needs to find in a piece, so that it is not asked of pieces where it would say nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from bot.model.sign import Piece, Reader, Sign
from bot.signs.needed import Needed, any_of, needed
from bot.signs.words import folded

#: A word or an expression, or several of which one is enough.
Wanted = str | re.Pattern[str] | Iterable[str | re.Pattern[str]]


@dataclass(frozen=True)
class Given:
    """A reader that tells of no text in which one of the things it wants does not stand as it is."""

    reads: Reader
    wanted: tuple[Wanted, ...]

    def __call__(self, piece: Piece) -> Iterable[Sign]:
        """What the reader tells of a piece, whether or not it could be spared."""
        return self.reads(piece)

    @cached_property
    def needed(self) -> Needed:
        """Sets of words; of each one is in every piece of which the reader tells something."""
        return tuple({words: None for wanted in self.wanted for words in _needed(wanted)})


class Readers:
    """Readers with an index by a word of each, so that a text meets only those that may tell of it."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers
        self._needed = [reader.needed if isinstance(reader, Given) else () for reader in readers]
        self._always = {at for at, sets in enumerate(self._needed) if not sets}
        self._by_word: dict[str, list[int]] = {}
        for at, sets in enumerate(self._needed):
            for word in sets[0] if sets else ():
                self._by_word.setdefault(word, []).append(at)

    @property
    def words(self) -> Iterator[str]:
        """All words that are wanted."""
        return (word for sets in self._needed for words in sets for word in words)

    def within(self, there: Set[str]) -> list[Reader]:
        """The readers that may tell of a text in which these of their words stand, in their order."""
        near = {at for word in there for at in self._by_word.get(word, ())}
        able = {at for at in near if not any(words.isdisjoint(there) for words in self._needed[at])}
        return [self._readers[at] for at in sorted(self._always | able)]


def _needed(wanted: Wanted) -> Needed:
    if isinstance(wanted, str):
        return (frozenset({folded(wanted)}),)
    return needed(wanted) if isinstance(wanted, re.Pattern) else any_of(map(_needed, wanted))


def given(*wanted: Wanted) -> Callable[[Reader], Given]:
    """Marks a reader that tells nothing of a piece unless all of these are found in its text."""
    return lambda reads: Given(reads, wanted)
