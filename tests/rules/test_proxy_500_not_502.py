"""Rule proxy_500_not_502."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "proxy_500_not_502",
            front=probe("answered", status=500, address="127.0.0.1:80"),
            upstreams=WELL,
            error_log=error("rewrite or internal redirection cycle while processing"),
        )
    )

    assert answer.cause == "proxy_500_not_502"
    assert answer.certainty is Certainty.CONFIRMED
    assert "redirection cycle" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the app answers 500 itself": {
        "front": probe("answered", status=500),
        "upstreams": probe("answered", status=500),
    },
    "nginx answers well": {"front": WELL, "upstreams": WELL},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("proxy_500_not_502", **texts)

    assert not isinstance(answer, Finding), answer
