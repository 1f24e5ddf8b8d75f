"""Rule nginx_down."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, nginx, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "nginx_down",
            nginx_unit=nginx(ActiveState="inactive", SubState="dead"),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )

    assert answer.cause == "nginx_down"
    assert answer.certainty is Certainty.CONFIRMED
    assert "ActiveState=inactive" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "nginx runs": {"nginx_unit": nginx()},
    "something answers there all the same": {
        "nginx_unit": nginx(ActiveState="inactive", SubState="dead"),
        "front": WELL,
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("nginx_down", **texts)

    assert not isinstance(answer, Finding), answer
