"""The table of patterns with its index."""

from hypothesis import given
from hypothesis import strategies as st

from bot.signs.pattern import Table, says
from bot.signs.tables import PATTERNS

_TABLE = Table(PATTERNS)
_WORDS = st.sampled_from(sorted({word for pattern in PATTERNS for word in pattern.words}))


@given(st.lists(st.one_of(_WORDS, st.text(max_size=12)), max_size=8).map(" ".join))
def test_the_index_finds_what_asking_every_pattern_finds(line: str) -> None:
    lowered = line.lower()
    slowly = [
        pattern.kind
        for pattern in PATTERNS
        if any(word in lowered for word in pattern.words) and pattern.regex.search(line)
    ]

    assert [kind for kind, _ in _TABLE.matches(line)] == slowly


def test_words_of_any_length_are_found_whatever_their_case() -> None:
    table = Table((says("a", "x=1", "="), says("b", "full", "full"), says("c", "disk full", "disk full")))

    assert table.matches("DISK FULL, x=1") == [("a", {}), ("b", {}), ("c", {})]
    assert table.matches("dis ful") == []
