"""Rule host_not_found_at_start."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, nginx, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "host_not_found_at_start",
            config_test='nginx: [emerg] host not found in upstream "app:3000" in /etc/nginx/conf.d/a.conf:2\nnginx: configuration file /etc/nginx/nginx.conf test failed\n',
            nginx_unit=nginx(ActiveState="failed", SubState="failed"),
        )
    )

    assert answer.cause == "host_not_found_at_start"
    assert answer.certainty is Certainty.CONFIRMED
    assert "host not found in upstream" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "nginx runs and its test passes": {
        "config_test": "nginx: configuration file test is successful",
        "nginx_unit": nginx(),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("host_not_found_at_start", **texts)

    assert not isinstance(answer, Finding), answer


_SAID = '2026/03/05 10:11:01 [emerg] 6#6: host not found in upstream "kasse" in /etc/nginx/conf.d/a.conf:3'
_PASSES = "nginx: configuration file /etc/nginx/nginx.conf test is successful"
_FAILS = '2026/03/05 12:40:09 [error] 412#412: *5 upstream timed out (110: Connection timed out) while reading response header from upstream, upstream: "http://127.0.0.1:8000/"'


@pytest.mark.parametrize(
    ("lines", "certainty", "answer"),
    [
        pytest.param([_SAID], Certainty.LIKELY, "No", id="nothing since"),
        pytest.param([_SAID, _PASSES], Certainty.LIKELY, "Yes", id="its test passes now"),
        pytest.param([_PASSES, _SAID], Certainty.LIKELY, "No", id="its test passed before"),
    ],
)
def test_a_start_helps_where_its_test_passes_by_now(
    lines: list[str], certainty: Certainty, answer: str
) -> None:
    verdict = diagnose([Piece(text="\n".join(lines))])

    assert (verdict.cause, verdict.certainty) == ("host_not_found_at_start", certainty)
    assert (verdict.restart.answer, verdict.restart.what) == (answer, "nginx")


def test_it_is_over_where_it_passed_requests_on_since() -> None:
    verdict = diagnose([Piece(text="\n".join((_SAID, _PASSES, _FAILS)))])

    assert verdict.cause == "http_504_timeout"
    (over,) = [one for one in verdict.found if one.cause == "host_not_found_at_start"]
    assert over.certainty is Certainty.POSSIBLE
