"""Rule dns_unresolved."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "dns_unresolved",
            error_log=error("app.internal could not be resolved (3: Host not found)"),
        )
    )

    assert answer.cause == "dns_unresolved"
    assert answer.certainty is Certainty.CONFIRMED
    assert "could not be resolved" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_names_the_resolver_that_is_silent() -> None:
    config = "http { resolver 10.9.9.9 valid=5s; }"
    answer = finding(
        ask(
            "dns_unresolved",
            error_log=error("app.internal could not be resolved (110: Operation timed out)"),
            config=config,
        )
    )

    assert "its resolver 10.9.9.9 does not answer" in answer.says
    assert "resolver 10.9.9.9 valid=5s;" in quoted(answer)


NOT_SO = {
    "no name is looked up any more, and users are served": {
        "error_log": error("no resolver defined to resolve app.internal"),
        "config": "server { location / { proxy_pass http://127.0.0.1:3000; } }",
        "front": WELL,
    },
    "nginx does not say so": {"error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("dns_unresolved", **texts)

    assert not isinstance(answer, Finding), answer
