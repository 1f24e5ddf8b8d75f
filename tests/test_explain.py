"""What a cause is."""

from dataclasses import replace

import pytest

from bot.catalog import names_of_code
from bot.errors import BadRequest
from bot.explain import COMES_FROM, LABELS, OF_THE_JUDGE, comes_from, explain, mend_of, parts
from bot.model.verdict import Certainty, RestartAdvice, RestartEffect, Verdict
from tests.support.incidents import broken

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


FOLLOWS = {
    "a crash from a bad release": ("deploy_bad_release", Certainty.CONFIRMED, "app_crash_startup", 80, True),
    "nobody listens, since it was stopped": (
        "app_stopped_by_hand",
        Certainty.CONFIRMED,
        "upstream_down",
        20,
        True,
    ),
    "a mere possibility leads to nothing": (
        "deploy_bad_release",
        Certainty.POSSIBLE,
        "app_crash_startup",
        80,
        False,
    ),
    "what fails nobody follows from nothing": (
        "deploy_bad_release",
        Certainty.CONFIRMED,
        "upstream_down",
        -60,
        False,
    ),
    "two faults side by side": ("app_500", Certainty.CONFIRMED, "disk_full", 50, False),
}


@pytest.mark.parametrize(
    ("first", "certainty", "second", "weight", "follows"), FOLLOWS.values(), ids=FOLLOWS.keys()
)
def test_a_finding_follows_only_from_a_sure_one_that_leads_to_it(
    first: str, certainty: Certainty, second: str, weight: int, follows: bool
) -> None:
    source = replace(broken(first).found[0], certainty=certainty, weight=100)
    finding = replace(broken(second).found[0], weight=weight)
    verdict = replace(broken(first), found=(source, finding))

    assert comes_from(finding, verdict) == (first if follows else "")
    assert comes_from(source, verdict) == ""


def test_what_findings_come_from_are_causes() -> None:
    named = {*COMES_FROM, *(cause for causes in COMES_FROM.values() for cause in causes)}

    assert named <= set(names_of_code().rules)


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
