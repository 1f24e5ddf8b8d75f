"""Expressions that are looked for only where one of their words is."""

import re
from itertools import islice

from bot.rules._bound_inside import _BOXES, _SYSTEMS
from bot.rules._hinted import Hinted
from bot.rules._leanings import WORDS
from bot.rules._which_proxy import _NAMED, _OWN
from bot.signs.words import folded
from tests.support.told import told_cases

EVERY = (*WORDS.values(), *_OWN.values(), *_NAMED.values(), _BOXES, _SYSTEMS)


def test_an_expression_without_words_is_looked_for_everywhere() -> None:
    found = Hinted(re.compile(r"\d{3}")).search("at 502", "at 502")

    assert found is not None
    assert found[0] == "502"


def test_an_expression_is_not_looked_for_where_a_word_of_it_is_not() -> None:
    hinted = Hinted(re.compile(r"\bno space|disk (?:is )?full"))

    assert hinted.search("no space", "full of words") is None  # the text for words decides
    assert hinted.search("no space", "no space") is not None


def test_no_expression_finds_less_for_its_words() -> None:
    lost = [
        (one.regex.pattern, text)
        for case in islice(told_cases(), 0, None, 5)
        for text in ("\n".join(piece.text for piece in case.pieces),)
        for one in EVERY
        if one.regex.search(text) and not one.search(text, folded(text))
    ]

    assert lost == []
