"""`selinux.sh`: does SELinux deny, and what did it deny a web server in the last minutes?

Enforcing
boolean httpd_can_network_connect off
denied  type=AVC msg=audit(1796083517.123:4711): avc:  denied  { name_connect } for  pid=7518 comm="nginx"
dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket
"""

import re
from dataclasses import dataclass

from bot.model.evidence import CommandOutput

#: What is denied to a program that connects: to a port, to write to a socket's file, or to who listens on it.
_ON_WAY = re.compile(
    r"\{ [^{}]*\b(?:name_connect|connectto|write)\b|from (?:name_connect|connectto|write) access"
)
_PORT = re.compile(r"\bdest=(\d{1,5})\b|\bport (\d{1,5})\b")
_IS_FILE = re.compile(r"tclass=(?:sock_file|unix_stream_socket)|on the (?:sock_file|unix_stream_socket)")
_NGINX = re.compile(r'comm="nginx"|SELinux is preventing (?:\S*/)?nginx from')


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A line of the audit log, or of setroubleshoot."""

    line: str

    @property
    def is_nginx_s(self) -> bool:
        """nginx is who was denied."""
        return _NGINX.search(self.line) is not None

    @property
    def is_on_way(self) -> bool:
        """What was denied is part of connecting; in permissive mode it was only noted."""
        if "permissive=1" in self.line:
            return False
        return _ON_WAY.search(self.line) is not None and (self.port is not None or self.is_of_file)

    @property
    def port(self) -> int | None:
        """The port that was dialled; None where it was none."""
        found = None if self.is_of_file else _PORT.search(self.line)
        return int(found[1] or found[2]) if found else None

    @property
    def is_of_file(self) -> bool:
        """A unix socket: its file, or who listens on it."""
        return _IS_FILE.search(self.line) is not None


@dataclass(frozen=True, kw_only=True)
class SelinuxMode:
    """SELinux on this host."""

    is_enforcing: bool
    line: str
    #: Booleans of the policy that were asked for -> whether they are on.
    booleans: tuple[tuple[str, bool], ...] = ()
    #: Denials of the last ten minutes, oldest first.
    denials: tuple[Denial, ...] = ()

    def is_on(self, boolean: str) -> bool | None:
        """None where nobody said."""
        return dict(self.booleans).get(boolean)


def selinux(output: CommandOutput) -> SelinuxMode:
    """Source: getenforce(8), selinuxfs, ausearch(8), the kernel's security/selinux/avc.c; setroubleshoot."""
    mode, *rest = output.stdout.strip().splitlines() or [""]
    rows = [line.partition("\t") for line in rest]
    said = [value.split() for kind, _, value in rows if kind == "boolean"]
    return SelinuxMode(
        is_enforcing=mode in ("Enforcing", "1"),
        line=mode,
        booleans=tuple((words[0], words[1] in ("on", "1")) for words in said if len(words) == 2),
        denials=tuple(Denial(line=value.strip()) for kind, _, value in rows if kind == "denied"),
    )
