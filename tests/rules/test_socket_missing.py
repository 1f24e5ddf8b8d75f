"""Rule socket_missing."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, nginx, quoted, stopped, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "socket_missing",
            error_log=error(
                "connect() to unix:/run/myapp/other.sock failed (2: No such file or directory) while connecting to upstream",
                level="crit",
                upstream="http://unix:/run/myapp/other.sock:/",
            ),
            socket_files="missing\t/run/myapp/other.sock\n",
            unit=unit(),
        )
    )

    assert answer.cause == "socket_missing"
    assert answer.certainty is Certainty.CONFIRMED
    assert "missing /run/myapp/other.sock" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_an_app_that_listens_nowhere_may_still_make_its_socket() -> None:
    answer = finding(
        ask(
            "socket_missing",
            socket_files="missing\t/run/myapp/app.sock\n",
            unix_listeners='u_str LISTEN 0 128 /run/other.sock 1 * 0 users:(("other",pid=7,fd=3))\n',
            unit=unit(),
        )
    )

    assert answer.certainty is Certainty.LIKELY


IN_TMP = error(
    "connect() to unix:/tmp/myapp.sock failed (2: No such file or directory) while connecting to upstream",
    level="crit",
    upstream="http://unix:/tmp/myapp.sock:/",
)
TMP = "path\tsocket\t666\tmyapp\tmyapp\t990\t990\t/tmp/myapp.sock\npath\tdirectory\t1777\troot\troot\t0\t0\t/tmp\n"


def test_a_socket_in_tmp_is_not_there_for_an_nginx_with_a_tmp_of_its_own() -> None:
    answer = finding(
        ask(
            "socket_missing",
            error_log=IN_TMP,
            socket_files=TMP,
            unit=unit(),
            nginx_unit=nginx(PrivateTmp="yes"),
        )
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert "PrivateTmp=yes" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_a_socket_in_a_tmp_of_the_apps_own_was_not_removed() -> None:
    answer = finding(
        ask(
            "socket_missing",
            error_log=IN_TMP,
            socket_files="missing\t/tmp/myapp.sock\n",
            unix_listeners='u_str LISTEN 0 128 /tmp/myapp.sock 1 * 0 users:(("python3",pid=100,fd=3))\n',
            unit=unit(PrivateTmp="yes"),
        )
    )

    assert "listens on /tmp/myapp.sock, unseen by nginx" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "a socket in /tmp was away for a moment, and nginx shares /tmp": {
        "error_log": IN_TMP,
        "socket_files": TMP,
        "unit": unit(),
        "nginx_unit": nginx(PrivateTmp="no"),
    },
    "the app dies and is started again and again": {
        "socket_files": "missing\t/run/myapp/app.sock\n",
        "unit": unit(NRestarts=3, ExecMainStartTimestamp="Fri 2026-11-20 11:59:59 UTC"),
    },
    "it was away for a moment": {
        "error_log": error(
            "connect() to unix:/run/myapp/app.sock failed (2: No such file or directory) while connecting to upstream",
            upstream="http://unix:/run/myapp/app.sock:/",
        ),
        "socket_files": "path\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\n",
        "unit": unit(),
    },
    "the socket exists": {
        "error_log": "",
        "socket_files": "worker\t33\t33 33\npath\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "the app does not run": {
        "error_log": "",
        "socket_files": "missing\t/run/myapp/app.sock\n",
        "unit": stopped(),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("socket_missing", **texts)

    assert not isinstance(answer, Finding), answer


_GONE = {
    "socket_files": "missing\t/run/shop/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/shop\n",
    "unix_listeners": 'u_str LISTEN 0 128 /run/shop/app.sock 1 * 0 users:(("gunicorn",pid=100,fd=3))\n',
    "error_log": error(
        "connect() to unix:/run/shop/app.sock failed (2: No such file or directory) while connecting to upstream",
        upstream="http://unix:/run/shop/app.sock:/",
    ),
}


@pytest.mark.parametrize(
    ("more", "effect"),
    [
        ({"unit": unit()}, RestartEffect.HELPS),
        (
            {"unit": unit(RuntimeDirectory="shop"), "socket_files": "missing\t/run/shop\n"},
            RestartEffect.HELPS,
        ),
        ({"unit": unit(), "socket_files": "missing\t/run/shop\n"}, RestartEffect.TEMPORARY),
    ],
    ids=["its folder is there", "its unit makes the folder", "nobody is known to make the folder"],
)
def test_a_file_that_went_under_an_app_that_listens_comes_back_with_a_start(
    more: dict[str, str], effect: RestartEffect
) -> None:
    answer = finding(ask("socket_missing", **{**_GONE, **more}))

    assert (
        answer.says
        == "/run/shop/app.sock was removed while the app listens on it: nginx finds no file to dial"
    )
    assert (answer.certainty, answer.restart.effect) == (Certainty.CONFIRMED, effect)
