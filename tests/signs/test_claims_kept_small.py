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
        ("no_app_loaded", "unable to load app 0 (mountpoint='')\n*** no app loaded. GAME OVER ***"),
        ("php_extension", "https://addons.shop.example/install/php/extensions/ answers 502"),
        ("php_extension", "I disabled every browser extension, then installed one browser extension again"),
        ("proxy_crashed", f"{_DAEMON}\n{_CHILD}"),
        (
            "proxy_crashed",
            f"Truncated or oversized response headers received from daemon process 'a'\n{_CHILD}",
        ),
        ("proxy_own_error", "auth request unexpected status: 502 while sending to client, client: 192.0.2.8"),
        ("with_uploads", "[error] 7#7: *3 client intended to send too large body: 9437184 bytes"),
    ],
)
def test_what_only_resembles_a_wording_makes_no_sign_of_it(kind: str, text: str) -> None:
    assert _all(kind, text) == ()


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        ("app_failed", "app", "app", "F0302 08:00:01.000001 1 main.cc:40] cannot read the flags"),
        ("conf", "directive", "limit_conn", "nginx.ingress.kubernetes.io/limit-connections: '7'"),
        ("conf", "directive", "limit_req", "nginx.ingress.kubernetes.io/limit-rps: '7'"),
        ("no_memory", "who", "go", "fatal error: runtime: out of memory"),
        ("no_memory", "who", "", "fork() failed: [12] Cannot allocate memory"),
        ("no_memory", "who", "", "OSError: [Errno 12] Cannot allocate memory"),
        ("no_memory", "who", "shopd", "shopd[711]: fork: Cannot allocate memory"),
        ("fd_limit", "who", "", "[88] accept() failed; too many open files for this process"),
        ("fd_limit", "who", "", "[error] accept() failed: [Errno 24] Too many open files"),
        ("fd_limit", "who", "nginx", "[alert] 7#7: socket() failed (24: Too many open files)"),
        ("migration_failed", "app", "app", "billing: database migration failed: column is missing"),
        ("migration_pending", "app", "kong", "Database is not up-to-date; run 'kong migrations up'"),
        ("no_app_loaded", "app", "uwsgi", "unable to load app 0 (mountpoint='')"),
        ("oom_invoked", "who", "", "[ 5323] 1 5323 120510 58957 720896 0 0 php-fpm"),
        ("php_extension", "what", "installed the imagick", "We installed the imagick, then 502"),
        ("proxy_crashed", "signal", "11", _CHILD),
        ("crashed", "signal", "6", "--- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, si_pid=711} ---"),
        ("proxy_own_error", "what", "auth", "auth request unexpected status: 404 while sending to client"),
        (
            "resolver_absent",
            "name",
            "api.shop.example",
            "no resolver defined to resolve http://api.shop.example:80",
        ),
        ("name_unresolved", "name", "api.shop.example", "no resolver defined to resolve api.shop.example"),
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


@pytest.mark.parametrize(
    ("about", "target"),
    [
        ('path="/run/shop/app.sock" ', "/run/shop/app.sock"),
        ('name="site.conf" dev="vda1" ', "site.conf"),
        ("dest=4000 ", "4000"),
        ("", ""),
    ],
)
@pytest.mark.parametrize(("kind", "permissive"), [("denied_by_policy", 0), ("denied_in_box", 1)])
def test_what_is_denied_is_the_thing_and_not_the_permission(
    kind: str, permissive: int, about: str, target: str
) -> None:
    line = (
        f'avc:  denied  {{ write }} for  pid=71 comm="nginx" {about}'
        "scontext=system_u:system_r:container_t:s0 "
        f"tcontext=system_u:object_r:shop_t:s0 permissive={permissive}"
    )

    assert [(sign["source"], sign["target"]) for sign in _all(kind, line)] == [("nginx", target)]
