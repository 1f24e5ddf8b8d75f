"""Rule backlog_full."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, listens, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "backlog_full",
            listeners=listens(waiting=129),
            upstreams=probe("backlog_full"),
        )
    )

    assert answer.cause == "backlog_full"
    assert answer.certainty is Certainty.CONFIRMED
    assert "LISTEN 129 128" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


NOT_SO = {
    "no queue is full": {"listeners": listens(waiting=3)},
    "the queue of nginx itself is long": {"listeners": listens("0.0.0.0:80", by="nginx", waiting=129)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("backlog_full", **texts)

    assert not isinstance(answer, Finding), answer
