"""`containers.sh`: containers, where they listen inside, and which ports of the host lead to them.

box	2e55c2ac3f9c	403	python3
address	2e55c2ac3f9c	172.17.0.2
listens	2e55c2ac3f9c	127.0.0.1	8000
publishes	127.0.0.1	8000	172.17.0.2	8000
row	2e55c2ac3f9c   shop:1   "python3 /app/app.py"   2 hours ago   Up 2 hours   127.0.0.1:8000->8000/tcp   shop
"""

import ipaddress
import re
from dataclasses import dataclass

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

_GAP = re.compile(r" {2,}")
_ID = re.compile(r"[0-9a-f]{12}\Z")
_PORTS = re.compile(r"(?P<host>\[?[0-9a-f.:]*\]?):(?P<port>\d{1,5})->(?P<inner>\d{1,5})/tcp")
#: How a STATUS begins, in Docker and in podman.
_STATUS = re.compile(
    r"(?:Up|Exited|Created|Restarting|Dead|Removal|Removing|Paused|Initialized|Stopping|Stopped)\b"
)
#: More columns than these two: what it is, and of which container.
_INSIDE = 2


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A socket in state LISTEN in a container's own network."""

    host: str
    port: int
    line: str

    @property
    def is_loopback(self) -> bool:
        """Nobody outside the container reaches it."""
        return self.host == "::1" or self.host.startswith("127.")


@dataclass(frozen=True, kw_only=True)
class Box:
    """A container that has processes; one without addresses has the host's network."""

    #: The first twelve digits.
    id: str
    pid: int
    program: str
    addresses: tuple[str, ...]
    sockets: tuple[Inside, ...]

    def on_port(self, port: int) -> tuple[Inside, ...]:
        """Who listens on that port inside."""
        return tuple(one for one in self.sockets if one.port == port)


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A port of the host that leads to one of a container's."""

    host: str
    port: int
    to_host: str
    to_port: int
    line: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of `docker ps -a`."""

    id: str
    image: str
    status: str
    name: str
    #: Address and port on the host, port inside; only of one that runs.
    published: tuple[tuple[str, int, int], ...]
    line: str

    @property
    def is_up(self) -> bool:
        """It runs, and is not paused."""
        return self.status.startswith("Up ") and "(Paused)" not in self.status


@dataclass(frozen=True, kw_only=True)
class Containers:
    """The host's containers; all empty where there are none."""

    boxes: tuple[Box, ...]
    leads: tuple[Lead, ...]
    #: Of running and resting ones; None where Docker does not say.
    rows: tuple[Row, ...] | None
    #: State of Docker's unit as systemd has it; empty where there is no Docker.
    engine: str
    #: The last line of what docker said instead.
    refused: str

    def of_address(self, host: str) -> Box | None:
        """The container that has this address."""
        return next((box for box in self.boxes if host in box.addresses), None)

    def name_of(self, box: Box) -> str:
        """Its name, else its short id."""
        return next((row.name for row in self.rows or () if row.id == box.id), box.id)

    def named(self, name: str) -> Row | None:
        """The row of the container with that name."""
        return next((row for row in self.rows or () if row.name == name), None)


def containers(output: CommandOutput) -> Containers:
    """Source: runbooks/scripts/containers.sh; proc_pid_net(5), cgroups(7), `docker ps`, docker-proxy."""
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    listed = [row for row in rows if row[0] == "row" and len(row) == 2]
    inside: dict[str, list[list[str]]] = {}
    for row in rows:
        if row[0] in ("address", "listens") and len(row) > _INSIDE:
            inside.setdefault(row[1], []).append(row)
    boxes = [row for row in rows if row[0] == "box" and len(row) == 4 and is_number(row[2])]
    return Containers(
        boxes=tuple(_box(row, inside.pop(row[1], [])) for row in boxes),
        leads=tuple(
            Lead(host=row[1], port=int(row[2]), to_host=row[3], to_port=int(row[4]), line=" ".join(row))
            for row in rows
            if row[0] == "publishes" and len(row) == 5 and is_number(row[2]) and is_number(row[4])
        ),
        rows=tuple(one for row in listed if (one := _row(row[1]))) if listed else None,
        engine=next((row[2] for row in rows if row[0] == "engine" and len(row) == 3), ""),
        refused=next((row[1] for row in rows if row[0] == "refused" and len(row) == 2), ""),
    )


def is_of_a_network(host: str, box: Box) -> bool:
    """An address beside the container's own: in the /16 that Docker gives a network unless told otherwise."""
    try:
        return any(
            ipaddress.ip_address(host) in ipaddress.ip_network(f"{own}/16", strict=False)
            for own in box.addresses
        )
    except (ValueError, TypeError):
        return False


def _box(row: list[str], mine: list[list[str]]) -> Box:
    return Box(
        id=row[1],
        pid=int(row[2]),
        program=row[3],
        addresses=tuple(one[2] for one in mine if one[0] == "address"),
        sockets=tuple(
            Inside(host=one[2], port=int(one[3]), line=" ".join(one))
            for one in mine
            if one[0] == "listens" and len(one) == 4 and is_number(one[3])
        ),
    )


def _row(line: str) -> Row | None:
    """Counted from the right, for a COMMAND may have blanks: STATUS, maybe PORTS, NAMES."""
    words = _GAP.split(line.strip())
    at = next((at for at in (-2, -3) if len(words) + at > 1 and _STATUS.match(words[at])), None)
    if at is None or not _ID.match(words[0]):
        return None
    ports = words[-2] if at == -3 else ""
    return Row(
        id=words[0],
        image=words[1],
        status=words[at],
        name=words[-1],
        published=tuple(
            (found["host"].strip("[]"), int(found["port"]), int(found["inner"]))
            for found in _PORTS.finditer(ports)
        ),
        line=line.strip(),
    )
