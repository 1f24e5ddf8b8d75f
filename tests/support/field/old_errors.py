"""What stands in the logs of a host that is well: faults that are over, and noise that never was one."""

# ruff: noqa: E501  # lines stand as hosts write them

import random
from datetime import datetime, timedelta

from tests.support.field.standing import LOGS, write

_OURS = 'client: 203.0.113.5, server: _, request: "GET /a HTTP/1.1"'
_APP = 'upstream: "http://127.0.0.1:3000/a", host: "a.example"'
#: Faults of our own site; each is no news once it is old.
FAULTS = (
    f"[error] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, {_OURS}, {_APP}",
    f"[error] 7#7: *9 upstream timed out (110: Connection timed out) while reading response header from upstream, "
    f"{_OURS}, {_APP}",
    f"[error] 7#7: *9 upstream prematurely closed connection while reading response header from upstream, {_OURS}, "
    f"{_APP}",
    f"[error] 7#7: *9 upstream sent too big header while reading response header from upstream, {_OURS}, {_APP}",
    f"[error] 7#7: *9 recv() failed (104: Connection reset by peer) while reading response header from upstream, "
    f"{_OURS}, {_APP}",
    f'[error] 7#7: *9 no live upstreams while connecting to upstream, {_OURS}, upstream: "http://myapp/a"',
    f"[crit] 7#7: *9 connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream, "
    f'{_OURS}, upstream: "http://unix:/run/myapp/app.sock:/a", host: "a.example"',
    f"[crit] 7#7: *9 connect() to unix:/run/myapp/app.sock failed (2: No such file or directory) while connecting to "
    f'upstream, {_OURS}, upstream: "http://unix:/run/myapp/app.sock:/a", host: "a.example"',
    f'[error] 7#7: *9 upstream sent invalid header: "bad\\x00..." while reading response header from upstream, {_OURS}, '
    f"{_APP}",
    "[alert] 7#7: 768 worker_connections are not enough",
    "[crit] 7#7: accept4() failed (24: Too many open files)",
    '[crit] 7#7: *9 open() "/var/lib/nginx/body/1" failed (28: No space left on device), client: 203.0.113.5, server: _',
    '[emerg] 7#7: host not found in upstream "app.internal" in /etc/nginx/conf.d/a.conf:3',
    "[alert] 6#6: worker process 7 exited on signal 11",
)
#: Errors that clients and the site's own rules make all day.
DAILY = (
    "[info] 7#7: *9 client 203.0.113.5 closed keepalive connection",
    f"[info] 7#7: *9 recv() failed (104: Connection reset by peer) while reading client request line, {_OURS}",
    f"[info] 7#7: *9 writev() failed (32: Broken pipe) while sending to client, {_OURS}, {_APP}",
    f"[info] 7#7: *9 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed "
    f"too while reading upstream, {_OURS}, {_APP}",
    f"[warn] 7#7: *9 a client request body is buffered to a temporary file /var/lib/nginx/body/1, {_OURS}",
    f"[error] 7#7: *9 access forbidden by rule, {_OURS}",
    f'[error] 7#7: *9 limiting requests, excess: 0.9 by zone "one", {_OURS}',
    f"[error] 7#7: *9 client intended to send too large body: 9000000 bytes, {_OURS}",
    f'[error] 7#7: *9 open() "/var/www/html/robots.txt" failed (2: No such file or directory), {_OURS}',
    f'[error] 7#7: *9 directory index of "/var/www/html/" is forbidden, {_OURS}',
    f'[error] 7#7: *9 user "admin": password mismatch, {_OURS}',
    "[crit] 7#7: *9 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, "
    "client: 203.0.113.9, server: 0.0.0.0:443",
)


def lines(now: datetime, chance: random.Random, *, newest: timedelta, count: int = 120) -> list[str]:
    """Lines of an error log, oldest first: faults not younger than `newest`, daily noise up to now.

    `now` is the host's local time without a zone.
    """
    ages = [
        newest + timedelta(minutes=chance.uniform(0, 60) ** chance.choice((1, 2, 3))) for _ in range(count)
    ]
    faults = [(now - age, chance.choice(FAULTS)) for age in ages]
    daily = [
        (now - timedelta(seconds=chance.uniform(0, 600)), chance.choice(DAILY)) for _ in range(count // 4)
    ]
    return [f"{at:%Y/%m/%d %H:%M:%S} {text}" for at, text in sorted(faults + daily)]


def put(error_log: list[str]) -> str:
    """Shell that makes these lines the error log."""
    return (
        write(f"{LOGS}/old", "\n".join(error_log) + "\n") + f"cat {LOGS}/old >{LOGS}/error.log; rm {LOGS}/old"
    )
