"""nginx's error log, whole or cut, with or without time, level and the prefixes others put before it.

2026/11/20 23:23:05 [error] 156#156: *5 connect() failed (111: Connection refused) while connecting to
upstream, client: 10.88.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/",
host: "10.88.0.11"
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._nginx_faults import Fault, fault_of, speaks_of_nginx, without_referrer
from bot.parsers._times import time_of

_TIME = re.compile(r"(?<!\d)\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_LEVEL = re.compile(r"\[(debug|info|notice|warn|error|crit|alert|emerg)\]")
_FILE = re.compile(r"==> (?P<path>/\S*|journal) <==(?: .*)?\Z")
_NAMES = "client|server|request|upstream|host"
#: All at once, so that what stands inside one field's quotes is no field.
_FIELD = re.compile(rf'\b({_NAMES}): (?:"([^"]*)|([^",]*))')
_FIELDS_BEGIN = re.compile(rf", (?:{_NAMES}): ")
_IDS = re.compile(r"\A\s*(\d+#\d+: )?(\*\d+ )?")
_PID = re.compile(r"\] (\d{1,10})#\d+: ")
_SCHEME = re.compile(r"\A([a-z]+)://")
_SOCKET = re.compile(r"/\S*?\.(sock|socket)(?=/|\Z)")
_REQUEST_PATH = re.compile(r"\A[A-Z]+ (\S+)")


@dataclass(frozen=True, kw_only=True)
class NginxError:
    """One line of the log."""

    #: Local time of the host, without a zone; None when the line has none.
    at: datetime | None
    level: str
    fault: Fault
    #: What nginx complains of, without the fields behind it: what a visitor asked for is no part of it.
    message: str
    #: Scheme and address nginx dialled: `http`, `127.0.0.1:3000` or `unix:/path`; empty when not named.
    protocol: str
    address: str
    server: str
    client: str
    path: str
    #: Log file it was read from; empty when not known.
    file: str
    line: str
    #: The worker that wrote it; None when not said.
    pid: int | None = None


@dataclass(frozen=True, kw_only=True)
class NginxErrorLog:
    """Errors, the oldest first. After the judge's focus only those that speak of now."""

    errors: tuple[NginxError, ...]
    #: Errors that are too old, or none at all; the parser leaves it empty.
    earlier: tuple[NginxError, ...] = ()
    #: Errors of other sites of the same log, which may be of now; the parser leaves it empty.
    others: tuple[NginxError, ...] = ()
    #: Lines that are not nginx's, kept as text.
    unread: tuple[str, ...] = ()

    def of(self, *faults: Fault) -> tuple[NginxError, ...]:
        """Errors of these faults, newest first."""
        return tuple(error for error in reversed(self.errors) if error.fault in faults)


def nginx_error_log(output: CommandOutput) -> NginxErrorLog:
    """Every line that nginx wrote, noise included; what is not nginx's stands in `unread`.

    Source: ngx_log.c (form of a line), ngx_http_upstream.c (its fields).
    """
    errors: list[NginxError] = []
    unread: list[str] = []
    file = ""
    for line, whole in _entries(output.stdout.splitlines()):
        heading = _FILE.match(line)
        if heading:
            file = heading["path"]
        elif speaks_of_nginx(line):
            errors.append(_error(line, whole, file))
        elif line.strip():
            unread.append(line)
    return NginxErrorLog(errors=tuple(errors), unread=tuple(unread))


#: What a FastCGI server writes is logged as it came, line breaks too; nginx's own fields follow its end.
_STDERR = 'FastCGI sent in stderr: "'
_STDERR_ENDS = re.compile(r'" while (reading|sending|connecting)')
_MOST_LINES = 60


def _entries(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each entry's first line, and all of it on one line."""
    at = 0
    while at < len(lines):
        first, whole = lines[at], lines[at]
        at += 1
        if _STDERR in first and not _STDERR_ENDS.search(first):
            for more in lines[at : at + _MOST_LINES]:
                if _TIME.match(more) or _FILE.match(more):
                    break
                whole, at = f"{whole} {more}", at + 1
                if _STDERR_ENDS.search(more):
                    break
        yield first, whole


def _error(line: str, whole: str, file: str) -> NginxError:
    fields = _fields(without_referrer(whole))
    level = _LEVEL.search(line)
    path = _REQUEST_PATH.match(fields.get("request", ""))
    protocol, address = _dialled(fields.get("upstream", ""), path[1] if path else "/")
    return NginxError(
        at=_time(line),
        level=level[1] if level else "",
        fault=fault_of(whole),
        message=_complaint(_IDS.sub("", whole[level.end() :] if level else whole)).strip(),
        protocol=protocol,
        address=address,
        server=fields.get("server", ""),
        client=fields.get("client", ""),
        path=path[1] if path else "",
        file=file,
        line=line.strip(),
        pid=int(ids[1]) if (ids := _PID.search(line)) else None,
    )


def _complaint(text: str) -> str:
    """What stands before nginx's fields; of what a backend said these are no part, whatever it said."""
    said = text.find(_STDERR)
    end = _STDERR_ENDS.search(text, said) if said >= 0 else None
    if said >= 0 and end is None:  # cut by nginx, and its fields with it
        return text
    fields = _FIELDS_BEGIN.search(text, end.end() if end else 0)
    return text[: fields.start()] if fields else text


def _fields(line: str) -> dict[str, str]:
    """By name; of one that stands there twice the last, which is nginx's own."""
    return {name: (quoted or bare).strip() for name, quoted, bare in _FIELD.findall(line)}


def _dialled(upstream: str, path: str) -> tuple[str, str]:
    """`fastcgi://unix:/run/a.sock:` -> fastcgi, unix:/run/a.sock.

    A socket named in an `upstream` block is followed by the request's path without a colon.
    """
    found = _SCHEME.match(upstream)
    rest = upstream[found.end() :] if found else upstream
    if rest.startswith("unix:"):
        return (found[1] if found else "", "unix:" + _socket_of(rest[5:], path))
    return (found[1] if found else "", rest.split("/", 1)[0])


def _socket_of(text: str, path: str) -> str:
    """`/run/a.sock:/cart` or `/run/a.sock/cart` -> `/run/a.sock`, by the path asked for or a usual ending."""
    if text.endswith(path) and text != path:
        return text.removesuffix(path).rstrip(":")
    name, colon, _ = text.partition(":")
    found = None if colon else _SOCKET.match(name)
    return found[0] if found else name


def _time(line: str) -> datetime | None:
    found = _TIME.search(line)
    return time_of(found[0].replace("/", "-")) if found else None
