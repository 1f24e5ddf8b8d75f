"""Expressions that are looked for only where one of their words is."""

import re
from itertools import islice

import pytest

from bot.rules._bound_inside import _BOXES, _SYSTEMS
from bot.rules._hinted import Hinted, words_of
from bot.rules._leanings import WORDS
from bot.rules._which_proxy import _NAMED, _OWN
from tests.support.told import told_cases

EVERY = (*WORDS.values(), *_OWN.values(), *_NAMED.values(), _BOXES, _SYSTEMS)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"\bno space|disk (?:is )?full", {"no space", "disk "}),
        (r"\b(?:out|err)put\b", {"put"}),
        (r"\b(?:docker|podman)\b", {"docker", "podman"}),
        (r"(?:HTTP|ssl)s?://x", {"://x"}),
        (r"worker[s]+", {"worker"}),
        (r"pods?\b", {"pod"}),
        (r"ab{0,3}c+d", {"a"}),
        (r"0\.0\.0\.0", {"0.0.0.0"}),
        (r"(?<!un)known(?! host)", {"known"}),
        (r"(?P<name>[a-z]+)[|)](?>cd)", {"cd"}),
        (r"haproxy|haproxy\[\d", {"haproxy"}),
        (r"word|\d+", set()),
        (r"(?:word)?", set()),
        (r"(?:one|)two{0}", {"tw"}),
    ],
)
def test_the_words_are_read_out_of_the_expression(expression: str, words: set[str]) -> None:
    assert words_of(expression) == words


def test_a_group_that_is_not_known_is_refused_and_not_misread() -> None:
    with pytest.raises(ValueError, match="not known"):
        words_of(r"(?i)word")


def test_an_expression_without_words_is_looked_for_everywhere() -> None:
    found = Hinted(re.compile(r"\d{3}")).search("at 502", "at 502")

    assert found is not None
    assert found[0] == "502"


def test_no_expression_finds_less_for_its_words() -> None:
    lost = [
        (one.regex.pattern, text)
        for case in islice(told_cases(), 0, None, 5)
        for text in ("\n".join(piece.text for piece in case.pieces),)
        for one in EVERY
        if one.regex.search(text) and not one.search(text, text.lower())
    ]

    assert lost == []
