"""Pasted text and its verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import names_of_code
from bot.diagnose import LOOKALIKE, diagnose, rules_of_text
from bot.model.sign import Piece
from bot.rules._rivals import RIVALS
from tests.support.told import ToldCase, told_cases

CASES = told_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_verdict_over_pasted_text(case: ToldCase) -> None:
    verdict = diagnose(case.pieces)
    named = [finding.cause for finding in verdict.found]

    if case.first:
        assert verdict.cause == case.first, named
    if case.certainty:
        assert verdict.certainty.value == case.certainty
    if case.restart:
        assert verdict.restart.effect.value == case.restart
    assert set(case.among) <= set(named)
    assert not set(case.never) & {one.cause for one in verdict.found if one.weight > LOOKALIKE}


@pytest.mark.parametrize("cause", sorted(rules_of_text()))
def test_each_cause_told_by_text_has_a_case_that_names_it_and_one_that_must_not(cause: str) -> None:
    assert any(case.first == cause for case in CASES), f"no case names {cause} first"
    assert any(cause in case.never for case in CASES), f"no case in which {cause} must not be named"


@given(st.lists(st.builds(Piece, text=st.text(max_size=400), kind=st.text(max_size=20)), max_size=4))
def test_no_text_breaks_it(pieces: list[Piece]) -> None:
    verdict = diagnose(pieces)

    assert verdict.cause == "unknown" or verdict.found[0].cause == verdict.cause


def test_an_unsure_verdict_names_its_look_alikes_and_a_sure_one_none() -> None:
    unsure = diagnose([Piece(text="connect() to unix:/run/a.sock failed (2: No such file or directory)")])
    sure = diagnose([Piece(text="upstream sent too big header while reading response header from upstream")])

    assert len(unsure.found) >= 3
    assert [one.cause for one in sure.found] == ["header_too_big"]


def test_look_alikes_are_causes_and_never_the_cause_itself() -> None:
    known = set(names_of_code().rules)

    assert set(RIVALS) <= known
    assert all(set(rivals) <= known - {cause} for cause, rivals in RIVALS.items())
