"""Rule http_504_timeout."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, probe, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "http_504_timeout",
            upstreams=probe("read_timeout") + probe("answered", status=200, path="/livez"),
            error_log=error(
                "upstream timed out (110: Connection timed out) while reading response header from upstream"
            ),
            front=probe("answered", status=504, address="127.0.0.1:80"),
        )
    )

    assert answer.cause == "http_504_timeout"
    assert answer.certainty is Certainty.CONFIRMED
    assert "upstream timed out" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nothing timed out": {"upstreams": WELL},
    "it answers nothing at all": {
        "upstreams": probe("read_timeout") + probe("read_timeout", path="/livez"),
        "error_log": error(
            "upstream timed out (110: Connection timed out) while reading response header from upstream"
        ),
    },
    "it cannot accept for want of descriptors": {
        "upstreams": probe("read_timeout") + probe("answered", status=200, path="/livez"),
        "error_log": error(
            "upstream timed out (110: Connection timed out) while reading response header from upstream"
        ),
        "app_journal": said("Too many open files"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("http_504_timeout", **texts)

    assert not isinstance(answer, Finding), answer


def test_the_time_that_nginx_waits_is_that_of_the_protocol_it_speaks() -> None:
    late = error(
        "upstream timed out (110: Connection timed out) while reading response header from upstream",
        upstream="uwsgi://127.0.0.1:3000",
    )
    config = (
        "server { location / { uwsgi_pass 127.0.0.1:3000; uwsgi_read_timeout 20s; proxy_read_timeout 5s; } }"
    )

    answer = finding(
        ask(
            "http_504_timeout",
            error_log=late,
            config=config,
            upstreams=probe("answered", status=200, protocol="uwsgi"),
        )
    )

    assert "later than nginx waits (20 s)" in answer.says
