"""Who takes connections and answers none: a server, a pool, a paused container; and who waited first."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers._nginx_faults import Fault
from bot.parsers.containers import Row
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _fpm, _quote
from bot.rules._store_away import Away

SILENT = (Answer.READ_TIMEOUT, Answer.CONNECT_TIMEOUT, Answer.BACKLOG_FULL)
#: So many of one kind are no single request that stuck a process.
_SEVERAL = 3


def hung(asked: Sequence[Probe]) -> list[str]:
    """Addresses that answered none of the paths they were asked for, in the order asked."""
    answering = {probe.address for probe in asked if probe.answer not in SILENT}
    return list(dict.fromkeys(probe.address for probe in asked if probe.address not in answering))


def does(silent: Sequence[Probe]) -> str:
    """What it does with connections: the kernel takes them for it until its queue is full."""
    if all(probe.answer is Answer.CONNECT_TIMEOUT for probe in silent):
        return "takes no more connections, its queue is full of them, and answers none"
    return "takes connections and answers none"


def slow_request(logged: Sequence[NginxError], silent: Sequence[Probe]) -> NginxError | None:
    """The oldest request that ran into nginx's time-out, if many for its path did and it was not asked here.

    Whoever waits behind them is only the next: the workers are taken, not stuck.
    """
    late = sorted((e for e in logged if e.fault is Fault.READ_TIMEOUT and e.path and e.at), key=_at)
    if not late:
        return None
    path = late[0].path.split("?", 1)[0]
    count = Counter(entry.path.split("?", 1)[0] for entry in late)[path]
    return late[0] if count >= _SEVERAL and path not in {probe.path for probe in silent} else None


def _at(entry: NginxError) -> datetime:
    return entry.at or datetime.min.replace(tzinfo=UTC)


def is_own(
    address: str, listeners: ListeningSockets | None, unit: UnitState | None, processes: Processes | None
) -> bool:
    """The server that hangs is the unit's, which a remedy would restart."""
    place = _address.split(address)
    own = _address.app_sockets(listeners, unit, processes) if listeners else ()
    return place is not None and any(socket.port == place[1] for socket in own)


def restart(address: str, first: NginxError | None, away: Away | None, *, is_own: bool) -> RestartAdvice:
    """Of what listens there; a stopgap where requests for one path have taken all workers.

    A new process waits for a store that is away as the old one does.
    """
    if not is_own:
        why = f"a new process on {address} answers; restart what listens there, the others need none"
        return _quote.helps(f"what listens on {address}", why)
    if away is not None:
        return _quote.unknown("app", f"maybe it only waits for {away.name}, as a new process would")
    if first is not None:
        why = f"its workers are free again until requests for {first.path} take them all"
        return _quote.temporary("app", why)
    return _quote.helps("app", "the process is stuck; a new one answers, until whatever stuck it comes back")


def deaf(
    pool: FpmPool, front: HttpProbes, error_log: NginxErrorLog | None, unit: UnitState | None
) -> Finding:
    """A pool of PHP-FPM whose idle children take no connection."""
    logged = error_log.of(Fault.READ_TIMEOUT, Fault.CONNECT_TIMEOUT, Fault.BACKLOG) if error_log else ()
    bad = [probe for probe in front.probes if not probe.is_well]
    return Finding(
        cause="app_hang",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says=f"{min(pool.waiting)} connections wait for PHP-FPM's pool {pool.name}, and "
        + (
            f"{pool.children - max(pool.taken)} of its {pool.children} children are idle and take none"
            if pool.children
            else "it starts no child for them"
        ),
        because=(
            _fpm.counted(pool),
            *(_quote.error(e) for e in logged[:1]),
            *(_quote.probe(p, "front") for p in bad[:1]),
        ),
        restart=_quote.helps(
            _fpm.service_of(pool, unit), "its processes are stuck or stopped; new ones take connections"
        ),
        next_check="before the restart, the state of its processes: `ps axo pid,stat,wchan:30,cmd | grep fpm`"
        " (T is stopped, D waits for a disk)",
        weight=71,
    )


def paused(probe: Probe, row: Row) -> Finding:
    """The kernel takes connections for processes that are frozen."""
    return Finding(
        cause="app_hang",
        certainty=Certainty.CONFIRMED,
        says=f"the container {row.name} is paused: connections are taken, and nobody answers",
        because=(Line(step="containers", text=row.line), _quote.probe(probe)),
        restart=_quote.useless("app", f"`docker unpause {row.name}` lets it go on where it was"),
        mend=f"asking who paused it and why; then `docker unpause {row.name}`",
        weight=93,
    )


def waiting(address: str, listeners: ListeningSockets | None) -> tuple[Line, ...]:
    """Connections that nobody accepts: the sockets on that address with a queue."""
    place = _address.split(address)
    if listeners is None or place is None:
        return ()
    queued = [s for s in listeners.on_port(place[1]) if s.waiting > 0]
    return tuple(Line(step="listeners", text=socket.line) for socket in queued[:1])
