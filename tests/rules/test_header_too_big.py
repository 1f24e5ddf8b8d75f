"""Rule header_too_big."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "header_too_big",
            error_log=error("upstream sent too big header while reading response header from upstream"),
            upstreams=probe("answered", status=200, header=64000),
        )
    )

    assert answer.cause == "header_too_big"
    assert answer.certainty is Certainty.CONFIRMED
    assert "too big header" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


_LONG = probe("answered", status=200, header=64000)
_CONFIG = "server { location / { proxy_pass http://127.0.0.1:3000; } }"
_ANOTHER = probe("answered", status=200, address="127.0.0.1:3005")


def test_a_header_above_the_buffer_is_named_though_another_server_answered_in_its_place() -> None:
    answer = finding(
        ask("header_too_big", error_log="", upstreams=_LONG + _ANOTHER, front=WELL, config=_CONFIG)
    )

    assert answer.certainty is Certainty.LIKELY
    assert "64000" in quoted(answer)
    assert answer.next_check


NOT_SO = {
    "nginx passes it on": {"error_log": "", "upstreams": _LONG, "front": WELL, "config": _CONFIG},
    "nginx has a larger buffer": {
        "error_log": "",
        "upstreams": _LONG + _ANOTHER,
        "front": WELL,
        "config": "proxy_buffer_size 64k; " + _CONFIG,
    },
    "headers are small": {"upstreams": WELL, "error_log": ""},
    "a long header that nginx takes": {"upstreams": probe("answered", status=200, header=6000)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("header_too_big", **texts)

    assert not isinstance(answer, Finding), answer
