"""A line's wording -> a sign."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


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


def matches(patterns: Iterable[Pattern], line: str, lowered: str) -> list[tuple[str, dict[str, str]]]:
    """Kind and fields of every pattern that the line matches, in the order of the table."""
    found: list[tuple[str, dict[str, str]]] = []
    for pattern in patterns:
        if not any(word in lowered for word in pattern.words):
            continue
        match = pattern.regex.search(line)
        if match:
            groups = {name: value for name, value in match.groupdict().items() if value}
            found.append((pattern.kind, {**pattern.fields, **groups}))
    return found
