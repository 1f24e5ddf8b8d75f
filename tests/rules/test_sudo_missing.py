"""Rule sudo_missing."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "sudo_missing",
            sudo="",
        )
    )

    assert answer.cause == "sudo_missing"
    assert answer.certainty is Certainty.CONFIRMED
    assert "sudo -n -l" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_a_sudo_that_wants_a_terminal_has_a_mend_of_its_own() -> None:
    answer = finding(ask("sudo_missing", sudo="sudo: sorry, you must have a tty to run sudo"))

    assert "!requiretty" in (answer.mend or "")


NOT_SO = {
    "some rule works": {
        "sudo": "User runbook may run the following commands on web-01:\n    (root) NOPASSWD: /usr/sbin/nginx -t\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("sudo_missing", **texts)

    assert not isinstance(answer, Finding), answer
