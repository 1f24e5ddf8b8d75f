"""`ss -Hltnp`, `ss -Hltne`, `ss -Hlxnp`, or `netstat -ltn`: who listens where.

LISTEN 0 511  0.0.0.0:80      0.0.0.0:*  users:(("nginx",pid=156,fd=5),("nginx",pid=155,fd=5))
u_str LISTEN 0 128  /run/myapp/app.sock 36197 * 0 users:(("python3",pid=171,fd=17))
"""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

_USER = re.compile(r'\("(?P<name>(?:[^"\\]|\\.)*)",pid=(?P<pid>\d{1,10})')
_GROUP = re.compile(r"\bcgroup:(\S+)")
_UID = re.compile(r"\buid:(\d{1,10})")
_TCP = re.compile(r"(?P<host>\[[0-9a-fA-F:.%\w]*\]|[0-9.]+|\*|::|[0-9a-fA-F:]+)(?:%\w+)?:(?P<port>\d{1,5})\Z")
#: Java and others open sockets of IPv6 for addresses of IPv4: only IPv4 comes in there. Source: ipv6(7).
_MAPPED = "::ffff:"


@dataclass(frozen=True, kw_only=True)
class ListeningSocket:
    """One socket in state LISTEN."""

    #: IP text without brackets, `*` for all of both families; empty for a unix socket.
    host: str
    #: 0 for a unix socket.
    port: int
    #: Path of a unix socket; empty otherwise.
    path: str
    #: Connections that wait to be accepted, and how many may.
    waiting: int
    backlog: int
    #: Names and pids; empty where we may not see them.
    processes: tuple[tuple[str, int], ...]
    #: Control group and user id of the socket's maker, from `ss -e`; empty and None when not said.
    control_group: str = ""
    uid: int | None = None
    line: str

    @property
    def is_any(self) -> bool:
        """Bound to every address of its family."""
        return self.host in ("*", "0.0.0.0", "::")  # noqa: S104  # compared, not bound

    @property
    def is_v6(self) -> bool:
        """Of the IPv6 family; `*` and `::` usually take IPv4 as well."""
        return ":" in self.host

    @property
    def address(self) -> str:
        """As nginx would write it."""
        if self.path:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if self.is_v6 else f"{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class ListeningSockets:
    """All sockets in state LISTEN, in ss's order."""

    sockets: tuple[ListeningSocket, ...]
    unread: tuple[str, ...] = ()

    def on_port(self, port: int) -> tuple[ListeningSocket, ...]:
        """Sockets on that TCP port, whatever their address."""
        return self._by_port.get(port, ()) if port else ()

    @cached_property
    def _by_port(self) -> dict[int, tuple[ListeningSocket, ...]]:
        """A host may have thousands, and rules ask for the port of each address that was dialled."""
        found: dict[int, list[ListeningSocket]] = {}
        for socket in self.sockets:
            found.setdefault(socket.port, []).append(socket)
        return {port: tuple(sockets) for port, sockets in found.items()}

    def of_pids(self, pids: frozenset[int]) -> tuple[ListeningSocket, ...]:
        """Sockets held by one of these processes."""
        return tuple(s for s in self.sockets if any(pid in pids for _, pid in s.processes))


def listening_sockets(output: CommandOutput) -> ListeningSockets:
    """Listening TCP and unix stream sockets; datagram sockets and headings are left out.

    Source: ss(8), netstat(8).
    """
    sockets: list[ListeningSocket] = []
    unread: list[str] = []
    for line in output.stdout.splitlines():
        socket = _socket(line)
        if socket is not None:
            sockets.append(socket)
        elif "LISTEN" in line and "u_" not in line:
            unread.append(line)
    return ListeningSockets(sockets=tuple(sockets), unread=tuple(unread))


def _socket(line: str) -> ListeningSocket | None:
    words = line.split()
    users = tuple((found["name"], int(found["pid"])) for found in _USER.finditer(line))
    if "LISTEN" not in words and "LISTENING" not in words:
        return None
    if words[0].startswith("u_str") and len(words) > 4:
        return _built("", 0, words[4], words[2], words[3], users, line)
    if words[0] == "LISTEN" and len(words) > 3:
        return _tcp(words[3], words[1], words[2], users, line)
    if words[0].startswith("tcp") and len(words) > 4:
        place = words[4] if words[1] == "LISTEN" else words[3]
        return _tcp(place, words[1] if is_number(words[1]) else words[2], "0", users, line)
    return None


def _tcp(
    place: str, waiting: str, backlog: str, users: tuple[tuple[str, int], ...], line: str
) -> ListeningSocket | None:
    found = _TCP.match(place)
    if not found:
        return None
    host = found["host"].strip("[]").removeprefix(_MAPPED)
    return _built(host, int(found["port"]), "", waiting, backlog, users, line)


def _built(  # one call for each column of the table
    host: str,
    port: int,
    path: str,
    waiting: str,
    backlog: str,
    users: tuple[tuple[str, int], ...],
    line: str,
) -> ListeningSocket:
    return ListeningSocket(
        host=host,
        port=port,
        path=path,
        waiting=int(waiting) if is_number(waiting) else 0,
        backlog=int(backlog) if is_number(backlog) else 0,
        processes=users,
        control_group=group[1] if (group := _GROUP.search(line)) else "",
        uid=int(uid[1]) if (uid := _UID.search(line)) else None,
        line=" ".join(line.split()),
    )
