"""ss, netstat, lsof, nmap, fuser, docker port: who listens where, and that nobody does.

Source: iproute2 ss(8), net-tools netstat(8), busybox networking/netstat.c, FreeBSD and macOS netstat(1) and
sockstat(1), Windows `netstat -ano`, lsof(8), nmap's output, fuser(1), `docker port`.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "queue_full": "connections wait on a listening socket to be accepted; fields: port, waiting, limit",
    "half_closed": "many connections that one side has not closed; fields: state",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "port_taken",
        r"bind\(\) to (?P<address>\S{0,80}?):(?P<port>\d+) failed \(10013:",
        "failed (10013",
        who="nginx",
    ),
    says("port_taken", r"EADDRINUSE[\s:]{0,12}(?P<port>\d{2,5})\b", "eaddrinuse"),
    says("port_taken", r"EADDRINUSE(?!.{0,60}(?:\d{2,5}\b|/\w))", "eaddrinuse"),
    says(
        "port_taken",
        r"^(?!.*\blisten tcp).*?(?P<address>[\d.]+|\[::\]|\*):(?P<port>\d{2,5})\b"
        r"(?:.{0,40}?(?:9|4)8|: bind): Address (?:already )?in use",
        "in use",
    ),
    says(
        "port_taken",
        r"^(?!.*(?:\.sock|unix:|listen EADDR|:\d{2,5}\b.{0,30}in use)).*\bAddress (?:already )?in use"
        r"(?:.{0,40}?(?<!error)(?<!errno)(?<!code)[: ](?P<port>\d{2,5})\b)?",
        "address already in use",
        "address in use",
    ),
    says("not_listening", r"^\s*(?P<port>\d+)/tcp\s+closed\b", "/tcp"),
    says("listening", r"^\s*(?P<port>\d+)/tcp\s+open\s+(?P<process>\S+)?", "/tcp"),
    says("listening", r"^\s*\d+/tcp -> (?P<address>[\d.]+|\[::\]):(?P<port>\d+)", "/tcp ->", inside="host"),
    says("listening", r"^\s*(?P<port>\d+)/tcp:\s+\d+", "/tcp:"),
    says(
        "not_listening",
        r"(?:nothing|no ?one|nobody|no process|not)\b.{0,20}listen(?:s|ing)? (?:on|at) (?:port |:|\S+:)"
        r"?(?P<port>\d+)(?!\d|\.\d)",
        "listen",
    ),
    says(
        "not_listening",
        r"\b(?:netstat|ss|lsof)\b[^\d]{0,40}(?P<port>\d{2,5})\b.{0,40}"
        r"(?:\b(?:shows?|returns?|returned|gives?|prints?|lists?|is|was) (?:nothing|empty|no output|blank)\b"
        r"|아무것도|什么(?:都|也)没|没有(?:任何)?(?:输出|结果|监听)|何も|\bnichts\b|\bnada\b|\brien\b"
        r"|\bничего\b|\bпусто\b|\bniente\b|\bnic\b)",
        "netstat",
        "ss ",
        "lsof",
    ),
    says(
        "not_listening",
        r"port (?P<port>\d+) (?:is not|isn't|was not) (?:open|listening|in use|bound)",
        "port ",
    ),
)

_ADDRESS = (
    r"(?P<address>\*|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?(?:%\w+)?"
    r"|[\d.]+(?:%\w+)?|localhost|\[::\]|::ffff:[\d.]+)"
)
_SS = re.compile(
    rf"(?:\A|\s)(?:tcp6?\s+)?LISTEN\s+(?P<waiting>\d+)\s+(?P<limit>\d+)\s+{_ADDRESS}:(?P<port>\d+)"
    rf"(?:\s+\S+|\s*\Z)(?P<rest>.*)"
)
_NETSTAT = re.compile(
    rf"(?:\A|\s)tcp(?:4|6|46)?\s+(?P<waiting>\d+)\s+\d+\s+{_ADDRESS}[:.](?P<port>\d+)\s+\S+\s+(?:LISTEN|"
    rf"LISTENING)\b(?P<rest>.*)"
)
_WINDOWS = re.compile(rf"\A\s*TCP\s+{_ADDRESS}:(?P<port>\d+)\s+\S+\s+(?:LISTENING|ABH\S+)\b(?P<rest>.*)")
_LSOF = re.compile(
    rf"\A\s*(?P<process>\S+)\s+\d+\s.*\bTCP\s+{_ADDRESS}:(?P<port>\d+|[a-z][\w-]*)\s+\(LISTEN\)(?P<rest>)"
)
_SOCKSTAT = re.compile(
    rf"\A\S+\s+(?P<process>\S+)\s+\d+\s+\d+\s+tcp[46]+\s+{_ADDRESS}:(?P<port>\d+)\s+\*:\*(?P<rest>)"
)
_TCP = (_SS, _NETSTAT, _WINDOWS, _LSOF, _SOCKSTAT)
_UNIX = re.compile(
    r"(?:u_str\s+LISTEN\s+(?P<waiting>\d+)\s+(?P<limit>\d+)\s+"
    r"|unix\s+\d+\s+\[ ACC \]\s+STREAM\s+LISTENING\s.*?(?:\d+/(?P<process>[\w.-]+).*?)?\s)(?P<path>[/@]\S+)"
    r"(?P<rest>.*)"
)
_USERS = re.compile(r"users:\(\(\"(?P<process>[^\"]+)\"|(?:\A|\s)\d+/(?P<other>[^\s:]+)")
_SERVICES = {
    "http": "80",
    "https": "443",
    "http-alt": "8080",
    "cslistener": "9000",
    "commplex-main": "5000",
    "irdmi": "8000",
    "sunproxyadmin": "8081",
    "ppp": "3000",
}
_IN_CONTAINER = re.compile(
    r"(?:docker(?:-compose| compose)?|podman|kubectl|crictl|nerdctl) .*\bexec\b|\bnomad alloc exec\b"
    # busybox' prompt of an image, or a container's ID as the host's name
    r"|nsenter|@[0-9a-f]{12}[:\s]|\A/(?:[\w.-]{1,40}/?){0,3} # "
)


@given(("LISTEN", "*:*", "ABH"))
def _listening(piece: Piece) -> Iterator[Sign]:
    """Rows of every tool; a command with `exec` before them says that they stand inside a container."""
    inside = "container" if "container" in piece.kind else ""
    for line in piece.text.split("\n"):
        if _IN_CONTAINER.search(line):
            inside = "container"
        elif "$ " in line or "# " in line:
            inside = ""
        yield from _row(line, inside)


def _row(line: str, inside: str) -> Iterator[Sign]:
    if "LISTEN" not in line and "*:*" not in line and "ABH" not in line:
        return
    text = line.strip()
    if found := next((m for form in _TCP if (m := form.search(line))), None):
        port = _SERVICES.get(found["port"], found["port"])
        fields = {
            "address": _clean(found["address"]),
            "port": port,
            "process": _process(found),
            "inside": inside,
        }
        yield Sign(kind="listening", line=text, fields=fields)
        yield from _queue(text, found.groupdict(), port)
    elif found := _UNIX.search(line):
        yield Sign(
            kind="listening",
            line=text,
            fields={"path": found["path"], "process": _process(found), "inside": inside},
        )
        yield from _queue(text, found.groupdict(), "")


def _queue(line: str, row: Mapping[str, str | None], port: str) -> Iterator[Sign]:
    waiting, limit = int(row.get("waiting") or 0), int(row.get("limit") or 0)
    if limit and waiting >= limit:
        yield Sign(
            kind="queue_full", line=line, fields={"port": port, "waiting": str(waiting), "limit": str(limit)}
        )


def _process(found: re.Match[str]) -> str:
    named = found.groupdict().get("process")
    if named:
        return named
    users = _USERS.search(found["rest"])
    return (users["process"] or users["other"]) if users else ""


def _clean(address: str) -> str:
    bare = address.partition("%")[0].strip("[]")
    return bare.removeprefix("::ffff:") or "*"


_LOOKED = re.compile(
    r"(?:[$#%>]\s*|\A\s*)(?:sudo )?(?P<tool>ss|netstat|lsof|fuser)\b[^|]*?(?:\|\s*(?:sudo )?(?:e|f)"
    r"?grep\s[^|\d]*(?P<port>\d{2,5})\b"
    r"|(?:-i\s*(?:tcp)?:|sport = :|\s)(?P<own>\d{2,5})(?:/tcp)?\b)"
)
_NEW_PROMPT = re.compile(r"\A\s*(?:\S{0,60}[$#%>]\s|[$#%>]\s*\Z|\[\w+@)")


@given(_LOOKED)
def _nothing(piece: Piece) -> Iterator[Sign]:
    """A grep for a port with nothing below it: nobody listens there."""
    rows = piece.text.split("\n")
    for number, line in enumerate(rows):
        found = _LOOKED.search(line)
        if found is None or _row_after(rows, number):
            continue
        port = found["port"] or found["own"]
        yield Sign(kind="not_listening", line=line.strip(), fields={"port": port})


def _row_after(rows: list[str], number: int) -> bool:
    """Whether something was printed; what stands below a last line was cut off."""
    below = rows[number + 1 :]
    if not any(row.strip() for row in below):
        return not below
    answer = next(row for row in below if row.strip())
    marks = ("(no output)", "(empty)", "<empty>", "(nothing)", "<no output>")
    return not (_NEW_PROMPT.match(answer) or answer.strip().lower() in marks or not below[0].strip())


READERS: tuple[Reader, ...] = (_listening, _nothing)
