"""Lines that resemble a wording and claim less, or the opposite."""

import pytest

from bot.model.sign import Piece, Sign
from bot.signs import read

_DAEMON = "mod_wsgi (pid=8812, process='ledger', application=''): Loading WSGI script '/srv/ledger/app.wsgi'."
_CHILD = "AH00051: child pid 8812 exit signal Segmentation fault (11), possible coredump in /srv/dumps"


def _all(kind: str, text: str) -> tuple[Sign, ...]:
    return read([Piece(text=text)]).of(kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("crashed", "shop[711]: fatal error: runtime: out of memory"),
        ("crashed", "fatal error: runtime: cannot allocate memory"),
        ("crashed", "--- SIGABRT {si_signo=SIGABRT, si_code=SI_USER, si_pid=1, si_uid=0} ---"),
        ("crashed", "[2031-03-02 08:00:01] [7] [ERROR] Worker (pid:41) was sent SIGABRT!"),
        ("dependency_away", "MISCONF Redis is configured to save RDB snapshots, but is unable to persist"),
        ("disk_full", "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vdb1 65536 65536 0 100% /srv"),
        ("disk_full", "$ df -i /srv\n/dev/vdb1 655360 648000 7360 99% /srv"),
        ("memory_plenty", "The box does not have enough memory for the build"),
        ("memory_plenty", "there isn't enough RAM"),
        (
            "migration_failed",
            "nginx: [error] init_by_lua error: New migrations available; run 'kong migrations up'",
        ),
        ("migration_failed", "the database schema is out of date, so the shop waits"),
        ("migration_pending", "Run `alembic upgrade head` to see the whole traceback"),
        ("proxy_crashed", f"{_DAEMON}\n{_CHILD}"),
        (
            "proxy_crashed",
            f"Truncated or oversized response headers received from daemon process 'a'\n{_CHILD}",
        ),
    ],
)
def test_what_only_resembles_a_wording_makes_no_sign_of_it(kind: str, text: str) -> None:
    assert _all(kind, text) == ()


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        ("app_failed", "app", "app", "F0302 08:00:01.000001 1 main.cc:40] cannot read the flags"),
        ("no_memory", "who", "go", "fatal error: runtime: out of memory"),
        ("no_memory", "who", "", "fork() failed: [12] Cannot allocate memory"),
        ("no_memory", "who", "", "OSError: [Errno 12] Cannot allocate memory"),
        ("no_memory", "who", "shopd", "shopd[711]: fork: Cannot allocate memory"),
        ("fd_limit", "who", "", "[88] accept() failed; too many open files for this process"),
        ("fd_limit", "who", "", "[error] accept() failed: [Errno 24] Too many open files"),
        ("fd_limit", "who", "nginx", "[alert] 7#7: socket() failed (24: Too many open files)"),
        ("migration_failed", "app", "app", "billing: database migration failed: column is missing"),
        ("migration_pending", "app", "kong", "Database is not up-to-date; run 'kong migrations up'"),
        ("oom_invoked", "who", "", "[ 5323] 1 5323 120510 58957 720896 0 0 php-fpm"),
        ("proxy_crashed", "signal", "11", _CHILD),
        ("crashed", "signal", "6", "--- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, si_pid=711} ---"),
        ("stale_file", "path", "/srv/a/server.pid", "A server is already running. Check /srv/a/server.pid."),
        (
            "stale_file",
            "path",
            "/srv/a.pid",
            "A server is already running (pid: 7, file: /srv/a.pid). Exiting",
        ),
    ],
)
def test_a_field_has_what_the_line_says_of_it(kind: str, field: str, value: str, text: str) -> None:
    found = _all(kind, text)

    assert found
    assert {sign[field] for sign in found} <= {value, ""}
    assert value in {sign[field] for sign in found}
