"""Services that a socket unit starts: what NRestarts does not count, and sockets that systemd holds."""

# ruff: noqa: E501  # lines stand as hosts write them

from datetime import timedelta

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect, RuledOut
from bot.parsers.unit_state import UnitState
from bot.rules import _by_socket
from tests.support.asked import NOW, WELL, ask, crashing, error, fact, finding, probe, quoted, stopped, unit

_HELD = unit(TriggeredBy="myapp.socket", ExecMainStartTimestamp="Fri 2026-11-20 11:59:55 UTC")
_LIVED = """\
2026-11-20T11:59:40+0000 web-01 systemd[1]: Started myapp.service - gunicorn daemon.
2026-11-20T11:59:43+0000 web-01 gunicorn[90]: ModuleNotFoundError: No module named 'payments'
2026-11-20T11:59:44+0000 web-01 systemd[1]: myapp.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED
2026-11-20T11:59:44+0000 web-01 systemd[1]: myapp.service: Failed with result 'exit-code'.
2026-11-20T11:59:55+0000 web-01 systemd[1]: Started myapp.service - gunicorn daemon.
"""
_WAITS = probe("read_timeout", address="unix:/run/gunicorn.sock", path="/livez") + probe(
    "read_timeout", address="unix:/run/gunicorn.sock"
)


def _counted(*, unit: str = _HELD, journal: str = _LIVED, upstreams: str = _WAITS) -> int:
    texts = {"unit": unit, "app_journal": journal, "upstreams": upstreams}
    facts = {step: fact(step, text) for step, text in texts.items()}
    _by_socket.counted(facts, NOW)
    state = facts["unit"]
    assert isinstance(state, UnitState)
    return state.restarts


def test_a_start_by_a_connection_right_after_a_bad_end_counts() -> None:
    assert _counted() == 1


NOT_COUNTED = {
    "no socket starts it": {"unit": unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:55 UTC")},
    "it has lived through its start": {
        "unit": unit(TriggeredBy="myapp.socket", ExecMainStartTimestamp="Fri 2026-11-20 11:59:40 UTC"),
        "journal": _LIVED.replace("11:59", "11:58"),
    },
    "the bad end is of longer ago": {"journal": _LIVED.replace("T11:59:4", "T11:49:4")},
    "it ended well": {"journal": _LIVED.replace("status=3/NOTIMPLEMENTED", "status=0/SUCCESS")},
    "it was killed": {
        "journal": _LIVED.replace("code=exited, status=3/NOTIMPLEMENTED", "code=killed, status=9/KILL")
    },
    "it was stopped by hand since": {
        "journal": _LIVED.replace(
            "2026-11-20T11:59:55+0000 web-01 systemd[1]: Started",
            "2026-11-20T11:59:54+0000 web-01 systemd[1]: Stopping myapp.service...\n"
            "2026-11-20T11:59:55+0000 web-01 systemd[1]: Started",
        )
    },
    "it answers": {"upstreams": probe("answered", status=200, address="unix:/run/gunicorn.sock")},
}


@pytest.mark.parametrize("texts", NOT_COUNTED.values(), ids=NOT_COUNTED.keys())
def test_no_start_counts_when(texts: dict[str, str]) -> None:
    assert _counted(**texts) == 0


def test_an_app_whose_socket_is_open_before_it_serves_is_not_called_stuck() -> None:
    asked = {"unit": _HELD, "upstreams": _WAITS}

    answer = finding(ask("not_ready_yet", **asked))

    assert (answer.certainty, answer.restart.effect) == (Certainty.LIKELY, RestartEffect.HARMFUL)
    assert answer.says == (
        "myapp.service was started 5 s ago and has answered nobody yet; connections wait in myapp.socket"
    )
    assert ask("app_hang", **asked) is None


_GUNICORN = "{ path=/srv/venv/bin/gunicorn ; argv[]=/srv/venv/bin/gunicorn wsgi:app ; }"
LOADED = {
    "it listens when it is ready": unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:55 UTC"),
    "it is old": unit(ExecStart=_GUNICORN, ExecMainStartTimestamp="Fri 2026-11-20 11:50:00 UTC"),
}


@pytest.mark.parametrize("state", LOADED.values(), ids=LOADED.keys())
def test_an_app_hangs_when(state: str) -> None:
    assert isinstance(ask("app_hang", unit=state, upstreams=_WAITS), Finding)
    assert ask("not_ready_yet", unit=state, upstreams=_WAITS) is None


def test_an_app_that_has_answered_since_its_start_hangs() -> None:
    young = unit(ExecStart=_GUNICORN, ExecMainStartTimestamp="Fri 2026-11-20 11:59:00 UTC")
    log = '10.0.0.9 - - [20/Nov/2026:11:59:30 +0000] "GET /cart HTTP/1.1" 200 12 "-" "curl"\n'

    assert isinstance(ask("app_hang", unit=young, upstreams=_WAITS, access_log=log), Finding)
    assert ask("app_hang", unit=young, upstreams=_WAITS) is None


_SOCKET = "related\tTriggeredBy\tmyapp.socket\tloaded\tactive\trunning\tsuccess\tFri 2026-11-20 11:00:00 UTC\t\t{} (Stream)\n"
_GONE = error(
    "connect() to unix:/run/gunicorn.sock failed (2: No such file or directory) while connecting to upstream",
    level="crit",
    upstream="http://unix:/run/gunicorn.sock:/",
)


@pytest.mark.parametrize("state", [unit(), stopped()], ids=["serves", "rests until somebody connects"])
def test_nginx_and_the_socket_unit_name_two_paths(state: str) -> None:
    answer = finding(
        ask(
            "socket_missing",
            unit=state,
            error_log=_GONE,
            socket_files="missing\t/run/gunicorn.sock\n",
            related_units=_SOCKET.format("/srv/shop/gunicorn.sock"),
        )
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert answer.says == (
        "nginx dials /run/gunicorn.sock, where nobody listens; myapp.socket listens for myapp.service on"
        " /srv/shop/gunicorn.sock"
    )
    assert "ListenStream=/run/gunicorn.sock in myapp.socket" in (answer.mend or "")
    assert "/srv/shop/gunicorn.sock (Stream)" in quoted(answer)


@pytest.mark.parametrize(
    "beside",
    [{"unit": crashing(ActiveState="failed", SubState="failed")}, {"unit": unit(), "upstreams": WELL}],
    ids=["the app failed, and may make the other itself", "the app answers, and the other may be another's"],
)
def test_a_socket_unit_may_be_for_something_else(beside: dict[str, str]) -> None:
    held = _SOCKET.format("/run/shop/control.sock")

    answer = finding(
        ask("socket_missing", **beside, socket_files="missing\t/run/gunicorn.sock\n", related_units=held)
    )

    assert answer.certainty is Certainty.LIKELY
    assert "systemctl cat myapp.socket" in str(answer.next_check)


def test_a_file_that_is_left_at_a_former_path_refuses() -> None:
    answer = finding(
        ask(
            "socket_missing",
            unit=stopped(),
            upstreams=probe("refused", address="unix:/run/gunicorn.sock"),
            socket_files="path\tsocket\t666\troot\troot\t0\t0\t/run/gunicorn.sock\n",
            related_units=_SOCKET.format("/run/shop.sock"),
        )
    )

    assert "listens for myapp.service on /run/shop.sock" in answer.says


def test_the_file_that_a_socket_unit_made_is_made_again_by_it_alone() -> None:
    answer = finding(
        ask(
            "socket_missing",
            unit=unit(),
            error_log=_GONE,
            socket_files="missing\t/run/gunicorn.sock\n",
            related_units=_SOCKET.format("/var/run/gunicorn.sock"),
        )
    )

    assert "was removed while myapp.socket listens on it" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert "systemctl restart myapp.socket" in (answer.mend or "")


def test_a_socket_unit_whose_file_is_there_is_not_to_blame() -> None:
    answer = ask(
        "socket_missing",
        unit=stopped(),
        upstreams=probe("refused", address="unix:/run/gunicorn.sock"),
        socket_files="path\tsocket\t666\troot\troot\t0\t0\t/run/gunicorn.sock\n",
        related_units=_SOCKET.format("/run/gunicorn.sock"),
    )

    assert isinstance(answer, RuledOut)


def test_a_socket_that_another_app_lacks_is_not_laid_to_the_unit_of_this_one() -> None:
    answer = finding(
        ask(
            "socket_missing",
            unit=unit(),
            error_log=_GONE,
            socket_files="missing\t/run/gunicorn.sock\npath\tsocket\t666\troot\troot\t0\t0\t/run/shop.sock\n",
            related_units=_SOCKET.format("/run/shop.sock"),
        )
    )

    assert "/run/gunicorn.sock" in answer.says
    assert "myapp.socket" not in answer.says + (answer.mend or "")


def test_starts_by_connections_are_told_as_such_when_systemd_gives_up() -> None:
    failed = unit(
        ActiveState="failed", SubState="failed", Result="start-limit-hit", TriggeredBy="myapp.socket"
    )

    answer = finding(ask("start_limit_hit", unit=failed))

    assert answer.says == (
        "systemd gave up on myapp.service after it was started too often in a short time by connections to"
        " myapp.socket"
    )


def test_no_clock_is_needed_for_a_unit_that_was_never_run() -> None:
    never = {"unit": stopped(TriggeredBy="myapp.socket"), "app_journal": _LIVED, "upstreams": _WAITS}
    facts = {step: fact(step, text) for step, text in never.items()}

    _by_socket.counted(facts, NOW + timedelta(days=1))

    state = facts["unit"]
    assert isinstance(state, UnitState)
    assert state.restarts == 0


_BOOT = """\
2026-11-20T11:59:20+0000 web-01 systemd[1]: Started myapp.service - gunicorn daemon.
2026-11-20T11:59:21+0000 web-01 gunicorn[91]: [2026-11-20 11:59:21 +0000] [91] [INFO] Booting worker with pid: 91
2026-11-20T11:59:21+0000 web-01 gunicorn[91]: [2026-11-20 11:59:21 +0000] [91] [ERROR] Exception in worker process
2026-11-20T11:59:21+0000 web-01 gunicorn[91]: ModuleNotFoundError: No module named 'payments'
2026-11-20T11:59:21+0000 web-01 gunicorn[91]: [2026-11-20 11:59:21 +0000] [91] [INFO] Worker exiting (pid: 91)
"""
_NEXT = "2026-11-20T11:59:22+0000 web-01 gunicorn[92]: [2026-11-20 11:59:22 +0000] [92] [INFO] Booting worker with pid: 92\n"


def test_a_master_without_workers_is_no_hang_but_a_start_that_failed() -> None:
    hung = unit(TriggeredBy="myapp.socket", ExecMainStartTimestamp="Fri 2026-11-20 11:59:20 UTC")

    answer = finding(ask("app_crash_startup", unit=hung, app_journal=_BOOT, upstreams=_WAITS))

    assert "ModuleNotFoundError: No module named 'payments'" in answer.says
    assert answer.restart.effect is RestartEffect.USELESS
    assert ask("app_hang", unit=unit(), app_journal=_BOOT, upstreams=_WAITS) is None


def test_a_worker_that_came_after_one_that_failed_may_serve() -> None:
    answer = ask("app_crash_startup", unit=unit(), app_journal=_BOOT + _NEXT, upstreams=_WAITS)

    assert isinstance(answer, RuledOut)


def test_clients_that_gave_up_were_not_answered() -> None:
    log = '10.0.0.9 - - [20/Nov/2026:11:59:57 +0000] "GET / HTTP/1.1" 499 0 "-" "curl"\n'

    assert isinstance(ask("not_ready_yet", unit=_HELD, upstreams=_WAITS, access_log=log), Finding)
