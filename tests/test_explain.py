"""What a cause is."""

import pytest

from bot.catalog import names_of_code
from bot.errors import BadRequest
from bot.explain import LABELS, OF_THE_JUDGE, explain, mend_of, parts
from bot.model.verdict import Certainty, RestartAdvice, RestartEffect, Verdict

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


@pytest.mark.parametrize(
    ("cause", "certainty", "label"),
    [
        ("wrong_port", Certainty.CONFIRMED, "Mended by"),
        ("wrong_port", Certainty.POSSIBLE, "If it is this, mended by"),
        ("host_key_changed", Certainty.CONFIRMED, "Mended by"),
        ("healthy", Certainty.CONFIRMED, ""),
        ("unknown", Certainty.POSSIBLE, ""),
    ],
)
def test_what_mends_a_cause_is_said_only_as_surely_as_the_cause(
    cause: str, certainty: Certainty, label: str
) -> None:
    restart = RestartAdvice(effect=RestartEffect.USELESS, what="app", why="so")
    verdict = Verdict(
        cause=cause,
        certainty=certainty,
        says="so",
        found=(),
        ruled_out=(),
        unchecked=(),
        restart=restart,
    )

    said, mend = mend_of(verdict)

    assert said == label and bool(mend) == bool(label)
