"""Who has the port of an nginx that does not run: it cannot start beside another web server."""

import re

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _life, _quote

_BIND = re.compile(r"bind\(\) to \S{0,80}:(\d{1,5}) failed")


def taken(
    nginx_unit: UnitState | None,
    nginx_journal: Journal | None,
    listeners: ListeningSockets | None,
    front: HttpProbes | None,
) -> Finding | None:
    """nginx failed to bind an address, or rests while another program answers on its own.

    None where nginx runs, where its own processes hold the port (started by hand or by another unit), where
    the port is free by now, of a unit that is disabled on purpose while another server does its work, and
    where that server answers visitors well.
    Source: ngx_connection.c ngx_open_listening_sockets (five tries, "still could not bind()").
    """
    if nginx_unit is None or nginx_unit.is_running or listeners is None:
        return None
    failed = nginx_journal.matching(_life.ADDRESS_IN_USE) if nginx_journal else ()
    bound = [(entry, int(found[1])) for entry in failed if (found := _BIND.search(entry.message))]
    for entry, port in bound:
        if stranger := _stranger(listeners, port):
            return _found(nginx_unit, stranger, entry)
    if nginx_unit.load != "loaded" or nginx_unit.file_state == "disabled" or front is None or front.are_well:
        return None
    for probe in front.that(Answer.ANSWERED):
        place = _address.split(probe.address)
        if place and (stranger := _stranger(listeners, place[1])):
            return _found(nginx_unit, stranger, None)
    return None


def _stranger(listeners: ListeningSockets, port: int) -> ListeningSocket | None:
    """A socket on that port that is surely not nginx's."""
    for socket in listeners.on_port(port):
        names = {name for name, _ in socket.processes}
        unit = socket.control_group.rpartition("/")[2]
        if (names or unit.endswith(".service")) and not any("nginx" in name for name in {*names, unit}):
            return socket
    return None


def who(socket: ListeningSocket | None) -> str:
    """The program with its process and, where it has one, its unit."""
    unit = socket.control_group.rpartition("/")[2] if socket else ""
    is_unit = unit.endswith((".service", ".scope"))
    if socket is None or not socket.processes:
        return unit if is_unit else "another process"
    name, pid = socket.processes[0]
    return f"{name} (pid {pid}{f' of {unit}' if is_unit else ''})"


def _found(nginx_unit: UnitState, stranger: ListeningSocket, failed: JournalEntry | None) -> Finding:
    says = (
        f"{nginx_unit.name} could not start: {who(stranger)} has port {stranger.port}"
        if failed
        else f"{nginx_unit.name} does not run, and {who(stranger)} answers on its port {stranger.port}"
    )
    return Finding(
        cause="port_conflict",
        certainty=Certainty.CONFIRMED if failed else Certainty.LIKELY,
        says=says,
        because=(
            *((_quote.logged(failed, "nginx_journal"),) if failed else ()),
            Line(step="listeners", text=stranger.line),
            _quote.state(nginx_unit, "ActiveState", "SubState", "Result", step="nginx_unit"),
        ),
        restart=_quote.useless("nginx", f"port {stranger.port} is still taken; it cannot start"),
        next_check=None if failed else f"whether {who(stranger)} is meant to serve in nginx's place",
        mend=f"stopping {who(stranger)} and keeping it from starting at boot, or giving it another port; "
        "then a start of nginx",
        weight=99,
    )
