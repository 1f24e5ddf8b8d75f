"""`probe.sh front …` and `probe.sh upstreams …`: who answered what, tab separated.

probe   http   127.0.0.1:3000   /livez   answered   200   1   3   135
probe   http   127.0.0.1:3000   /        read_timeout   -   0   4300   0   0 bytes came
binds   haproxy.service   8082   inactive
"""

import re
from dataclasses import dataclass
from enum import Enum

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number


class Answer(Enum):
    """How one GET ended."""

    ANSWERED = "answered"
    CONNECTED = "connected"
    REFUSED = "refused"
    MISSING = "missing"
    DENIED = "denied"
    BACKLOG_FULL = "backlog_full"
    UNREACHABLE = "unreachable"
    NO_ADDRESS = "no_address"
    NOT_RESOLVED = "not_resolved"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    CLOSED = "closed"
    RESET = "reset"
    TLS_FAILED = "tls_failed"
    NOT_HTTP = "not_http"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One GET: to whom, and how it ended."""

    protocol: str
    #: `host:port`, `[v6]:port` or `unix:/path`.
    address: str
    path: str
    answer: Answer
    status: int | None
    total_ms: int | None
    header_bytes: int
    detail: str
    line: str
    #: Who answered, where it is known to be another than who was to be asked; the parser leaves it empty.
    by: str = ""

    def told(self, who: str = "") -> str:
        """`nginx answered 502 to GET / after 3 ms`; `who` by default its protocol and address."""
        name = (
            self.by or who or (self.address if self.protocol == "http" else f"{self.protocol} {self.address}")
        )
        took = "the time it had" if self.total_ms is None else _took(self.total_ms)
        if self.answer is Answer.ANSWERED:
            says = f"answered {self.status or 'without a status'} to GET {self.path} after {took}"
        else:
            path = f" (GET {self.path})" if self.path != "-" else ""
            says = _WORDS[self.answer].format(ms=took) + path
        adds = self.detail and self.answer not in _TELLS_ALL
        return f"{name} {says}{f': {self.detail}' if adds else ''}"

    @property
    def is_well(self) -> bool:
        """Answered, with less than 500, and not turned away for too many requests (429)."""
        if self.answer is Answer.CONNECTED:
            return True
        if self.answer is not Answer.ANSWERED or self.status is None:
            return False
        return self.status < 500 and self.status != _TOO_MANY


#: RFC 6585, section 4.
_TOO_MANY = 429
#: How a GET ended that nobody answered with HTTP; `{ms}` is how long it took.
_WORDS = {
    Answer.CONNECTED: "took the connection",
    Answer.REFUSED: "refused the connection",
    Answer.MISSING: "has no socket file",
    Answer.DENIED: "may not be opened (permission denied)",
    Answer.BACKLOG_FULL: "takes no more connections, its queue is full",
    Answer.UNREACHABLE: "cannot be reached, there is no route",
    Answer.NO_ADDRESS: "could not be dialled, no local port or address is left to dial from",
    Answer.NOT_RESOLVED: "has a name that does not resolve",
    Answer.CONNECT_TIMEOUT: "did not take the connection within {ms}",
    Answer.READ_TIMEOUT: "took the connection and gave no answer within {ms}",
    Answer.CLOSED: "closed the connection without an answer",
    Answer.RESET: "reset the connection",
    Answer.TLS_FAILED: "failed in the TLS handshake",
    Answer.NOT_HTTP: "answered, but not with HTTP",
    Answer.FAILED: "could not be asked",
}


#: What the host says to these, `[Errno 111] Connection refused`, is the same again.
_TELLS_ALL = frozenset(
    {Answer.REFUSED, Answer.MISSING, Answer.DENIED, Answer.BACKLOG_FULL, Answer.RESET, Answer.CLOSED}
)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A port that another proxy's files tell it to listen on, and its unit."""

    unit: str
    port: int
    active: str
    line: str


@dataclass(frozen=True, kw_only=True)
class HttpProbes:
    """All probes of one step; empty when there was nobody to ask."""

    probes: tuple[Probe, ...]
    unread: tuple[str, ...] = ()
    #: Of the step that looks behind other proxies; of other steps empty.
    binds: tuple[Bound, ...] = ()

    def bound(self, port: int) -> Bound | None:
        """The proxy that is to listen on that port and does not run."""
        return next((b for b in self.binds if b.port == port and b.active != "active"), None)

    @property
    def are_well(self) -> bool:
        """Somebody was asked and everything asked was well."""
        return bool(self.probes) and all(probe.is_well for probe in self.probes)

    def that(self, *answers: Answer) -> tuple[Probe, ...]:
        """Probes that ended in one of these ways."""
        return tuple(probe for probe in self.probes if probe.answer in answers)


def http_probes(output: CommandOutput) -> HttpProbes:
    """Probes in the order they ended; times in milliseconds, bytes of the answer's header.

    Source: runbooks/scripts/probe.sh.
    """
    probes: list[Probe] = []
    unread: list[str] = []
    binds: list[Bound] = []
    for line in output.stdout.splitlines():
        probe, bound = _probe(line), _bound(line)
        if probe is not None:
            probes.append(probe)
        elif bound is not None:
            binds.append(bound)
        elif line.strip():
            unread.append(line)
    return HttpProbes(probes=tuple(probes), unread=tuple(unread), binds=tuple(binds))


def _bound(line: str) -> Bound | None:
    fields = line.split("\t")
    if fields[0] != "binds" or len(fields) != 4 or not is_number(fields[2]):
        return None
    return Bound(unit=fields[1], port=int(fields[2]), active=fields[3], line=" ".join(fields[1:]))


def _probe(line: str) -> Probe | None:
    fields = [*line.split("\t"), ""]
    if fields[0] != "probe" or len(fields) < 10:
        return None
    try:
        answer = Answer(fields[4])
    except ValueError:
        return None
    if answer is Answer.UNREACHABLE and "[Errno 99]" in fields[9] and _FOUR.match(fields[2]):
        answer = Answer.NO_ADDRESS
    return Probe(
        protocol=fields[1],
        address=fields[2],
        path=fields[3],
        answer=answer,
        status=_number(fields[5]),
        total_ms=_number(fields[7]),
        header_bytes=_number(fields[8]) or 0,
        detail=fields[9].strip(),
        line=" ".join(field for field in fields[1:] if field),
    )


#: connect(2) EADDRNOTAVAIL of an IPv4 address; of an IPv6 one it says as well that the kernel has no IPv6.
_FOUR = re.compile(r"\d{1,3}(\.\d{1,3}){3}:\d+\Z")


def _took(ms: int) -> str:
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None
