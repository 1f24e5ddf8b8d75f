"""Rule systemd_unit_error."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, crashing, finding, probe, quoted, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "systemd_unit_error",
            unit=crashing(ExecMainStatus=200),
            app_journal=systemd("myapp.service: Main process exited, code=exited, status=200/CHDIR"),
        )
    )

    assert answer.cause == "systemd_unit_error"
    assert answer.certainty is Certainty.CONFIRMED
    assert "200/CHDIR" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the program was run": {"unit": crashing()},
    "the program is missing, which says more": {"unit": crashing(ExecMainStatus=203)},
    "it runs": {"unit": unit()},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("systemd_unit_error", **texts)

    assert not isinstance(answer, Finding), answer


def test_a_unit_that_the_host_does_not_have_breaks_nothing_while_the_app_answers() -> None:
    gone = unit(LoadState="not-found", ActiveState="inactive", SubState="dead")

    assert ask("systemd_unit_error", unit=gone, upstreams=WELL) is None
    assert finding(ask("systemd_unit_error", unit=gone, upstreams=probe("refused"))).next_check is not None


def test_a_start_that_came_after_the_skipped_one_ends_the_doubt() -> None:
    skipped = "myapp.service - app was skipped because of an unmet condition check (ConditionPathExists=/x)."
    down = unit(ActiveState="inactive", SubState="dead")

    met = ask("systemd_unit_error", unit=down, app_journal=systemd(skipped, "Started myapp.service - app."))
    unmet = ask("systemd_unit_error", unit=down, app_journal=systemd("Started myapp.service - app.", skipped))

    assert met is None
    assert "ConditionPathExists=/x" in finding(unmet).says


def test_a_condition_that_nobody_ever_asked_for_is_not_unmet() -> None:
    rests = {"ActiveState": "inactive", "SubState": "dead", "ConditionResult": "no"}

    assert ask("systemd_unit_error", unit=unit(**rests)) is None
    assert ask("systemd_unit_error", unit=unit(**rests, ConditionTimestamp="Fri 2026-11-20 11:00:00 UTC"))


ENDS = {
    "start-pre operation timed out. Terminating.": "ExecStartPre=",
    "start operation timed out. Terminating.": "Type=notify",
    "Watchdog timeout (limit 2s)!": "watchdog",
}


@pytest.mark.parametrize(("said", "says"), ENDS.items(), ids=ENDS.values())
def test_an_end_by_systemds_own_clock_is_told_apart(said: str, says: str) -> None:
    journal = systemd("Starting myapp.service - app...", f"myapp.service: {said}")

    answer = finding(ask("systemd_unit_error", unit=crashing(Type="notify"), app_journal=journal))

    assert says in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
