"""Rule firewall_or_no_route."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "firewall_or_no_route",
            error_log=error(
                "connect() failed (113: No route to host) while connecting to upstream",
                upstream="http://10.0.0.7:3000/",
            ),
            upstreams=probe("unreachable", address="10.0.0.7:3000"),
        )
    )

    assert answer.cause == "firewall_or_no_route"
    assert answer.certainty is Certainty.LIKELY
    assert "No route to host" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the upstream refuses, so it is reached": {"error_log": error(REFUSED), "upstreams": probe("refused")},
    "the upstream answers": {
        "upstreams": WELL,
        "error_log": error("connect() failed (113: Host is unreachable) while connecting to upstream"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("firewall_or_no_route", **texts)

    assert not isinstance(answer, Finding), answer
