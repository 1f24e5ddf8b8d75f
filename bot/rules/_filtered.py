"""A port that is open on this host and takes no connection: a packet filter stands before it."""

from datetime import datetime, timedelta

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _quote

#: One that started so lately may have been asked before it listened.
_STEADY = timedelta(seconds=10)


def here(
    upstreams: HttpProbes | None, listeners: ListeningSockets | None, unit: UnitState | None, now: datetime
) -> tuple[Probe, ListeningSocket] | None:
    """The probe that did not get through and the socket that should have taken it.

    None where something else explains it. Silence is told from a full queue by nobody waiting in it, and
    from a stopped process by the kernel, which takes connections for it. To an address of this host there is
    always a way: "no route" is a filter's REJECT (firewalld's icmp-host-prohibited). A refusal counts only of
    an app that has run on: sockets are listed a moment later.
    """
    for probe in upstreams.probes if upstreams and listeners else ():
        place = _address.split(probe.address)
        is_refused = probe.answer is Answer.REFUSED
        if place is None or not (is_refused or probe.answer in (Answer.CONNECT_TIMEOUT, Answer.UNREACHABLE)):
            continue
        if is_refused and not _is_steady(unit, now):
            continue
        sockets = [s for s in listeners.on_port(place[1]) if _takes(s, place[0])] if listeners else []
        if sockets and not any(socket.waiting for socket in sockets):
            return probe, sockets[0]
    return None


def _takes(socket: ListeningSocket, host: str) -> bool:
    """Surely: not of one family or one device alone."""
    if (
        not _address.is_local(host)
        or _address.is_name(host)
        or "%" in socket.line
        or (socket.is_v6 and ":" not in host)
    ):
        return False
    return _address.takes(socket, host)


def _is_steady(unit: UnitState | None, now: datetime) -> bool:
    if unit is None or not unit.is_running or unit.restarts or unit.started_at is None:
        return False
    return now - unit.started_at > _STEADY


def on_this_host(probe: Probe, socket: ListeningSocket, logged: tuple[NginxError, ...]) -> Finding:
    """`logged`: what nginx says of the same address."""
    return Finding(
        cause="firewall_or_no_route",
        certainty=Certainty.LIKELY,
        says=f"{probe.address} is open and takes no connection: a packet filter on this host shuts it",
        because=(
            *(_quote.error(e) for e in logged[:1]),
            _quote.probe(probe),
            Line(step="listeners", text=socket.line),
        ),
        restart=_quote.useless("app", "the filter stands before it afterwards as well"),
        next_check="`nft list ruleset` (`firewall-cmd --list-all`), and IPAddressDeny= of the unit: "
        f"which meets tcp port {socket.port}?",
        mend=f"taking out the filter's rule that meets tcp port {socket.port} between nginx and the app",
        weight=63,
    )
