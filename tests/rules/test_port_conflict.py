"""Rule port_conflict."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, listens, nginx, probe, quoted, said, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "port_conflict",
            unit=crashing(),
            app_journal=said("OSError: [Errno 98] Address already in use"),
            listeners=listens(by="java", pid=55),
            upstreams=probe("answered", status=404),
        )
    )

    assert answer.cause == "port_conflict"
    assert answer.certainty is Certainty.CONFIRMED
    assert "java" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the app runs": {"unit": unit(), "app_journal": said("OSError: [Errno 98] Address already in use")},
    "it does not complain": {"unit": crashing(), "app_journal": said("RuntimeError: no")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("port_conflict", **texts)

    assert not isinstance(answer, Finding), answer


def test_names_the_program_that_has_the_port() -> None:
    answer = finding(
        ask(
            "port_conflict",
            unit=crashing(),
            app_journal=said("OSError: [Errno 98] Address already in use"),
            listeners='LISTEN 0 5 127.0.0.1:3000 0.0.0.0:* users:(("java",pid=55,fd=3))'
            " cgroup:/system.slice/squatter.service\n",
            upstreams=probe("answered", status=404),
        )
    )

    assert "java (pid 55 of squatter.service) has it" in answer.says


BIND = "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"


def test_nginx_that_could_not_start_beside_another_server_is_told_whose_port_it_is() -> None:
    answer = finding(
        ask(
            "port_conflict",
            nginx_unit=nginx(ActiveState="failed", SubState="failed", Result="exit-code"),
            nginx_journal=said(BIND),
            listeners=listens("*:80", by="apache2", pid=55),
            front=probe("answered", status=200, address="127.0.0.1:80"),
        )
    )

    assert (answer.certainty, answer.restart.what) == (Certainty.CONFIRMED, "nginx")
    assert "apache2 (pid 55) has port 80" in answer.says
    assert BIND in quoted(answer)


OF_NGINX = {
    "nginx runs": {"nginx_unit": nginx(), "nginx_journal": said(BIND)},
    "the port is free by now": {"listeners": listens("0.0.0.0:22", by="sshd", pid=5)},
    "an nginx of another unit has it": {"listeners": listens("0.0.0.0:80", by="nginx", pid=5)},
    "nobody says whose it is": {"listeners": "LISTEN 0 511 0.0.0.0:80 0.0.0.0:*"},
    "nginx is disabled and another serves in its place": {
        "nginx_unit": nginx(ActiveState="inactive", SubState="dead", UnitFileState="disabled"),
        "nginx_journal": "",
    },
}


@pytest.mark.parametrize("texts", OF_NGINX.values(), ids=OF_NGINX.keys())
def test_nginx_has_no_conflict_when(texts: dict[str, str]) -> None:
    failed = {
        "nginx_unit": nginx(ActiveState="failed", SubState="failed", Result="exit-code"),
        "nginx_journal": said(BIND),
        "listeners": listens("0.0.0.0:80", by="apache2", pid=55),
        "front": probe("answered", status=200, address="127.0.0.1:80"),
    }

    assert not isinstance(ask("port_conflict", **{**failed, **texts}), Finding)


@pytest.mark.parametrize(
    ("group", "is_older"),
    [("", True), (" cgroup:/user.slice/session-3.scope", True), (" cgroup:/system.slice/api.service", False)],
)
def test_the_same_program_that_no_unit_runs_may_be_the_app_of_before(group: str, *, is_older: bool) -> None:
    answer = finding(
        ask(
            "port_conflict",
            unit=crashing(ExecStart="{ path=/usr/bin/node ; argv[]=/usr/bin/node app.js ; }"),
            app_journal=said(
                "  code: 'EADDRINUSE',",
                "Error: listen EADDRINUSE: address already in use :::3000",
                "errno: -98 EADDRINUSE",
            ),
            listeners=f'LISTEN 0 5 127.0.0.1:3000 0.0.0.0:* users:(("node",pid=55,fd=3)){group}\n',
            upstreams=probe("answered", status=200),
        )
    )

    assert ("from before a deploy" in answer.says) is is_older
    assert "Error: listen EADDRINUSE" in quoted(answer)


def test_gunicorn_calls_it_a_connection_in_use() -> None:
    line = "[2026-11-20 11:59:51 +0000] [9] [ERROR] Connection in use: ('127.0.0.1', 3000)"

    assert finding(ask("port_conflict", unit=crashing(), app_journal=said(line))).cause == "port_conflict"
