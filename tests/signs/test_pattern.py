"""The table of patterns with its index."""

from hypothesis import given
from hypothesis import strategies as st

from bot.signs.pattern import Table, says
from bot.signs.tables import PATTERNS
from bot.signs.words import Words, folded

_WORDS = st.sampled_from(sorted({word for pattern in PATTERNS for word in pattern.words}))


_TABLE = Table(PATTERNS)
_INDEX = Words(_TABLE.places)


def _matches(table: Table, index: Words, line: str) -> list[tuple[str, dict[str, str]]]:
    text = folded(line)
    return table.within(text, index.within(text)).matches(line)


@given(st.lists(st.one_of(_WORDS, st.text(max_size=12)), max_size=8).map(" ".join))
def test_the_index_finds_what_asking_every_pattern_finds(line: str) -> None:
    lowered = folded(line)
    slowly = [
        pattern.kind
        for pattern in PATTERNS
        if any(word in lowered for word in pattern.words) and pattern.regex.search(line)
    ]

    assert [kind for kind, _ in _matches(_TABLE, _INDEX, line)] == slowly


def test_words_of_any_length_are_found_whatever_their_case() -> None:
    table = Table((says("a", "x=1", "="), says("b", "full", "full"), says("c", "disk full", "disk full")))
    index = Words(table.places)

    assert _matches(table, index, "DISK FULL, x=1") == [("a", {}), ("b", {}), ("c", {})]
    assert _matches(table, index, "dis ful") == []


def test_what_stands_in_another_line_does_not_match_this_one() -> None:
    table = Table((says("a", "disk .*full", "disk"),))
    near = table.within("the disk is\nfull", {"disk"})

    assert near.matches("the disk is") == []
    assert near.matches("the disk is full") == [("a", {})]
