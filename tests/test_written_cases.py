"""The verdict over the cases written from how programs log and people report, all of them at once."""

from pathlib import Path

import pytest

from bot.model.verdict import Certainty
from tools.accuracy import Judged, judged

# The first one judges them all.
pytestmark = pytest.mark.timeout(900)

FOLDER = Path(__file__).parent / "cases/written"
SETS = sorted(FOLDER.glob("*.jsonl"))


@pytest.fixture(scope="module")
def cases() -> list[Judged]:
    return [case for path in SETS for case in judged(path)]


def share(part: int, whole: int) -> float:
    return 100 * part / whole


def test_the_right_cause_is_first_and_among_three_as_often_as_when_it_was_measured(
    cases: list[Judged],
) -> None:
    first = sum(case.ranked[0] == case.cause for case in cases)
    three = sum(case.cause in case.ranked[:3] for case in cases)

    assert share(first, len(cases)) >= 92
    assert share(three, len(cases)) >= 98


def test_of_what_is_confirmed_at_most_two_in_a_hundred_are_wrong(cases: list[Judged]) -> None:
    sure = [case for case in cases if case.verdict.certainty is Certainty.CONFIRMED]

    assert share(sum(case.ranked[0] != case.cause for case in sure), len(sure)) <= 2


def test_a_restart_is_advised_where_it_is_wrong_in_at_most_one_case_of_eighty(cases: list[Judged]) -> None:
    wrong = [case for case in cases if case.restart == "no"]

    assert share(sum(case.is_wrong_restart for case in wrong), len(wrong)) <= 1.25
