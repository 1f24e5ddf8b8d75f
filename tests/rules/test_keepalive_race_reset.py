"""Rule keepalive_race_reset."""

# lines stand as hosts write them

from dataclasses import replace
from datetime import UTC

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules.keepalive_race_reset import keepalive_race_reset
from tests.support.asked import WELL, ask, error, fact, finding, probe, quoted


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


def test_is_likely_where_what_broke_was_answered_all_the_same() -> None:
    broke = "recv() failed (104: Connection reset by peer) while reading response header from upstream"
    log = fact("error_log", error(broke) * 3)
    access = fact(
        "access_log", '10.0.0.9 - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" 200 9 "-" "x"\n' * 3
    )
    config = fact("config", "upstream a { server 127.0.0.1:3000; keepalive 16; }")
    upstreams = fact("upstreams", WELL)
    assert isinstance(log, NginxErrorLog)
    assert isinstance(access, AccessLog)
    assert isinstance(config, NginxConfig)
    assert isinstance(upstreams, HttpProbes)
    timed = replace(log, errors=tuple(replace(e, at=e.at and e.at.replace(tzinfo=UTC)) for e in log.errors))

    answer = finding(keepalive_race_reset(timed, config, upstreams, access))

    assert answer.certainty is Certainty.LIKELY


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
