"""Rule nginx_config_invalid."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, nginx, quoted, said, systemd


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


_START = """2026-11-20T11:58:00+0000 web-01 systemd[1]: Starting openresty.service - OpenResty...
2026-11-20T11:58:00+0000 web-01 nginx[77]: nginx: [emerg] {said}
2026-11-20T11:58:00+0000 web-01 nginx[77]: nginx: configuration file /opt/nginx/conf/nginx.conf test failed
2026-11-20T11:58:00+0000 web-01 systemd[1]: openresty.service: Failed with result 'exit-code'.
"""
_DIRECTIVE = 'unknown directive "proxy_buffer_sise" in /opt/nginx/conf/vhosts/a.conf:1'
_FAILED = nginx(ActiveState="failed", SubState="failed", Result="exit-code")


def test_takes_the_word_of_the_last_start_where_no_test_could_be_asked() -> None:
    journal = _START.format(said=_DIRECTIVE)

    answer = finding(ask("nginx_config_invalid", nginx_unit=_FAILED, nginx_journal=journal))

    assert answer.certainty is Certainty.CONFIRMED
    assert "proxy_buffer_sise" in answer.says
    assert _DIRECTIVE in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_says_of_a_certificate_that_is_not_there_no_more_than_that() -> None:
    said = (
        'cannot load certificate "/etc/letsencrypt/live/shop/fullchain.pem": BIO_new_file() failed (SSL: '
        "error:80000002:system library::No such file or directory:calling fopen(/etc/letsencrypt/live/shop/"
        "fullchain.pem, r) error:10000080:BIO routines::no such file)"
    )

    answer = finding(ask("nginx_config_invalid", config_test=f"nginx: [emerg] {said}\n", nginx_unit=_FAILED))

    assert '/shop/fullchain.pem": No such file or directory), so it cannot start' in answer.says


@pytest.mark.parametrize(
    "texts",
    [
        {"nginx_unit": nginx(), "nginx_journal": _START.format(said=_DIRECTIVE)},
        {
            "nginx_unit": _FAILED,
            "nginx_journal": _START.format(said="bind() to 0.0.0.0:80 failed (98: Address already in use)"),
        },
        {
            "nginx_unit": _FAILED,
            "nginx_journal": _START.format(said='host not found in upstream "shop" in /opt/nginx/a.conf:1'),
        },
        {
            "nginx_unit": _FAILED,
            "nginx_journal": _START.format(said=_DIRECTIVE)
            + _START.format(said="bind() to 0.0.0.0:80 failed"),
        },
        {
            "nginx_unit": _FAILED,
            "nginx_journal": _START.format(
                said="mmap(MAP_ANON|MAP_SHARED) failed (12: Cannot allocate memory)"
            ),
        },
        {
            "nginx_unit": _FAILED,
            "nginx_journal": systemd("Starting nginx.service - nginx...", "Started nginx.service - nginx.")
            + said("nginx: [emerg] unknown directive", program="nginx")
            + systemd("nginx.service: Main process exited, code=killed, status=9/KILL"),
        },
    ],
    ids=[
        "it runs",
        "an address in use",
        "a name",
        "mended before the last start",
        "memory",
        "a reload, of one that ran until it was killed",
    ],
)
def test_the_last_start_speaks_of_no_mistake(texts: dict[str, str]) -> None:
    assert ask("nginx_config_invalid", **texts) is None


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
