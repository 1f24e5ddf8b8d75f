"""The app's queue of connections to accept is full."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.listen_overflow import ListenOverflow
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _dialling, _outage, _quote, _told


def backlog_full(
    listeners: ListeningSockets | None,
    unix_listeners: ListeningSockets | None,
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    overflow: ListenOverflow | None,
) -> Finding | RuledOut | None:
    """More connections wait to be accepted than the app's listen queue holds.

    Why: the queue of the socket is full (ss: Recv-Q above Send-Q), or nginx got errno 11 from the unix
    socket.
    Ruled out when: no queue is full and nginx got no errno 11.
    Mistaken when: the app does not accept at all (app_hang, fd_limit): then the full queue is only the sign.
    Mended by: a longer queue at both ends (listen backlog and net.core.somaxconn), more workers, quicker
    requests.
    Not mended by: a restart, after which the queue fills again; longer time-outs of the proxy.
    Source: listen(2), tcp(7) somaxconn; unix(7) connect EAGAIN.
    """
    sockets = [*(listeners.sockets if listeners else ()), *(unix_listeners.sockets if unix_listeners else ())]
    dialled = {probe.address for probe in upstreams.probes} if upstreams else set()
    full = [s for s in sockets if s.backlog and s.waiting >= s.backlog and _is_apps(s, dialled)]
    logged = error_log.of(Fault.BACKLOG) if error_log else ()
    denied = upstreams.that(Answer.BACKLOG_FULL) if upstreams else ()
    if not full and not logged and not denied:
        says = "no listen queue is full"
        return RuledOut(cause="backlog_full", says=says) if listeners else None
    grown = overflow.grown if overflow else 0
    grew = (Line(step="overflow", text=f"ListenOverflows grew by {grown} in a second"),) if grown else ()
    return Finding(
        cause="backlog_full",
        certainty=Certainty.CONFIRMED if full and (logged or denied or grown) else Certainty.LIKELY,
        says="the app's listen queue is full"
        + (f": {full[0].waiting} wait, {full[0].backlog} may" if full else ""),
        because=(
            *(Line(step="unix_listeners" if s.path else "listeners", text=s.line) for s in full[:1]),
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in denied[:1]),
            *grew,
        ),
        restart=_quote.temporary(
            "app", "the queue is emptied, and fills again while the app is slower than its load"
        ),
        next_check="does the app accept at all, and how long does a request take?",
        weight=56,
    )


def _is_apps(socket: ListeningSocket, dialled: set[str]) -> bool:
    """Not nginx's own, and where nginx dials; another program's queue is another matter."""
    if any(name == "nginx" for name, _ in socket.processes):
        return False
    ports = {place[1] for address in dialled if (place := _address.split(address))}
    return not dialled or socket.address in dialled or socket.port in ports


def told(signs: Signs) -> Finding | None:
    """errno 11 from a unix socket, or the app server's own word; a full pool or a hang may be behind it."""
    said = signs.first("dial_busy")
    full = signs.first("queue_full", "syn_flood")
    first = said or full
    if first is None:
        return _on_loopback(signs)
    says = "more connections wait than the app's listen queue holds"
    both = _outage.overflow(signs)
    if both is not None and signs.has("worker_timeout"):
        says = (
            "more connections wait than the app's listen queue holds, and its workers are killed as too slow"
        )
        return _told.likely("backlog_full", 89, says, _FILLS, *both, next_check=_CHECK)
    cause = signs.first("pool_exhausted", "worker_timeout", "pool_busy", "fd_limit")
    if cause is not None:
        return _told.possible("backlog_full", 46, says, _FILLS, first, cause, next_check=_CHECK)
    if said is None and any(s["port"] == first["port"] for s in signs.of("unread")):
        says = "the listen queue is full because the app takes nothing from it"
        return _told.likely("backlog_full", 62, says, _FILLS, first, next_check=_CHECK)
    if said is not None and full is not None:
        return _told.confirmed("backlog_full", 91, says, _FILLS, said, full)
    return _told.likely("backlog_full", 87 if said else 70, says, _FILLS, first, next_check=_CHECK)


def _on_loopback(signs: Signs) -> Finding | None:
    """On loopback nothing is lost on the way: a connection times out there when the queue takes no more."""
    late = on_loopback(signs)
    if late is None or signs.has("blocked", "filter_active", "filter_mends", "conntrack_full"):
        return None
    says = "connections to the host itself time out: the app's listen queue takes no more of them"
    load = signs.first("under_load")
    if load is not None:
        return _told.likely("backlog_full", 80, says, _FILLS, late, load, next_check=_CHECK)
    return _told.possible("backlog_full", 56, says, _FILLS, late, next_check=_CHECK)


def on_loopback(signs: Signs) -> Sign | None:
    """A connection to a port of loopback that timed out."""
    late = (s for s in signs.of("dial_timeout") if "unix:" not in s["target"])
    return next((s for s in late if (p := _dialling.place(s["target"], s)) and p.is_loopback), None)


_FILLS = _quote.useless("app", "the queue fills again while the app is slower than its load")
_CHECK = "`ss -lx` or `ss -ltn`: Recv-Q against Send-Q of the socket, and whether the app accepts at all"
