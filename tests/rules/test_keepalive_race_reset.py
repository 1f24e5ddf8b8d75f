"""Rule keepalive_race_reset."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "keepalive_race_reset",
            error_log=error(
                "recv() failed (104: Connection reset by peer) while reading response header from upstream"
            ),
            config="upstream a { server 127.0.0.1:3000; keepalive 16; }",
            upstreams=WELL,
            access_log='10.0.0.9 - - [20/Nov/2026:11:59:30 +0000] "GET / HTTP/1.1" 200 9 "-" "x"\n' * 50,
        )
    )

    assert answer.cause == "keepalive_race_reset"
    assert answer.certainty is Certainty.LIKELY
    assert "keepalive 16;" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx keeps nothing open": {
        "error_log": error(
            "upstream prematurely closed connection while reading response header from upstream"
        ),
        "config": "upstream a { server 127.0.0.1:3000; }",
        "upstreams": WELL,
    },
    "fresh connections are dropped too": {
        "error_log": error(
            "upstream prematurely closed connection while reading response header from upstream"
        ),
        "config": "upstream a { server 127.0.0.1:3000; keepalive 16; }",
        "upstreams": probe("closed"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("keepalive_race_reset", **texts)

    assert not isinstance(answer, Finding), answer
