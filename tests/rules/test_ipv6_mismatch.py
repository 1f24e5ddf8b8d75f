"""Rule ipv6_mismatch."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, listens, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "ipv6_mismatch",
            listeners=listens(),
            upstreams=probe("refused", address="[::1]:3000"),
        )
    )

    assert answer.cause == "ipv6_mismatch"
    assert answer.certainty is Certainty.CONFIRMED
    assert "[::1]:3000" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the port listens on both families": {
        "listeners": listens("*:3000"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
    "the dialled family listens": {
        "listeners": listens("[::1]:3000"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
    "nobody listens on the port": {
        "listeners": listens("127.0.0.1:1"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("ipv6_mismatch", **texts)

    assert not isinstance(answer, Finding), answer
