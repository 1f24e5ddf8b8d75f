"""No file descriptors left."""

from bot.model.evidence import HostClock
from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.likely_units import LikelyUnit, LikelyUnits
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.processes import Process, Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _fd_mends, _fpm, _life, _quote, _told


def fd_limit(  # noqa: PLR0913, PLR0917  # nginx or the app, by log or by count
    error_log: NginxErrorLog | None,
    app_journal: Journal | None,
    processes: Processes | None,
    unit: UnitState | None,
    front: HttpProbes | None,
    php_fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    config: NginxConfig | None,
    likely_units: LikelyUnits | None,
    clock: HostClock,
) -> Finding | RuledOut | None:
    """nginx or the app has used up its file descriptors and cannot accept or open anything more.

    Why: it says "Too many open files", or its open descriptors have reached the limit.
    Ruled out when: the logs of both were read and do not say so, and the counts that could be seen are
    below the limits.
    Mistaken when: one request opened many files at once and is over.
    Counted where the account may look into the process: nginx's workers and the app's are other accounts'.
    Mended by: a higher limit: worker_rlimit_nofile, the unit's LimitNOFILE, ulimits of the container,
    fs.file-max; an end to the leak where the number only grows.
    Not mended by: a higher worker_connections, which makes it come sooner.
    Source: accept(2) EMFILE, getrlimit(2) RLIMIT_NOFILE; ngx_core worker_rlimit_nofile; ngx_channel.c.
    """
    of_nginx = error_log.of(Fault.FD_LIMIT) if error_log else ()
    of_app = app_journal.matching(_life.TOO_MANY_FILES) if app_journal else ()
    of_php = error_log.of(Fault.BACKEND_SAID) if error_log else ()
    of_php = tuple(entry for entry in of_php if _life.TOO_MANY_FILES.search(entry.message))
    if of_php and not of_nginx and not of_app:
        return _of_php(of_php[0], front, php_fpm, upstreams, error_log)
    unnamed = _fd_mends.said_lately(likely_units, clock.now)
    if unnamed is not None and unit is None and not of_nginx and not (front and front.are_well):
        return _of_unnamed(*unnamed)
    at_limit = _at_limit(processes)
    if not of_nginx and not of_app and not at_limit:
        are_read = app_journal is not None and error_log is not None
        return RuledOut(cause="fd_limit", says="nobody complains of open files") if are_read else None
    is_failing = front is None or not front.are_well
    # libuv takes and closes the connections that it has no descriptor for, and logs nothing.
    is_app = bool(of_app) or (not of_nginx and at_limit[0].name != "nginx")
    worker = _fd_mends.worker_of(of_nginx[0], processes) if of_nginx else None
    limit = tuple(Line(step="processes", text=process.line) for process in at_limit[:1]) or (
        _limit(processes, unit) if is_app else _fd_mends.line(worker, config)
    )
    return Finding(
        cause="fd_limit",
        certainty=Certainty.CONFIRMED if is_failing else Certainty.LIKELY,
        says=("the app" if is_app else "nginx") + " has no file descriptors left",
        because=(
            *(_quote.logged(entry) for entry in of_app[:1]),
            *(_quote.error(entry) for entry in of_nginx[:1]),
            *limit,
        ),
        restart=_restart(of_app, unit)
        if is_app
        else _quote.useless("nginx", "its limit stays, and it fills again under the same load"),
        mend=_fd_mends.of_app(unit) if is_app else _fd_mends.of_nginx(config, worker),
        next_check="which descriptors pile up: ls -l /proc/PID/fd as root",
        weight=91 if is_failing else 10,
    )


def _of_unnamed(unit: LikelyUnit, entry: JournalEntry) -> Finding:
    """It runs, names what nginx dials, and says it now, while users are not served."""
    return Finding(
        cause="fd_limit",
        certainty=Certainty.LIKELY,
        says=f"{unit.name}, which names what nginx dials, has no file descriptors left",
        because=(Line(step="likely_units", text=entry.line, at=entry.at),),
        restart=_quote.temporary("app", "a new process starts with none open, until they pile up again"),
        mend=f"LimitNOFILE= of {unit.name}, then a restart of it; {_fd_mends.LEAK}",
        next_check=f"`systemctl show -p LimitNOFILE,MainPID {unit.name}`, `ls /proc/PID/fd | wc -l` as root",
        weight=91,
    )


def _of_php(
    said: NginxError,
    front: HttpProbes | None,
    fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
) -> Finding:
    """A script ran out of them: each child has its own, and gives them back with the request."""
    is_failing = front is None or not front.are_well
    limits = [
        p.settings["rlimit_files"] for p in _fpm.dialled(fpm, upstreams, error_log) if _LIMIT in p.settings
    ]
    return Finding(
        cause="fd_limit",
        certainty=Certainty.CONFIRMED if is_failing else Certainty.LIKELY,
        says="a PHP script has no file descriptors left"
        + (f": its pool may have {limits[0]} (rlimit_files)" if limits else ""),
        because=(_quote.error(said),),
        restart=_quote.useless("app", "the limit stays, and the script opens as many again"),
        next_check="which files the script opens and does not close; rlimit_files, LimitNOFILE of the unit",
        weight=91 if is_failing else 10,
    )


_LIMIT = "rlimit_files"


def _at_limit(processes: Processes | None) -> list[Process]:
    found = processes.processes if processes else ()
    return [p for p in found if p.fds_open and p.fd_limit and p.fds_open >= p.fd_limit - 1]


def _limit(processes: Processes | None, unit: UnitState | None) -> tuple[Line, ...]:
    if unit is None:
        return ()
    own = [p for p in (processes.processes if processes else ()) if p.pid == unit.main_pid]
    if own:
        return (Line(step="processes", text=own[0].line),)
    return (_quote.state(unit, "MainPID", "LimitNOFILE"),)


def _restart(of_app: tuple[JournalEntry, ...], unit: UnitState | None) -> RestartAdvice:
    """Soon after the start it is no leak that a restart would empty."""
    first = of_app[-1].at if of_app else None
    started = unit.started_at if unit else None
    if first is not None and started is not None and (first - started).total_seconds() < 60:
        return _quote.useless("app", "it ran out within a minute of its start and would again")
    return _quote.temporary("app", "a new process starts with none open, until they pile up again")


_CHECK = "whose line it is; then /proc/PID/limits beside `ls /proc/PID/fd | wc -l`"


def told(signs: Signs) -> Finding | None:
    """Whoever runs out of descriptors says so."""
    said = signs.first("fd_limit")
    refused = signs.first("limit_refused")
    if said is None and refused is not None:
        says = "nginx may not raise its limit of open files, and will meet the one it has"
        restart = _quote.useless("nginx", "it is refused the same limit again")
        return _told.possible("fd_limit", 50, says, restart, refused, next_check=_CHECK)
    if said is None:
        return None
    who = "nginx" if said["who"] == "nginx" else said["who"] or "the app"
    restart = _quote.useless(
        "nginx" if who == "nginx" else "app", "the limit stays, and it fills again under the same load"
    )
    if said["who"] == "somebody":  # the bare words: a watcher of files has the same
        says = "somebody quotes that too many files are open"
        return _told.likely("fd_limit", 82, says, restart, said, next_check=_CHECK)
    if who != "nginx" and signs.has("end_told", "exited", "crashed"):
        says = f"{who} has no file descriptors left, and its process ended: maybe it leaks them"
        return _told.likely("fd_limit", 89, says, restart, said, next_check=_CHECK)
    return _told.confirmed("fd_limit", 95, f"{who} has no file descriptors left", restart, said)
