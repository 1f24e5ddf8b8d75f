"""Rule app_hang."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, listens, probe, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_hang",
            upstreams=probe("read_timeout") + probe("read_timeout", path="/livez"),
            listeners=listens(waiting=3),
        )
    )

    assert answer.cause == "app_hang"
    assert answer.certainty is Certainty.CONFIRMED
    assert "LISTEN 3 128" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


NOT_SO = {
    "the health path answers": {
        "upstreams": probe("read_timeout") + probe("answered", status=200, path="/livez")
    },
    "it is out of descriptors, which says more": {
        "upstreams": probe("read_timeout"),
        "app_journal": said("accept() failed: [Errno 24] Too many open files"),
    },
    "it refuses": {"upstreams": probe("refused")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_hang", **texts)

    assert not isinstance(answer, Finding), answer
