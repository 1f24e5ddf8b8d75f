"""Nothing listens where nginx dials: what a host shows beside it."""

from dataclasses import replace

from bot.model.host import Host
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.processes import Processes
from bot.parsers.related_units import RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _keeper, _life, _quote
from bot.rules._likely import Guess

_NOT_KNOWN = _quote.useless("app", "it is not known why nothing listens")


def never_ran(unit: UnitState, app_journal: Journal | None, related: RelatedUnits | None) -> bool:
    """It rests, and nothing was logged of a start or a stop since the boot."""
    if unit.active != "inactive" or unit.inactive_since is not None:
        return False
    booted = related.booted_at if related else None
    whole = (*app_journal.earlier, *app_journal.entries) if app_journal else ()
    logged = [
        e
        for e in whole
        if e.is_from_systemd and (_life.STARTED.search(e.message) or _life.STOPPED.search(e.message))
    ]
    return not any(booted is None or e.at is None or e.at >= booted for e in logged)


def is_known_better(
    unit: UnitState | None,
    listeners: ListeningSockets | None,
    processes: Processes | None,
    app_journal: Journal | None,
    related: RelatedUnits | None,
) -> bool:
    """The unit's own end, or where else it listens, is a narrower cause than this one."""
    if unit is None:
        return False
    if unit.restarts > 0:
        return True
    if unit.active == "inactive" and not never_ran(unit, app_journal, related):
        return True
    if not unit.is_running:
        return unit.load != "loaded" or unit.active != "inactive" or unit.inactive_since is not None
    return listeners is not None and bool(_address.app_sockets(listeners, unit, processes))


def listens(address: str, listeners: ListeningSockets | None) -> bool:
    place = _address.split(address)
    if listeners is None:
        return False
    if place is None:
        return any(socket.address == address for socket in listeners.sockets)
    return any(_address.takes(socket, place[0]) for socket in listeners.on_port(place[1]))


def one_of_several(
    deaf: dict[str, tuple[Line, ...]], others: set[str], front: HttpProbes | None, guess: Guess | None
) -> Finding:
    address, lines = next(iter(deaf.items()))
    total = len(deaf) + len(others)
    return Finding(
        cause="upstream_down",
        certainty=Certainty.LIKELY,
        says=f"{len(deaf)} of {total} upstream servers {'does' if len(deaf) == 1 else 'do'} not listen"
        f" ({', '.join(deaf)}); the others answer{guess.says if guess else ''}",
        because=(*lines, *(guess.lines if guess else ())),
        restart=_quote.useless("app", "the servers that answer need none"),
        next_check=guess.next_check if guess else f"what should listen on {address}",
        mend=guess.mend if guess else None,
        weight=_address.weight_of_part(5, front),
    )


def not_started(
    address: str,
    refused: tuple[Line, ...],
    unit: UnitState,
    related: RelatedUnits | None,
    *,
    is_logged: bool,
) -> Finding:
    """The unit rests, and was not asked to start since the boot.

    `is_logged`: its journal was read; without it systemd may have forgotten a stop with the unit.
    """
    booted = f" at {related.booted_at:%H:%M:%S} UTC" if related and related.booted_at else ""
    is_enabled = unit.file_state != "disabled"
    return Finding(
        cause="upstream_down",
        certainty=Certainty.CONFIRMED if is_logged else Certainty.LIKELY,
        says=f"nothing listens on {address}; {unit.name} was not started since boot{booted}"
        + ("" if is_enabled else ", for it is not enabled"),
        because=(*refused, _state(unit)),
        restart=_quote.helps("app", "it only has to be started"),
        next_check=None if is_logged else f"`journalctl -u {unit.name} -n 50` as root: did somebody stop it?",
        mend=None if is_enabled else f"systemctl enable --now {unit.name}: a start, and one at each boot",
        weight=76,
    )


def unexplained(
    address: str,
    refused: tuple[Line, ...],
    unit: UnitState,
    host: Host,
    listeners: ListeningSockets | None,
) -> Finding:
    """The unit runs, or what it does is not known: its journal has to say why nothing listens."""
    return Finding(
        cause="upstream_down",
        certainty=_seen(listeners),
        says=f"nothing listens on {address}",
        because=(*refused, _state(unit)),
        restart=_NOT_KNOWN,
        next_check=_next_check(address, host, unit),
        weight=20,
    )


def of_no_unit(
    address: str,
    refused: tuple[Line, ...],
    guess: Guess | None,
    host: Host,
    listeners: ListeningSockets | None,
) -> Finding:
    """No unit is named, or nothing is known of it: a guess, or what to look at, in its place."""
    found = Finding(
        cause="upstream_down",
        certainty=_seen(listeners),
        says=f"nothing listens on {address}",
        because=refused,
        restart=_NOT_KNOWN,
        next_check=_next_check(address, host, None) if guess is None else guess.next_check,
        weight=20,
    )
    if not guess:
        return found
    return replace(
        found,
        says=found.says + guess.says,
        because=(*refused, *guess.lines),
        restart=guess.restart,
        mend=guess.mend,
    )


def _next_check(address: str, host: Host, unit: UnitState | None) -> str:
    if (name := host.service.container) is not None:
        return f"`docker ps -a` and `docker logs {name}`: does it run, and where does it listen?"
    if unit is not None and unit.is_running and _keeper.is_one(unit.name):
        return f"`{_keeper.status(unit.name)}`: does the app run, and where does it listen?"
    if unit is not None:
        return "the app's unit and journal: does it run, and where does it listen?"
    if (name := host.service.unit) is not None:
        return f"`systemctl status {name}` on the host, as root: systemd told the bot nothing of it"
    return f"which unit should listen on {address}: the fleet file names none (service.unit)"


def _state(unit: UnitState) -> Line:
    return _quote.state(unit, "ActiveState", "SubState", "UnitFileState")


def _seen(listeners: ListeningSockets | None) -> Certainty:
    return Certainty.LIKELY if listeners else Certainty.POSSIBLE
