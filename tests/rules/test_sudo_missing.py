"""Rule sudo_missing."""

# ruff: noqa: E501  # lines stand as hosts write them

from dataclasses import replace

import pytest

from bot.model.evidence import Gap, GapKind
from bot.model.verdict import Certainty, Finding, RestartEffect, RuledOut
from bot.rules.sudo_missing import sudo_missing
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


NO_LIST = Gap(
    step="sudo", kind=GapKind.REFUSED, reason="sudo refused `sudo -n -l`: sudo: a password is required"
)
LATE = Gap(step="sudo", kind=GapKind.TIMED_OUT, reason="no answer within 10 s")


def test_is_ruled_out_where_sudo_runs_commands_and_only_does_not_list_them() -> None:
    """`Defaults listpw=always`: the list wants a password, the rules do not."""
    answer = sudo_missing(None, (NO_LIST,), ("config_test",))

    assert isinstance(answer, RuledOut)
    assert "config_test" in answer.because[0].text


def test_a_sudo_that_answers_nothing_in_time_is_told_as_that() -> None:
    late = replace(LATE, step="kernel_log")

    answer = finding(sudo_missing(None, (late, LATE), ()))

    assert answer.certainty is Certainty.LIKELY
    assert "in time" in answer.says
    assert "LDAP" in (answer.mend or "")


def test_a_host_that_answers_nothing_in_time_is_not_sudos_trouble() -> None:
    assert sudo_missing(None, (LATE, replace(LATE, step="host_clock")), ()) is None


def test_a_late_list_is_no_trouble_where_sudo_ran_a_command() -> None:
    assert not isinstance(sudo_missing(None, (LATE,), ("config_test",)), Finding)
