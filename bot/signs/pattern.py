"""A line's wording -> a sign."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One wording. Named groups of the expression become the sign's fields."""

    kind: str
    regex: re.Pattern[str]
    #: In lower case; a line without any of them cannot match, and finding that out is cheap.
    words: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)


def says(kind: str, regex: str, *words: str, **fields: str) -> Pattern:
    """A pattern that ignores case; `words`: one of them is in every line that matches."""
    if not words or any(word != word.lower() for word in words):
        raise ValueError(f"pattern {kind!r} needs words in lower case, one of which each match contains")
    return Pattern(kind=kind, regex=re.compile(regex, re.IGNORECASE), words=words, fields=fields)


#: Letters of a word by which it is looked for first.
_GRAM = 4


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


@dataclass(frozen=True)
class Table:
    """Patterns with an index by their words, so that a line meets only those that may match it.

    A line is cut into all its runs of four letters; a word is looked for only if its rarest run is there.
    """

    patterns: tuple[Pattern, ...]

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, ...]]:
        """Word -> the patterns that want it."""
        places: dict[str, list[int]] = {}
        for place, pattern in enumerate(self.patterns):
            for word in pattern.words:
                places.setdefault(word, []).append(place)
        return {word: tuple(at) for word, at in places.items()}

    @cached_property
    def _words(self) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
        """Rarest run of letters -> words that have it; and the words too short to have one."""
        common = Counter(gram for word in self._places for gram in _grams(word))
        by_gram: dict[str, list[str]] = {}
        for word in self._places:
            if grams := _grams(word):
                by_gram.setdefault(min(grams, key=lambda gram: (common[gram], gram)), []).append(word)
        short = tuple(word for word in self._places if len(word) < _GRAM)
        return {gram: tuple(words) for gram, words in by_gram.items()}, short

    def _candidates(self, lowered: str) -> list[int]:
        by_gram, short = self._words
        words = [word for gram in by_gram.keys() & _grams(lowered) for word in by_gram[gram]]
        return sorted({at for word in (*words, *short) if word in lowered for at in self._places[word]})

    def matches(self, line: str) -> list[tuple[str, dict[str, str]]]:
        """Kind and fields of every pattern that the line matches, in the order of the patterns."""
        matched: list[tuple[str, dict[str, str]]] = []
        for at in self._candidates(line.lower()):
            pattern = self.patterns[at]
            if match := pattern.regex.search(line):
                groups = {name: value for name, value in match.groupdict().items() if value}
                matched.append((pattern.kind, {**pattern.fields, **groups}))
        return matched
