"""Rule app_crash_startup."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, said, stopped, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_crash_startup",
            unit=crashing(),
            app_journal=said("Traceback (most recent call last):", "RuntimeError: DATABASE_URL is not set")
            + systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        )
    )

    assert answer.cause == "app_crash_startup"
    assert answer.certainty is Certainty.CONFIRMED
    assert "DATABASE_URL is not set" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it runs and never ended": {"unit": unit()},
    "it was stopped by hand": {"unit": stopped()},
    "a signal from outside ended it": {"unit": crashing(ExecMainCode=2, ExecMainStatus=9)},
    "it had worked for an hour": {"unit": crashing(ExecMainStartTimestamp="Fri 2026-11-20 10:59:51 UTC")},
    "systemd never ran the program": {"unit": crashing(ExecMainStatus=203)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_crash_startup", **texts)

    assert not isinstance(answer, Finding), answer
