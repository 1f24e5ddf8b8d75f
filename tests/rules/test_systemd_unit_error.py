"""Rule systemd_unit_error."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, systemd, unit


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
