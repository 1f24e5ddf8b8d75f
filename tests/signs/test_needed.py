"""Words without which an expression matches nothing."""

import re

import pytest

from bot.signs.needed import all_there, any_of, needed
from bot.signs.pattern import Table
from bot.signs.tables import PATTERNS
from bot.signs.words import Words, folded
from tests.support.told import told_cases

I = re.IGNORECASE  # noqa: E741  # as in the expressions themselves


@pytest.mark.parametrize(
    ("expression", "sets"),
    [
        ("Connection refused", [{"connection refused"}]),
        ("(?:curl|wget) .*refused", [{"refused"}, {"curl ", "wget "}]),
        ("(?:fail|failed|fails) to", [{"fail to", "failed to", "fails to"}]),
        ("50[0-2]", [{"500", "501", "502"}]),
        ("files? gone", [{"file gone", "files gone"}]),
        (r"\bworks\b(?! only)(?=.* now)", [{"works"}, {" now"}]),
        ("(?:no )+answer", [{"answer"}, {"no "}]),
        ("(?:no )*answer", [{"answer"}]),
        ("(?:lost|[a-z]+)", []),
        (r"\d+|", []),
        ("(?P<one>up)(?P=one)", [{"up"}]),
        (
            "(?:died|exits?) with|is (?:down|gone)",
            [{"died with", "exit with", "exits with", "is down", "is gone"}],
        ),
    ],
)
def test_what_is_needed_comes_out_of_the_expression(expression: str, sets: list[set[str]]) -> None:
    assert sorted(map(sorted, needed(re.compile(expression)))) == sorted(map(sorted, sets))


@pytest.mark.parametrize("said", ["FAILED", "faıled", "İt failed", "failed", "ſo it faileD"])
def test_letters_that_are_alike_without_case_are_found(said: str) -> None:
    assert all_there(needed(re.compile("failed", I)), folded(said)) == bool(re.search("failed", said, I))


def test_one_of_several_is_enough() -> None:
    sets = any_of([needed(re.compile("refused")), needed(re.compile("timed out"))])

    assert sets == (frozenset({"refused", "timed out"}),)
    assert all_there(sets, "it timed out")
    assert not all_there(sets, "it works")
    assert any_of([needed(re.compile("refused")), needed(re.compile(r"\d"))]) == ()


def test_no_pattern_is_spared_where_it_would_match() -> None:
    """In the lines of all cases that the project has."""
    table = Table(PATTERNS)
    index = Words(table.places)
    lines = {line for case in told_cases()[::4] for piece in case.pieces for line in piece.text.split("\n")}
    lost = [
        (PATTERNS[at].kind, line)
        for line in lines
        for word in index.within(folded(line))
        for at in table.places[word]
        if not all_there(PATTERNS[at].needed, folded(line)) and PATTERNS[at].regex.search(line)
    ]

    assert lost == []


def test_without_the_tree_of_an_expression_nothing_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.signs.needed._parser", None)

    assert needed(re.compile("refused")) == ()
