"""Readers that are asked only where they may tell something."""

import re
from collections.abc import Iterator

import pytest

from bot.model.sign import Piece, Sign
from bot.signs.given import Given, Readers, given
from bot.signs.tables import READERS
from bot.signs.words import Words, folded
from tests.support.told import told_cases


@given("LISTEN", (re.compile("nginx", re.IGNORECASE), re.compile("node")))
def _picky(piece: Piece) -> Iterator[Sign]:
    yield Sign(kind="listening", line=piece.text)


def _any(piece: Piece) -> Iterator[Sign]:
    yield Sign(kind="noise", line=piece.text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("LISTEN 80 nginx", 2), ("node: listen", 2), ("LISTEN 80", 1), ("nginx", 1), ("", 1)],
)
def test_a_reader_is_asked_only_where_all_that_it_wants_may_stand(text: str, asked: int) -> None:
    readers = Readers((_picky, _any))
    there = Words(readers.words).within(folded(text))

    assert readers.within(there) == [_picky, _any][-asked:]


def test_no_reader_is_spared_where_it_would_tell_something() -> None:
    """In the pieces of all cases that the project has."""
    readers = Readers(READERS)
    words = Words(readers.words)
    lost = [
        (reader.reads, piece.text)
        for case in told_cases()[::4]
        for piece in case.pieces
        for reader in set(READERS) - set(readers.within(words.within(folded(piece.text))))
        if isinstance(reader, Given) and any(reader(piece))
    ]

    assert lost == []
