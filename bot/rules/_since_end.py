"""What speaks against the same end at the next start: what was changed or came since the app ended."""

import re
from dataclasses import dataclass

from bot.model.host import Host
from bot.model.verdict import Line, RestartAdvice
from bot.parsers.changes import Changes
from bot.parsers.disks import Disks
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _life, _quote, _store_away, _untried


@dataclass(frozen=True, kw_only=True)
class Since:
    """What is otherwise than when it ended."""

    #: One clause that completes "because …".
    why: str
    because: tuple[Line, ...]

    @property
    def advice(self) -> RestartAdvice:
        """A start may go well now."""
        return _quote.perhaps("app", self.why)


def changed(
    changes: Changes | None, host: Host, unit: UnitState, app_journal: Journal | None
) -> Since | None:
    """What the app reads at its start and was changed since the start that failed.

    Of a unit that waits for daemon-reload its own files do not count: systemd starts it as it was read.
    """
    exit_ = _life.last_exit(app_journal)
    exited = exit_.at if exit_ else unit.exited_at
    started = unit.started_at or exited
    if exit_ and exited and _life.is_before_main(exit_):  # its start is none of the main process
        started = max(started, exited) if started else exited
    if changes is None or started is None:
        return None
    late = _untried.later(changes, host, started + _untried.TICK)
    files = unit.properties.get("FragmentPath", "") + " " + unit.properties.get("DropInPaths", "")
    met = next((one for one in late if not unit.needs_reload or one.name not in files.split()), None)
    if met is None:
        return None
    why = f"{met.name} was changed at {met.at:%H:%M:%S} UTC, and it was not started with it yet"
    return Since(why=why, because=(_quote.change(met),))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of the host now, against which the app's last words are held."""

    changes: Changes | None
    listeners: ListeningSockets | None
    upstreams: HttpProbes | None
    disks: Disks | None


def mended(seen: Seen, host: Host, unit: UnitState, app_journal: Journal | None) -> Since | None:
    """The first of all that speaks against it; None where the next start meets what the last one met."""
    return (
        changed(seen.changes, host, unit, app_journal)
        or store_listens(app_journal, seen.upstreams, seen.listeners)
        or port_is_free(app_journal, seen.upstreams, seen.listeners)
        or has_room(app_journal, seen.disks)
    )


def store_listens(
    app_journal: Journal | None, upstreams: HttpProbes | None, listeners: ListeningSockets | None
) -> Since | None:
    """The service on this host that it missed has its port open now."""
    away = _store_away.at_exit(app_journal, upstreams)
    if away is None or listeners is None or not _address.is_local(away.host):
        return None
    there = next((s for s in listeners.on_port(away.port) if _address.takes(s, away.host)), None)
    if there is None:
        return None
    why = f"it did not reach {away.name}, where somebody listens now"
    return Since(why=why, because=(Line(step="listeners", text=there.line),))


def port_is_free(
    app_journal: Journal | None, upstreams: HttpProbes | None, listeners: ListeningSockets | None
) -> Since | None:
    """The port that it could not have has nobody on it now; where it named none, those that nginx dials."""
    entries = _life.since_last_start(app_journal) if app_journal else ()
    said = [e for e in entries if not e.is_from_systemd and _life.ADDRESS_IN_USE.search(e.message)]
    if not said or listeners is None or any(_SOCKET_FILE.search(one.message) for one in said):
        return None
    named = {int(found["port"]) for one in said if (found := _PORT.search(one.message))}
    probes = upstreams.probes if upstreams else ()
    ports = named or {place[1] for probe in probes if (place := _address.split(probe.address))}
    if not ports or any(listeners.on_port(port) for port in ports):
        return None
    which = ", ".join(str(port) for port in sorted(ports))
    return Since(why=f"nobody listens on port {which} any more", because=(_quote.logged(said[-1]),))


#: `127.0.0.1:3000`, `('127.0.0.1', 3000)`, `port 3000`; not the error's number, nor a time.
_PORT = re.compile(r"(?::|', |\bport:? )(?P<port>\d{3,5})\b", re.IGNORECASE)
_SOCKET_FILE = re.compile(r"unix:|\.sock\b")


def has_room(app_journal: Journal | None, disks: Disks | None) -> Since | None:
    """It had no space, and no file system that it needs is full now."""
    entries = _life.since_last_start(app_journal) if app_journal else ()
    said = [e.message for e in entries if not e.is_from_systemd and _life.NO_SPACE.search(e.message)]
    if not said or disks is None or not disks.blocks:
        return None
    if disks.full(disks.blocks) or disks.full(disks.inodes):
        return None
    deepest = sorted(disks.blocks, key=lambda row: len(row.mount), reverse=True)
    named = (row for row in deepest if row.mount != "/" and any(f"{row.mount}/" in one for one in said))
    row = next(named, disks.blocks[0])
    why = "it had no space left to write, and every file system that it needs has some now"
    return Since(why=why, because=(Line(step="disks", text=row.line),))
