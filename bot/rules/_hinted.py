"""Expressions for which a whole text is looked through: only where a word is that each of their matches has.

Looking for an expression takes tens of times as long as seeing that none of its words is there, and of most
expressions none is. The words are read out of the expression itself, so nobody has to keep them beside it.
"""

import re
from collections.abc import Iterator, Sequence

Words = frozenset[str]
_NONE: Words = frozenset()
#: A word of fewer letters is in many a text.
_TELLING = 4
_PIECE = re.compile(
    r"(?P<escaped>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<aside>\(\?<?[=!])"
    r"|(?P<open>\((?!\?)|\(\?(?:[:>]|P<\w+>))|(?P<close>\))|(?P<bar>\|)|(?P<times>[?*+]|\{\d*,?\d*\})"
    r"|(?P<any>[.^$])|(?P<plain>[^(])",
    re.DOTALL,
)


class Hinted:
    """An expression with the words, in lower case, of which each of its matches has one."""

    def __init__(self, regex: re.Pattern[str]) -> None:
        self.regex = regex
        self._words = tuple(words_of(regex.pattern)) or ("",)

    def search(self, text: str, lowered: str) -> re.Match[str] | None:
        """As the expression's own; `lowered` is the text in lower case, made once for many expressions."""
        for word in self._words:
            if word in lowered:
                return self.regex.search(text)
        return None


def words_of(expression: str) -> Words:
    """Words of which every match of an expression contains one; none where that cannot be said."""
    if sum(len(piece[0]) for piece in _PIECE.finditer(expression)) != len(expression):
        raise ValueError(f"{expression!r} has a group of a kind that is not known here")
    found = _of_group(_PIECE.finditer(expression))
    return frozenset(word for word in found if not any(one in word for one in found - {word}))


def _of_group(pieces: Iterator[re.Match[str]]) -> Words:
    """Up to its closing bracket: one of the words of each alternative, if each has any."""
    alternatives: list[list[str | Words]] = [[]]
    for piece in pieces:
        kind, said, parts = piece.lastgroup, piece[0], alternatives[-1]
        if kind == "close":
            break
        if kind == "bar":
            alternatives.append([])
        elif kind == "open":
            parts.append(_of_group(pieces))
        elif kind == "aside":  # what stands beside a match is no part of it
            _of_group(pieces)
        elif kind == "times":
            if said[0] in "?*" or said.startswith(("{0", "{,")):
                parts[-1:] = [_NONE]
            parts.append(_NONE)
        else:
            is_letter = kind == "plain" or (kind == "escaped" and not said[-1].isalnum())
            parts.append(said[-1].lower() if is_letter else _NONE)
    return _covering([_certain(parts) for parts in alternatives])


def _certain(parts: Sequence[str | Words]) -> list[Words]:
    """What is in each match of an alternative: runs of letters, and one of the words of each group."""
    found, run = [part for part in parts if isinstance(part, frozenset) and part], ""
    for part in (*parts, _NONE):
        if isinstance(part, str):
            run += part
        elif run:
            found.append(frozenset({run}))
            run = ""
    return found


def _covering(alternatives: Sequence[Sequence[Words]]) -> Words:
    """For each alternative the words that serve most of them, so that there are few; of those the longest."""
    runs = [[word for words in found for word in words] for found in alternatives]

    def worth(words: Words) -> tuple[int, int, int]:
        shortest = min(map(len, words))
        serves = min(sum(any(word in run for run in among) for among in runs) for word in words)
        return serves if shortest >= _TELLING else 0, shortest, -len(words)

    return _NONE.union(*(max(found, key=worth) for found in alternatives)) if all(alternatives) else _NONE
