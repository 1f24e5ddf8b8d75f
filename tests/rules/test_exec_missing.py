"""Rule exec_missing."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "exec_missing",
            unit=crashing(ExecMainStatus=203),
            app_journal=systemd("myapp.service: Main process exited, code=exited, status=203/EXEC"),
        )
    )

    assert answer.cause == "exec_missing"
    assert answer.certainty is Certainty.CONFIRMED
    assert "203/EXEC" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it ended with another status": {"unit": crashing()},
    "it runs": {"unit": unit()},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("exec_missing", **texts)

    assert not isinstance(answer, Finding), answer


def test_names_the_program() -> None:
    start = "{ path=/opt/app/run ; argv[]=/opt/app/run ; ignore_errors=no }"
    answer = finding(ask("exec_missing", unit=crashing(ExecMainStatus=203, ExecStart=start)))

    assert "/opt/app/run" in answer.says
