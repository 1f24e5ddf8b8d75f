"""Words without which an expression matches nothing, so that most searches need not be made.

They come out of the expression itself, so nothing can be forgotten: `(?:curl|wget) .*refused` needs one of
{curl, wget} and {refused}. What is not understood asks for nothing: then the search is made as before.

Source: the tree that `re` itself makes of an expression (CPython, Lib/re/_parser.py); Google's Code Search
and RE2 (prefilter.cc) spare searches in the same way.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.signs.words import folded

try:
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # a Python that keeps it elsewhere: every search is made
    _parser = None

#: Sets of words in lower case; of each set one is in every text that matches.
Needed = tuple[frozenset[str], ...]
#: So many words at most come out of what stands one after the other: `50[0-4]` makes five.
_MOST_WORDS = 48
#: A class of more characters than this says too little.
_MOST_CHARACTERS = 12
#: Beyond this a word's length makes it no rarer.
_LONG = 5


def needed(expression: re.Pattern[str]) -> Needed:
    """What every text has that the expression matches; the rarest first."""
    if _parser is None:
        return ()
    whole, wanted = _of_all(_parser.parse(expression.pattern, expression.flags))
    sets = {_shortest(words) for words in (*wanted, *_as_wanted(whole))}
    return tuple(sorted(sets, key=_worth, reverse=True))


def any_of(every: Iterable[Needed]) -> Needed:
    """What is needed where one of several is enough: the rarest words of each."""
    firsts = [sets[0] if sets else frozenset[str]() for sets in every]
    return (_shortest(frozenset().union(*firsts)),) if all(firsts) else ()


def all_there(wanted: Needed, text: str) -> bool:
    """Whether of each set a word is in the folded text."""
    for words in wanted:
        for word in words:
            if word in text:
                break
        else:
            return False
    return True


#: What a part of an expression can be, where that is a few words; and what it needs.
_Part = tuple[frozenset[str] | None, list[frozenset[str]]]
_NOTHING_KNOWN: _Part = (None, [])
_EMPTY = frozenset({""})


def _of_all(parts: Iterable[tuple[object, Any]]) -> _Part:
    """Of parts that stand one after the other."""
    words, wanted, is_whole = _EMPTY, list[frozenset[str]](), True
    for kind, what in parts:
        part, also = _of_one(str(kind), what)
        wanted += also
        longer = None if part is None else frozenset(one + more for one in words for more in part)
        if longer is not None and len(longer) <= _MOST_WORDS:
            words = longer
            continue
        is_whole = False
        wanted += _as_wanted(words)
        words = part or _EMPTY
    return (words, wanted) if is_whole else (None, [*wanted, *_as_wanted(words)])


def _of_one(kind: str, what: Any) -> _Part:
    match kind:
        case "LITERAL":
            return frozenset({folded(chr(what))}), []
        case "IN":
            return _of_class(what), []
        case "AT" | "ASSERT_NOT":
            return _EMPTY, []
        case "ASSERT":
            words, wanted = _of_all(what[1])
            return _EMPTY, [*wanted, *_as_wanted(words)]
        case "SUBPATTERN":
            return _of_all(what[3])
        case "ATOMIC_GROUP":
            return _of_all(what)
        case "BRANCH":
            return _of_any(what[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _of_repeated(*what)
    return _NOTHING_KNOWN


def _of_class(members: Sequence[tuple[object, Any]]) -> frozenset[str] | None:
    """The characters of a class, if they are few."""
    codes: list[int] = []
    for kind, what in members:
        if str(kind) == "LITERAL":
            codes.append(what)
        elif str(kind) == "RANGE" and what[1] - what[0] < _MOST_CHARACTERS:
            codes += range(what[0], what[1] + 1)
        else:
            return None
    return frozenset(folded(chr(code)) for code in codes) if len(codes) <= _MOST_CHARACTERS else None


def _of_any(branches: Iterable[Any]) -> _Part:
    """Of branches one of which matches: whole words, or the best that each needs."""
    parts = [_of_all(branch) for branch in branches]
    whole = [words for words, _ in parts if words is not None]
    if len(whole) == len(parts) and sum(map(len, whole)) <= _MOST_WORDS:
        return frozenset().union(*whole), []
    best = [max([*wanted, *_as_wanted(words)], key=_worth, default=None) for words, wanted in parts]
    return None, [] if None in best else [frozenset().union(*(words for words in best if words))]


def _of_repeated(least: int, most: int, what: Any) -> _Part:
    words, wanted = _of_all(what)
    if least == 0:
        return (words | _EMPTY, []) if words is not None and most == 1 else _NOTHING_KNOWN
    return None, [*wanted, *_as_wanted(words)]


def _as_wanted(words: frozenset[str] | None) -> list[frozenset[str]]:
    return [words] if words and all(words) else []


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """The longer its shortest word and the fewer its words, the less often a set is met."""
    return min(_LONG, *map(len, words)), -len(words)


def _shortest(words: frozenset[str]) -> frozenset[str]:
    """Without the words that contain another of them."""
    return frozenset(word for word in words if not any(one in word for one in words - {word}))
