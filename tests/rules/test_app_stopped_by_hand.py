"""Rule app_stopped_by_hand."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, stopped, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_stopped_by_hand",
            unit=stopped(),
            app_journal=systemd(
                "Stopping myapp.service - My web app...", "Stopped myapp.service - My web app."
            ),
        )
    )

    assert answer.cause == "app_stopped_by_hand"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Stopping myapp.service" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "it runs": {"unit": unit()},
    "it failed": {"unit": crashing(ActiveState="failed")},
    "it was never started": {"unit": stopped(InactiveEnterTimestamp="")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_stopped_by_hand", **texts)

    assert not isinstance(answer, Finding), answer
