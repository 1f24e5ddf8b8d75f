"""nginx's files name an address of Docker's network that the app's container does not have (any more).

Source: docs.docker.com "Networking overview" (addresses are given at each start, from the first free one).
"""

from collections.abc import Iterator

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.containers import Box, Containers, is_of_a_network
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _quote

_LOST = (Fault.REFUSED, Fault.NO_ROUTE, Fault.CONNECT_TIMEOUT)
_UNREACHED = (Answer.REFUSED, Answer.CONNECT_TIMEOUT, Answer.UNREACHABLE)


def moved(
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig | None,
    containers: Containers,
    unit: UnitState | None,
) -> Finding | None:
    """The address fails; no container has it, or another one, and the app's container has another."""
    written = config.addresses if config else ()
    for address, line in _lost(upstreams, error_log):
        place = _address.split(address)
        if place is None or _address.is_name(place[0]) or _address.is_local(place[0]):
            continue
        if address not in written or not any(is_of_a_network(place[0], box) for box in containers.boxes):
            continue
        app, is_known = _app(containers, unit, place[1])
        holder = containers.of_address(place[0])
        if app is None or app is holder or not app.addresses:
            continue
        return _found(address, line, app, containers, holder=holder, is_known=is_known)
    return None


def _lost(upstreams: HttpProbes | None, error_log: NginxErrorLog | None) -> Iterator[tuple[str, Line]]:
    """Addresses that cannot be reached now, each with its line; a probe that got through overrules."""
    reached = {p.address for p in upstreams.probes if p.answer not in _UNREACHED} if upstreams else set()
    for entry in error_log.of(*_LOST) if error_log else ():
        if entry.address and entry.address not in reached:
            yield entry.address, _quote.error(entry)
    for probe in upstreams.that(*_UNREACHED) if upstreams else ():
        yield probe.address, _quote.probe(probe)


def _app(containers: Containers, unit: UnitState | None, port: int) -> tuple[Box | None, bool]:
    """The app's container, and whether the fleet says so; else the only one that listens on the port."""
    if unit is not None and unit.container:
        own = unit.container.id[:12]
        return next((box for box in containers.boxes if box.id == own), None), True
    able = [box for box in containers.boxes if any(not one.is_loopback for one in box.on_port(port))]
    return (able[0] if len(able) == 1 else None), False


def _found(
    address: str, line: Line, app: Box, containers: Containers, *, holder: Box | None, is_known: bool
) -> Finding:
    name = containers.name_of(app)
    now = f"{app.addresses[0]}:{address.rpartition(':')[2]}"
    whose = f"the container {containers.name_of(holder)} has" if holder else "no container has now"
    return Finding(
        cause="wrong_address",
        certainty=Certainty.CONFIRMED if is_known else Certainty.LIKELY,
        says=f"nginx dials {address}, an address of Docker's network that {whose}; "
        f"{name} has {app.addresses[0]}",
        because=(line, Line(step="containers", text=f"address {app.id} {app.addresses[0]}")),
        restart=_quote.useless("app", "it keeps its address, or gets yet another one"),
        next_check=None if is_known else f"whether {name} is the app",
        mend=f"for now {now} in nginx's configuration and a reload; lasting: the port published on 127.0.0.1 "
        "and that dialled, for a container gets its address at each start",
        weight=90,
    )
