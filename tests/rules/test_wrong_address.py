"""Rule wrong_address."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, listens, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "wrong_address",
            listeners=listens(),
            upstreams=probe("refused", address="10.0.0.5:3000"),
        )
    )

    assert answer.cause == "wrong_address"
    assert answer.certainty is Certainty.CONFIRMED
    assert "127.0.0.1:3000" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "a listener takes every address": {
        "listeners": listens("0.0.0.0:3000"),
        "upstreams": probe("refused", address="10.0.0.5:3000"),
    },
    "nobody listens on the port": {
        "listeners": listens("127.0.0.1:3001"),
        "upstreams": probe("refused", address="10.0.0.5:3000"),
    },
    "the upstream answers": {"listeners": listens(), "upstreams": WELL},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("wrong_address", **texts)

    assert not isinstance(answer, Finding), answer
