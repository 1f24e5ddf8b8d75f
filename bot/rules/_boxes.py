"""What stands behind an address that leads into a container.

A published port is taken by docker-proxy (or sent on by the kernel) whether or not anybody listens inside:
the connection is then reset or closed, which looks as if the app had done it.

Source: docs.docker.com "Port publishing and mapping"; moby cmd/docker-proxy.
"""

from dataclasses import dataclass

from bot.model.verdict import Line
from bot.parsers.containers import Box, Containers, Inside, Lead, Row
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.unit_state import UnitState
from bot.rules import _address

_ANY = ("0.0.0.0", "::")  # noqa: S104  # compared, not bound
_CUT = (Answer.RESET, Answer.CLOSED, Answer.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The container that an address leads to, and the port inside."""

    box: Box
    name: str
    port: int
    #: The published port; None where the container's own address is dialled.
    lead: Lead | None

    @property
    def taking(self) -> tuple[Inside, ...]:
        """Who listens on that port and can be reached from outside."""
        return tuple(one for one in self.box.on_port(self.port) if not one.is_loopback)

    def lines(self, *sockets: Inside) -> tuple[Line, ...]:
        """The published port, and these sockets inside, as the host said."""
        texts = ([self.lead.line] if self.lead else []) + [one.line for one in sockets]
        return tuple(Line(step="containers", text=text) for text in texts)


@dataclass(frozen=True, kw_only=True)
class Deaf:
    """A probe that was cut off or refused because nobody takes connections inside."""

    probe: Probe
    behind: Behind


def behind(address: str, containers: Containers | None) -> Behind | None:
    """The container behind an address that nginx dials; None when it is none, or cannot be told."""
    place = _address.split(address)
    if containers is None or place is None:
        return None
    host, port = place
    lead = next((one for one in containers.leads if one.port == port and _takes(one, host)), None)
    box = containers.of_address(lead.to_host if lead else host)
    if box is None:
        return None
    return Behind(box=box, name=containers.name_of(box), port=lead.to_port if lead else port, lead=lead)


def deaf(upstreams: HttpProbes | None, containers: Containers | None) -> Deaf | None:
    """The first upstream that fails because inside its container nobody takes connections on that port."""
    for probe in upstreams.that(*_CUT) if upstreams else ():
        found = behind(probe.address, containers)
        if found is not None and not found.taking:
            return Deaf(probe=probe, behind=found)
    return None


def is_another(found: Behind, unit: UnitState | None) -> bool:
    """The address leads to a container that by the fleet file is not the app's."""
    return unit is not None and unit.container is not None and unit.container.id[:12] != found.box.id


def paused(address: str, containers: Containers | None) -> Row | None:
    """The row of the container behind an address, when somebody paused it."""
    found = behind(address, containers)
    row = containers.named(found.name) if found and containers else None
    return row if row is not None and "(Paused)" in row.status else None


def _takes(lead: Lead, host: str) -> bool:
    return lead.host in _ANY or lead.host == host or (host == "localhost" and _address.is_local(lead.host))
