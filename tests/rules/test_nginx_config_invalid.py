"""Rule nginx_config_invalid."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, nginx, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "nginx_config_invalid",
            config_test='nginx: [emerg] unknown directive "proxy_buffer_sise" in /etc/nginx/conf.d/a.conf:1\nnginx: configuration file /etc/nginx/nginx.conf test failed\n',
            nginx_unit=nginx(),
        )
    )

    assert answer.cause == "nginx_config_invalid"
    assert answer.certainty is Certainty.CONFIRMED
    assert "proxy_buffer_sise" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HARMFUL


NOT_SO = {
    "the test succeeds": {
        "config_test": "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file test is successful\n"
    },
    "only root could have read the pid file": {
        "config_test": 'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: [emerg] open() "/run/nginx.pid" failed (13: Permission denied)\nnginx: configuration file /etc/nginx/nginx.conf test failed\n'
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("nginx_config_invalid", **texts)

    assert not isinstance(answer, Finding), answer


def test_a_path_that_is_denied_is_no_line_to_correct() -> None:
    line = 'nginx: [emerg] mkdir() "/srv/shop/temp" failed (13: Permission denied)'

    answer = diagnose([Piece(text=line)]).found[0]

    assert answer.cause == "nginx_config_invalid"
    assert "owner and mode" in (answer.mend or "")


_REFUSES = '2026/03/05 10:11:01 [emerg] 6#6: unknown directive "proxi_pass" in /etc/nginx/conf.d/a.conf:4'
_FAILS = '2026/03/05 12:40:09 [error] 9#9: *5 upstream prematurely closed connection while reading response header from upstream, upstream: "http://127.0.0.1:8000/"'


@pytest.mark.parametrize(
    ("lines", "is_over"),
    [
        pytest.param([_REFUSES, _FAILS], False, id="nothing since"),
        pytest.param(
            [_REFUSES, "2026/03/05 10:20:00 [notice] 9#9: start worker processes"], True, id="started"
        ),
        pytest.param(
            ["2026/03/05 10:10:00 [notice] 9#9: start worker processes", _REFUSES], False, id="before"
        ),
        pytest.param(
            [_REFUSES, "2026/03/05 10:20:00 [notice] 9#9: reconfiguring"], False, id="only asked to"
        ),
    ],
)
def test_workers_that_start_after_a_refusal_rule_it_out(lines: list[str], *, is_over: bool) -> None:
    verdict = diagnose([Piece(text="\n".join(lines))])

    assert ("nginx_config_invalid" in {one.cause for one in verdict.ruled_out}) is is_over
    assert (verdict.restart.effect is RestartEffect.HARMFUL) is not is_over


def test_what_is_only_possible_does_no_harm() -> None:
    passes = "nginx: configuration file /etc/nginx/nginx.conf test is successful"

    verdict = diagnose([Piece(text=f"{_REFUSES}\n$ nginx -t\n{passes}")])

    (invalid,) = [one for one in verdict.found if one.cause == "nginx_config_invalid"]
    assert (invalid.certainty, invalid.restart.answer) == (Certainty.POSSIBLE, "Not known")
