"""A line's wording -> a sign."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.signs.needed import Needed, all_there, needed
from bot.signs.words import Words, folded


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One wording. Named groups of the expression become the sign's fields."""

    kind: str
    #: The expression as it is written.
    expression: str
    #: In lower case; a line without any of them cannot match, and finding that out is cheap.
    words: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, ignoring case; made when a text has its words, for few texts need many of them."""
        return re.compile(self.expression, re.IGNORECASE)

    @cached_property
    def needed(self) -> Needed:
        """What each line has besides that the expression matches."""
        return needed(self.regex)


def says(kind: str, regex: str, *words: str, **fields: str) -> Pattern:
    """A pattern that ignores case; `words`: one of them is in every line that matches."""
    if not words or any(word != word.lower() for word in words):
        raise ValueError(f"pattern {kind!r} needs words in lower case, one of which each match contains")
    return Pattern(kind=kind, expression=regex, words=words, fields=fields)


@dataclass(frozen=True)
class Table:
    """Patterns with an index by their words, so that a line meets only those that may match it."""

    patterns: tuple[Pattern, ...]

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """Word -> the patterns that want it."""
        places: dict[str, list[int]] = {}
        for place, pattern in enumerate(self.patterns):
            for word in pattern.words:
                places.setdefault(word, []).append(place)
        return {word: tuple(at) for word, at in places.items()}

    def within(self, text: str, words: Iterable[str]) -> "Near":
        """What may match a line of this folded text, in which these of the table's words are."""
        near = {word: self.places[word] for word in words if word in self.places}
        able = {at for places in near.values() for at in places}
        able = {at for at in able if all_there(self.patterns[at].needed, text)}
        kept = {word: [at for at in places if at in able] for word, places in near.items()}
        return Near(self.patterns, {word: places for word, places in kept.items() if places})


#: More words than these are not looked for one after the other in each line.
_MANY = 150


@dataclass(frozen=True)
class Near:
    """Those of a table's patterns that may match a line of one text."""

    patterns: tuple[Pattern, ...]
    #: Word -> the patterns that want it.
    places: Mapping[str, list[int]]

    @cached_property
    def _index(self) -> Words:
        return Words(self.places)

    def matches(self, line: str) -> list[tuple[str, dict[str, str]]]:
        """Kind and fields of every pattern that the line matches, in the order of the patterns."""
        lowered = folded(line)
        matched: list[tuple[str, dict[str, str]]] = []
        words = self._index.within(lowered) if len(self.places) > _MANY else self.places
        for at in sorted({at for word in words if word in lowered for at in self.places[word]}):
            pattern = self.patterns[at]
            if all_there(pattern.needed, lowered) and (match := pattern.regex.search(line)):
                groups = {name: value for name, value in match.groupdict().items() if value}
                matched.append((pattern.kind, {**pattern.fields, **groups}))
        return matched
