"""What holds for each table of signs."""

import re

import pytest

from bot.model.sign import Piece
from bot.signs import read
from bot.signs.pattern import says
from bot.signs.tables import KINDS, PATTERNS, TABLES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_each_kind_is_described_and_has_only_fields_that_are_said(table: object) -> None:
    for pattern in table.PATTERNS:  # type: ignore[attr-defined]
        assert pattern.kind in KINDS, f"{pattern.kind} is not described"
        said = KINDS[pattern.kind].partition("fields: ")[2]
        known = set(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", said)))
        assert set(pattern.regex.groupindex) | set(pattern.fields) <= known, pattern


def test_no_pattern_is_slow_on_any_line() -> None:
    """Nested repetition would let a crafted line stop the bot; checked by form, for timing is no test."""
    nested = re.compile(r"\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)[+*]")

    assert nested.search("(a+b)*")
    assert not [one for one in PATTERNS if nested.search(one.regex.pattern)]


def test_a_pattern_needs_a_word_by_which_lines_are_found_cheaply() -> None:
    with pytest.raises(ValueError, match="words in lower case"):
        says("noise", "x")
    with pytest.raises(ValueError, match="words in lower case"):
        says("noise", "x", "X")


def test_what_nobody_can_read_is_kept_as_unread() -> None:
    signs = read([Piece(text="lorem ipsum\nupstream sent too big header while reading", kind="other")])

    assert [sign.kind for sign in signs.all] == ["header_too_big"]
    assert signs.unread == ("lorem ipsum",)
