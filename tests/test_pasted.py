"""What people and programs hand in to be judged without a host."""

import json

import pytest

from bot.errors import BadRequest
from bot.pasted import MOST_CHARACTERS, Case, cases, is_json_lines, text_case


def test_a_case_has_its_pieces_with_their_kinds() -> None:
    line = json.dumps({"id": "a", "evidence": [{"kind": "journal", "text": "x"}, {"text": "y"}, "z"]})

    (case,) = cases([line, "", "  "])

    assert isinstance(case, Case) and case.id == "a"
    assert [(piece.kind, piece.text) for piece in case.pieces] == [("journal", "x"), ("", "y"), ("", "z")]


def test_a_case_keeps_its_id_as_it_was_given_or_gets_its_line_number() -> None:
    found = list(cases(['{"id": 7, "evidence": []}', '{"evidence": []}', '{"id": "", "evidence": []}']))

    assert [case.id for case in found if isinstance(case, Case)] == [7, 2, ""]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{bad", "line 1 is not JSON"),
        ("[" * 100_000, "line 1 is not JSON"),
        ("[]", "no list `evidence`"),
        ('{"id": 1}', "no list `evidence`"),
        ('{"evidence": {"text": "x"}}', "no list `evidence`"),
        ('{"evidence": [{"kind": "x"}]}', "without `text`"),
        ('{"evidence": [3]}', "without `text`"),
    ],
)
def test_a_bad_line_is_named_with_the_form_that_works_and_ends_nothing(line: str, says: str) -> None:
    bad, good = cases([line, '{"id": "b", "evidence": []}'])

    assert isinstance(bad, BadRequest) and says in str(bad) and '"evidence": [' in str(bad)
    assert isinstance(good, Case) and good.id == "b"


def test_a_kind_that_is_no_word_is_left_out() -> None:
    (case,) = cases(['{"evidence": [{"kind": 5, "text": "x"}]}'])

    assert isinstance(case, Case) and case.pieces[0].kind == ""


@pytest.mark.parametrize(
    ("text", "is_lines"),
    [
        ('\n{"id": 1, "evidence": []}', True),
        ('{"id": 1, "evidence": [', True),
        ('{"id": "a\u2028b", "evidence": []}', True),
        ('{"level": "error", "msg": "dial tcp"}', False),
        ("2026/11/20 upstream timed out", False),
        ("", False),
    ],
)
def test_logs_in_json_are_text_and_cases_are_cases(text: str, is_lines: bool) -> None:
    assert is_json_lines(text) is is_lines


def test_text_is_one_case_of_which_the_end_is_kept() -> None:
    case = text_case("error.log", "a" * MOST_CHARACTERS + "the end")

    assert case.pieces[0].text.endswith("the end") and len(case.pieces[0].text) == MOST_CHARACTERS


def test_nothing_pasted_is_said() -> None:
    with pytest.raises(BadRequest, match=r"error\.log is empty; paste"):
        text_case("error.log", " \n")
