"""Another process has the app's port."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _life, _quote


def port_conflict(
    unit: UnitState,
    app_journal: Journal | None,
    listeners: ListeningSockets | None,
    upstreams: HttpProbes | None,
    processes: Processes | None,
) -> Finding | None:
    """The app cannot bind its address because somebody else has it.

    Why: the app says "Address already in use", is not running, and a stranger listens on the port nginx
    dials.
    Ruled out when: the app runs and listens, or does not complain.
    Mistaken when: an old process of the app itself still holds the port.
    Source: bind(2) EADDRINUSE.
    """
    said = app_journal.matching(_life.ADDRESS_IN_USE) if app_journal else ()
    if not said or (unit.is_running and unit.restarts == 0):
        return None
    ports = {
        p[1] for probe in (upstreams.probes if upstreams else ()) if (p := _address.split(probe.address))
    }
    own = processes.of_unit(unit.name) if processes else frozenset()
    strangers = [
        s
        for port in ports
        for s in (listeners.on_port(port) if listeners else ())
        if not any(pid in own for _, pid in s.processes)
    ]
    return Finding(
        cause="port_conflict",
        certainty=Certainty.CONFIRMED if strangers else Certainty.LIKELY,
        says=f"{unit.name} cannot bind its address: another process has it",
        because=(
            _quote.logged(said[0]),
            *(Line(step="listeners", text=socket.line) for socket in strangers[:1]),
            _quote.state(unit, "ActiveState", "NRestarts"),
        ),
        restart=_quote.useless("app", "the other process still has the port"),
        next_check=None if strangers else "who listens on the app's port",
        weight=94,
    )
