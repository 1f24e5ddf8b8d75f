"""Pasted text and its verdict."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diagnose import MOST_OF_A_FIT, diagnose, rules_of_text
from bot.explain import parts
from bot.model.sign import Piece
from bot.model.verdict import Certainty, RestartEffect
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
    assert not set(case.never) & {one.cause for one in verdict.found if one.weight > MOST_OF_A_FIT}
    if verdict.cause != "unknown" and verdict.certainty is not Certainty.CONFIRMED:
        assert len(set(named)) == len(named) >= 3, "an unsure verdict names three different causes"
        assert all(one.next_check for one in verdict.found), "each with the check that would decide"


@pytest.mark.parametrize("cause", sorted(rules_of_text()))
def test_each_cause_told_by_text_has_a_case_that_names_it_and_one_that_must_not(cause: str) -> None:
    assert any(case.first == cause for case in CASES), f"no case names {cause} first"
    assert any(cause in case.never for case in CASES), f"no case in which {cause} must not be named"


@settings(deadline=None)  # the first text loads the tables
@given(st.lists(st.builds(Piece, text=st.text(max_size=400), kind=st.text(max_size=20)), max_size=4))
def test_no_text_breaks_it(pieces: list[Piece]) -> None:
    verdict = diagnose(pieces)

    assert verdict.cause == "unknown" or verdict.found[0].cause == verdict.cause


def test_a_sure_verdict_names_no_other_cause() -> None:
    sure = diagnose([Piece(text="upstream sent too big header while reading response header from upstream")])

    assert [one.cause for one in sure.found] == ["header_too_big"]


def test_a_cause_that_is_ruled_out_is_not_brought_back_by_its_fit() -> None:
    refused = 'connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://127.0.0.1:9/"'
    listens = 'tcp LISTEN 0 511 127.0.0.1:9 0.0.0.0:* users:(("node",pid=77,fd=18))'

    verdict = diagnose([Piece(text=refused), Piece(text=listens)])

    assert "upstream_down" in {one.cause for one in verdict.ruled_out}
    assert "upstream_down" not in {one.cause for one in verdict.found}


def test_what_only_fits_is_possible_weighs_less_than_any_rule_and_advises_no_restart() -> None:
    verdict = diagnose([Piece(text="the container has no shell, iptables is in use")])

    assert verdict.found
    assert {one.certainty for one in verdict.found} == {Certainty.POSSIBLE}
    assert {one.restart.effect for one in verdict.found} == {RestartEffect.USELESS}
    assert max(one.weight for one in verdict.found) <= MOST_OF_A_FIT


def test_what_only_fits_is_told_in_words_and_a_flat_no_is_kept_for_more_than_a_possibility() -> None:
    verdict = diagnose([Piece(text="After upgrading to v3 our shop behind Traefik answers Bad Gateway.")])
    fitted = next(one for one in verdict.found if one.says.startswith("nothing here proves it"))

    conclusion = parts(fitted.cause)[""].rstrip(".")
    assert fitted.says.endswith(f": {conclusion[0].lower()}{conclusion[1:]}")
    assert (verdict.certainty, verdict.restart_answer) == (Certainty.POSSIBLE, "Not if it is this")
    sure = diagnose([Piece(text="upstream sent too big header while reading response header from upstream")])
    assert sure.restart_answer == "No"
