"""Rule worker_connections."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "worker_connections",
            error_log="2026/11/20 11:59:58 [alert] 63#63: 1024 worker_connections are not enough\n",
            config="events { worker_connections 1024; }",
        )
    )

    assert answer.cause == "worker_connections"
    assert answer.certainty is Certainty.CONFIRMED
    assert "1024 worker_connections" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx does not say so": {"error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("worker_connections", **texts)

    assert not isinstance(answer, Finding), answer
