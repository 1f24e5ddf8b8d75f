"""What a cause is."""

import pytest

from bot.catalog import names_of_code
from bot.errors import BadRequest
from bot.explain import LABELS, OF_THE_JUDGE, explain, parts

CAUSES = sorted({*names_of_code().rules, *OF_THE_JUDGE})


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_says_why_what_excludes_it_and_what_mends_it(cause: str) -> None:
    told = parts(cause)

    assert all(told.values())
    assert [label for label in told if label] == list(LABELS)


def test_a_label_s_text_is_on_one_line() -> None:
    assert "\n" not in parts("wrong_port")["Why"]
    assert explain("wrong_port").startswith("wrong_port\n==========\n")


def test_what_is_no_cause_is_empty_and_explaining_it_names_the_nearest() -> None:
    assert parts("no_such_cause") == {"": ""} and parts("_told") == {"": ""}
    with pytest.raises(BadRequest, match="wrong_port"):
        explain("wrong_prot")
