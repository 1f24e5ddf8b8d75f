"""A unix socket that systemd holds for the app: at another path than nginx dials, or with its file gone.

Source: systemd.socket(5) ListenStream=, RemoveOnStop= (a file at a former path stays); socket.c
socket_open_fds: the file is made when the socket unit is started, and no start of the service makes it.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.related_units import RelatedUnit, RelatedUnits
from bot.parsers.socket_files import SocketFiles
from bot.parsers.unit_state import UnitState
from bot.rules import _quote, _unmet


def found(
    related: RelatedUnits | None,
    files: SocketFiles | None,
    missing: Sequence[str],
    upstreams: HttpProbes | None,
    unit: UnitState | None,
    logged: tuple[NginxError, ...],
) -> Finding | None:
    """Why nginx finds nobody at a path that it dials; None where no socket unit of the app is to blame.

    `missing`: paths without a file.
    """
    held, refused = _holds(related), _refused(upstreams)
    path = next(iter((*missing, *(p.address[5:] for p in refused))), None)
    if held is None or path is None:
        return None
    seen = [Line(step="socket_files", text=f"missing {name}") for name in missing[:1]]
    seen = seen or [_quote.probe(refused[0])]
    if _plain(path) in _paths(held):
        return _finding(path, held, unit, logged, seen) if missing else None
    # Where the unit's own path is dialled, the other one is another app's.
    dialled = {_plain(entry.name) for entry in files.entries if entry.kind == "socket"} if files else set()
    if dialled & {*_paths(held)}:
        return None
    found = _finding(path, held, unit, logged, seen)
    if not _may_be_another_s(unit, upstreams):
        return found
    check = f"whether {held.name} is meant for nginx (`systemctl cat {held.name}`), and who makes {path}"
    return replace(found, certainty=Certainty.LIKELY, next_check=check)


def _may_be_another_s(unit: UnitState | None, upstreams: HttpProbes | None) -> bool:
    """An app that failed may make that path itself; of one that answers elsewhere it may be another app's."""
    is_well = upstreams is not None and any(probe.is_well for probe in upstreams.probes)
    return is_well or (unit is not None and unit.active == "failed")


def _refused(upstreams: HttpProbes | None) -> tuple[Probe, ...]:
    """Unix sockets that nginx dials, whose files are there with nobody behind them."""
    probes = upstreams.that(Answer.REFUSED) if upstreams else ()
    return tuple(p for p in probes if p.address.startswith("unix:/"))


def _holds(related: RelatedUnits | None) -> RelatedUnit | None:
    """The socket unit that listens on a unix socket for the app now."""
    units = related.may_listen if related else ()
    return next((u for u in units if u.active == "active" and _paths(u)), None)


def _finding(
    path: str,
    held: RelatedUnit,
    unit: UnitState | None,
    logged: tuple[NginxError, ...],
    seen: Sequence[Line],
) -> Finding:
    app = unit.name if unit else "the app's unit"
    because = (*(_quote.error(entry) for entry in logged[:1]), *seen[:1], _unmet.related_line(held))
    if _plain(path) in _paths(held):
        return Finding(
            cause="socket_missing",
            certainty=Certainty.CONFIRMED,
            says=f"{path} was removed while {held.name} listens on it: nginx finds no file to dial",
            because=because,
            restart=_quote.useless(
                "app", f"{held.name} made the file and still holds the socket; a start of {app} makes none"
            ),
            next_check=f"who removed {path}: a clean-up, a deploy, an ExecStop= or option of the app",
            mend=f"systemctl stop {app}, then systemctl restart {held.name}: its start makes the file again",
            weight=87,
        )
    there = _paths(held)[0]
    return Finding(
        cause="socket_missing",
        certainty=Certainty.CONFIRMED,
        says=f"nginx dials {path}, where nobody listens; {held.name} listens for {app} on {there}",
        because=because,
        restart=_quote.useless("app", f"{held.name} stays at its path, and nginx at the other"),
        mend=f"one path in both: {there} in nginx's file, then a reload of nginx; or ListenStream={path} in"
        f" {held.name}, then systemctl daemon-reload, a stop of {app} and a restart of {held.name}",
        weight=87,
    )


def _paths(unit: RelatedUnit) -> tuple[str, ...]:
    return tuple(_plain(one) for one in unit.listens if one.startswith("/"))


def _plain(path: str) -> str:
    """`/var/run` is a link to `/run`."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path
