"""Rule start_limit_hit."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "start_limit_hit",
            unit=crashing(ActiveState="failed", SubState="failed", ExecMainStatus=0),
            app_journal=systemd("myapp.service: Start request repeated too quickly."),
        )
    )

    assert answer.cause == "start_limit_hit"
    assert answer.certainty is Certainty.CONFIRMED
    assert "repeated too quickly" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "it still waits for its next start": {"unit": crashing()},
    "it runs": {"unit": unit()},
    "it failed without the limit": {"unit": crashing(ActiveState="failed")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("start_limit_hit", **texts)

    assert not isinstance(answer, Finding), answer
