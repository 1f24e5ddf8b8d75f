"""Rules that are not asked, because a case has none of the signs they ask for."""

from collections.abc import Callable
from itertools import islice

import pytest

from bot.diagnose import rules_of_text
from bot.model.sign import Sign, Signs
from bot.rules._asked import needs
from bot.rules._circumstances import ROWS
from bot.rules._once import kinds_of, lines_of, lower_text, once
from bot.signs import read
from tests.support.told import told_cases

EVERY: dict[str, Callable[[Signs], object]] = {
    **rules_of_text(),
    **{f"{number}: {row.cause}": row.shows for number, row in enumerate(ROWS)},
}


@once
def away(signs: Signs) -> Sign | None:
    return signs.first("dial_refused", "dial_missing")


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (lambda signs: signs.of("page", "status"), {"page", "status"}),
        (lambda signs: signs.first("page"), {"page"}),
        (lambda signs: signs.has("page"), {"page"}),
        (lambda signs: signs.where("unit", active="failed"), {"unit"}),
        (lambda signs: signs.first("page") and signs.first("unit"), {"page"}),
        (away, {"dial_refused", "dial_missing"}),
    ],
)
def test_what_is_asked_of_no_signs_is_what_is_needed(
    told: Callable[[Signs], object], kinds: set[str]
) -> None:
    # Asked twice: what one rule kept of a case must not hide the question from the next.
    for _ in range(2):
        needed = needs(told)
        assert needed.kinds == kinds
        assert needed.are_met(kinds)
        assert not needed.are_met({"another"})


@pytest.mark.parametrize(
    "told",
    [
        lambda signs: [sign for sign in signs.all if sign.kind == "page"],
        lambda signs: "page" in signs.text,
        lambda signs: signs.unread,
        lower_text,
        lines_of,
        lambda signs: not signs.has("page"),
    ],
)
def test_who_reads_more_or_speaks_of_nothing_is_asked_of_every_case(told: Callable[[Signs], object]) -> None:
    assert needs(told).are_met(set())


def test_no_rule_that_is_not_asked_would_have_said_anything() -> None:
    needed = {name: needs(told) for name, told in EVERY.items()}

    unheard = [
        (name, case.pieces)
        for case in islice(told_cases(), 0, None, 10)
        for signs in (read(case.pieces),)
        for name, told in EVERY.items()
        if not needed[name].are_met(kinds_of(signs)) and told(signs)
    ]

    assert unheard == []


def test_hardly_any_rule_is_asked_of_every_case() -> None:
    """Who looks for a word in all lines does so after it has asked for the signs it needs besides."""
    assert {name for name, told in EVERY.items() if needs(told).is_any} <= {"nginx_config_invalid"}
