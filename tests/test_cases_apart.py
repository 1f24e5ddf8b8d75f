"""The verdict over cases that no rule, point or word is learnt from: it must judge what is new to it as well.

Keep them apart: whoever mends the judgement from one of these takes it out of here and into `cases/written`.
"""

from pathlib import Path

import pytest

from bot.model.verdict import Certainty
from tools.accuracy import Judged, judged

FOLDER = Path(__file__).parent / "cases/apart"


@pytest.fixture(scope="module")
def cases() -> list[Judged]:
    return [case for path in sorted(FOLDER.glob("*.jsonl")) for case in judged(path)]


def share(part: int, whole: int) -> float:
    return 100 * part / whole


def test_the_right_cause_is_first_and_among_three(cases: list[Judged]) -> None:
    first = sum(case.ranked[0] == case.cause for case in cases)
    three = sum(case.cause in case.ranked[:3] for case in cases)

    assert share(first, len(cases)) >= 85
    assert share(three, len(cases)) >= 96


def test_of_what_is_confirmed_at_most_two_in_a_hundred_are_wrong(cases: list[Judged]) -> None:
    sure = [case for case in cases if case.verdict.certainty is Certainty.CONFIRMED]

    assert len(sure) >= len(cases) / 4
    assert share(sum(case.ranked[0] != case.cause for case in sure), len(sure)) <= 2


def test_a_restart_is_advised_where_it_is_wrong_in_at_most_one_case_of_a_hundred(cases: list[Judged]) -> None:
    wrong = [case for case in cases if case.restart == "no"]

    assert share(sum(case.is_wrong_restart for case in wrong), len(wrong)) <= 1
