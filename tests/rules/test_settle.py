"""Points are settled on cases: what cases show moves, what they do not show stays as it was written."""

import tomllib

from bot.rules._leanings import FREQUENCY, LEANINGS, TABLE
from tools.leanings_file import written
from tools.settle import Case, right, settle

START = {"": dict.fromkeys(FREQUENCY, 0), "dial_refused": {"wrong_port": 20}, "unit:failed": {"oom_kill": 5}}
CASES = [Case(rows=("dial_refused",), cause="upstream_down")] * 30


def test_a_row_learns_the_cause_that_its_cases_have() -> None:
    settled = dict(settle(CASES, START).settled())

    assert settled["dial_refused"]["upstream_down"] > settled["dial_refused"].get("wrong_port", 0)


def test_a_row_that_no_case_shows_stays_as_it_was_written() -> None:
    assert dict(settle(CASES, START).settled())["unit:failed"] == {"oom_kill": 5}


def test_few_cases_move_a_row_less_than_many_do() -> None:
    few, many = (dict(settle(CASES[:n], START).settled())["dial_refused"] for n in (1, 30))

    assert few["wrong_port"] > many.get("wrong_port", 0)


def test_what_was_learnt_is_told_by_cases_it_did_not_see() -> None:
    assert right(settle([], START), CASES[:4]) == "first 0.0%, among three 0.0% of 4"
    assert right(settle(CASES, START), CASES[:4]) == "first 100.0%, among three 100.0% of 4"


def test_the_table_is_written_as_it_is_read() -> None:
    text = written({"": FREQUENCY, **LEANINGS})

    assert tomllib.loads(text) == tomllib.loads(TABLE.read_text())
