"""Rule permission_user."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "permission_user",
            unit=crashing(ExecMainStatus=217, User="ghost"),
            app_journal=systemd("myapp.service: Main process exited, code=exited, status=217/USER"),
        )
    )

    assert answer.cause == "permission_user"
    assert answer.certainty is Certainty.CONFIRMED
    assert "217/USER" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it ended with another status": {"unit": crashing()},
    "it runs": {"unit": unit()},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("permission_user", **texts)

    assert not isinstance(answer, Finding), answer
