"""A place that is dialled or listened on: host and port."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from bot.model.sign import Sign

_TARGET = re.compile(
    r"\A(?:(?P<scheme>[a-z+]+)://)?(?:\[(?P<six>[0-9a-f:.%\w]+)\]|(?P<host>[\w.*-]+)|(?P<bare>::\w*))?"
    r"(?::(?P<port>\d{1,5}))?(?:/.*)?\Z"
)
#: Where PHP-FPM listens unless a pool says otherwise, in its image as well.
FPM_PORT = 9000
_DEFAULT_PORT = {"http": 80, "https": 443, "grpc": 80, "grpcs": 443}
_ANY = ("", "*", "0.0.0.0", "::")  # noqa: S104  # compared, not bound


@lru_cache(maxsize=4096)
def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as; None for a name. Rules ask the same again and again."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A host and port that somebody dials or listens on; a unix socket has a path instead."""

    host: str
    port: int
    sign: Sign

    @property
    def text(self) -> str:
        """As it is written: `127.0.0.1:3000`, `[::1]:3000`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.host else f"port {self.port}"

    @property
    def family(self) -> int | None:
        """4, 6, or None for a name."""
        address = address_of(self.host)
        return address.version if address is not None else None

    @property
    def is_loopback(self) -> bool:
        """127.0.0.0/8, ::1 or localhost."""
        address = address_of(self.host)
        return self.host == "localhost" or (address is not None and address.is_loopback)

    @property
    def is_any(self) -> bool:
        """Bound to every address; also when the address is not said."""
        return self.host in _ANY

    @property
    def is_service(self) -> bool:
        """A name as containers and clusters give it: one word, or under a cluster's domain.

        nginx logs the address it dials, not its name: a name there was put in to hide an address.
        """
        if not self.is_name or (self.sign["proxy"] == "nginx" and self.sign.kind != "dials"):
            return False
        return "." not in self.host or self.host.endswith((".svc", ".cluster.local", ".docker.internal"))

    @property
    def is_name(self) -> bool:
        """A name of another container or host."""
        return bool(self.host) and self.family is None and self.host != "localhost"


def place(target: str, sign: Sign, protocol: str = "") -> Place | None:
    """`http://[::1]:80/x` -> host and port; None for a unix socket or what has no port."""
    found = _TARGET.match(target.strip().lower())
    if found is None or target.startswith(("unix:", "/")):
        return None
    host = found["six"] or found["host"] or found["bare"] or ""
    port = found["port"] or _DEFAULT_PORT.get(found["scheme"] or protocol)
    return Place(host=host, port=int(port), sign=sign) if port and int(port) < 65536 else None
