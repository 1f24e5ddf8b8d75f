"""The app's own log files: whose lines they are, when they were written, and what could not be read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.parsers._stamps import stamp
from bot.parsers.app_logs import AppLogs, app_logs
from tests.support.asked import output

HEAD = "==> /var/log/shop/error.log <== mtime 1795220872 bytes 90\n"


@pytest.mark.parametrize(
    ("line", "at", "message"),
    [
        (
            "[2026-11-20 11:59:54 +0100] [231] [CRITICAL] WORKER TIMEOUT (pid:239)",
            datetime(2026, 11, 20, 10, 59, 54, tzinfo=UTC),
            "[CRITICAL] WORKER TIMEOUT (pid:239)",
        ),
        (
            "Fri Nov 20 11:59:54 2026 - *** HARAKIRI ON WORKER 1 (pid: 9, try: 1) ***",
            datetime(2026, 11, 20, 11, 59, 54),  # noqa: DTZ001  # of the host's own zone
            "*** HARAKIRI ON WORKER 1 (pid: 9, try: 1) ***",
        ),
        (
            "2026-11-20 11:59:54,123 INFO exited: shop (exit status 3; not expected)",
            datetime(2026, 11, 20, 11, 59, 54),  # noqa: DTZ001
            "INFO exited: shop (exit status 3; not expected)",
        ),
        (
            "ERROR 2026-11-20 11:59:54,123 cannot reach the store",
            datetime(2026, 11, 20, 11, 59, 54),  # noqa: DTZ001
            "ERROR cannot reach the store",
        ),
        (
            '{"level":50,"time":1795175994000,"msg":"no price"}',
            datetime(2026, 11, 20, 11, 59, 54, tzinfo=UTC),
            '{"level":50,"time":1795175994000,"msg":"no price"}',
        ),
        ("Error: Cannot find module 'express'", None, "Error: Cannot find module 'express'"),
        ("order of 2026-11-31 99:99:99 is lost", None, "order of is lost"),
    ],
)
def test_reads_the_time_at_the_head_of_a_line(line: str, at: datetime | None, message: str) -> None:
    assert stamp(line) == (at, message)


def test_lines_without_a_time_have_that_of_the_line_before() -> None:
    text = f"{HEAD}Traceback\n[2026-11-20 11:59:54 +0000] [1] [ERROR] Exception\nKeyError: 'x'\n"

    (log,) = app_logs(output("app_logs", text)).files

    assert [line.at for line in log.lines] == [None, *([datetime(2026, 11, 20, 11, 59, 54, tzinfo=UTC)] * 2)]
    assert log.modified_at == datetime(2026, 11, 21, 0, 27, 52, tzinfo=UTC)


def test_served_requests_are_left_out_but_for_their_time() -> None:
    text = (
        f'{HEAD}10.0.0.1 - - [20/Nov/2026:11:59:54 +0100] "GET /error?failed=1 HTTP/1.1" 200 5\nkept\n'
        "[pid: 1|app: 0|req: 1/1] 10.0.0.1 () {34 vars in 9 bytes} [Fri Nov 20 11:59:55 2026] GET /fatal"
        " => generated 6 bytes in 0 msecs\nDAMN ! worker 1 (pid: 7) died :( trying respawn ...\n"
    )

    lines = app_logs(output("app_logs", text)).files[0].lines

    assert [(line.at, line.line[:4]) for line in lines] == [
        (datetime(2026, 11, 20, 10, 59, 54, tzinfo=UTC), "kept"),
        (datetime(2026, 11, 20, 11, 59, 55), "DAMN"),  # noqa: DTZ001  # of the host's own zone
    ]


#: What is logged, and looks like what the script or tail says itself.
POSES = [
    "==> /etc/a <== mtime 1795220872 bytes 1",
    "==> /etc/a <== mtime 999999999999 bytes 1",
    "==> /etc/a <==",
    "missing /srv/app/key.pem",
    "denied /admin for user bob",
]


@pytest.mark.parametrize("logged", POSES)
def test_what_is_logged_is_no_word_of_the_script(logged: str) -> None:
    logs = app_logs(output("app_logs", f"{HEAD} Error: x\n {logged}\n"))

    assert [[line.line for line in log.lines] for log in logs.files] == [["Error: x", logged]]
    assert logs.unread == ()


@pytest.mark.parametrize("mtime", ["9" * 12, "9" * 30, "²", "-1"])
def test_a_head_of_no_day_of_the_calendar_is_none(mtime: str) -> None:
    assert app_logs(output("app_logs", f"==> /a <== mtime {mtime} bytes 1\nx\n")).files == ()


def _by_tail(text: str, stderr: str = "") -> AppLogs:
    argv = ("sudo", "-n", "tail", "-v", "-n", "150", "--", "/var/log/a.log", "/var/log/b.log")
    return app_logs(replace(output("app_logs", text, exit_status=bool(stderr), stderr=stderr), argv=argv))


def test_what_root_reads_by_tail_is_the_same() -> None:
    logs = _by_tail(
        "==> /var/log/a.log <==\nError: x\n  at y\n",
        "tail: cannot open '/var/log/b.log' for reading: No such file or directory\n",
    )

    assert [(log.path, [line.line for line in log.lines]) for log in logs.files] == [
        ("/var/log/a.log", ["Error: x", "  at y"])
    ]
    assert logs.unread == ("/var/log/b.log: no such file or directory",)


@pytest.mark.parametrize("logged", [*POSES, "==> /var/log/a.log <=="])
def test_what_is_logged_is_no_word_of_tail(logged: str) -> None:
    logs = _by_tail(f"==> /var/log/a.log <==\n{logged}\n\n==> /var/log/b.log <==\nError: x\n")

    assert [[line.line for line in log.lines] for log in logs.files] == [[logged], ["Error: x"]]
    assert logs.unread == ()


def test_nothing_that_could_be_read_is_a_gap_that_names_the_way_out() -> None:
    with pytest.raises(ParseError, match=r"a\.log: permission denied.*service\.logs"):
        app_logs(output("app_logs", "denied /var/log/a.log\nmissing /var/log/b.log\n"))


def test_no_log_at_all_is_no_gap() -> None:
    assert app_logs(output("app_logs", "")).files == ()
