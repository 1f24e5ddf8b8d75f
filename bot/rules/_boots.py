"""An app whose socket is open before anybody serves it: it takes connections, and is only being started.

gunicorn, uWSGI and uvicorn with workers listen first and load the app then, Tomcat (bindOnInit) before it
deploys what it serves; with a socket unit systemd listens before the app's program runs at all. What comes
meanwhile waits in the queue. Most other programs listen when they are ready.
Source: gunicorn arbiter.py start (create_sockets before manage_workers); uWSGI core/uwsgi.c
(uwsgi_setup binds before init_apps); uvicorn supervisors/multiprocess.py; systemd.socket(5); Tomcat's
"The HTTP Connector", bindOnInit, true by default.
"""

import re
from datetime import timedelta

from bot.model.evidence import HostClock
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.unit_state import UnitState
from bot.rules import _by_socket

#: Warm-up that deserves patience.
PATIENCE_S = 120


_LISTENS_FIRST = re.compile(r"gunicorn|uwsgi|uvicorn|hypercorn|unicorn|puma|tomcat|catalina", re.IGNORECASE)


#: nginx notes so that the client went without an answer.
_GAVE_UP = 499


def age_s(unit: UnitState, clock: HostClock) -> float | None:
    """Seconds since its main process was started; None where none runs."""
    if not unit.is_running and unit.active != "activating":
        return None
    return (clock.now - unit.started_at).total_seconds() if unit.started_at else None


def silent(
    unit: UnitState | None, clock: HostClock, upstreams: HttpProbes | None, access_log: AccessLog | None
) -> tuple[Probe, ...]:
    """What was asked of an app that is young, has answered nobody yet, and lets everybody wait."""
    age = age_s(unit, clock) if unit is not None else None
    if unit is None or upstreams is None or age is None or age > PATIENCE_S:
        return ()
    if not _by_socket.sockets(unit) and not _LISTENS_FIRST.search(unit.properties.get("ExecStart", "")):
        return ()
    waits = upstreams.that(Answer.READ_TIMEOUT)
    if not waits or len(waits) < len(upstreams.probes):
        return ()
    started = clock.now - timedelta(seconds=age)
    later = [r for r in access_log.requests if r.at and r.at > started] if access_log else []
    answered = any(not r.failed and r.status != _GAVE_UP for r in later)
    return () if answered else waits
