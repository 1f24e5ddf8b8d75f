"""nginx's access log in common, combined or an extended form, or as one JSON object a line.

10.88.0.1 - - [20/Nov/2026:23:23:05 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/8.5.0"
{"time":"2026-11-20T23:23:05+00:00","request":"GET / HTTP/1.1","status":502,"upstream":"127.0.0.1:3000"}
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._times import time_of

_TIME = re.compile(r"[\[\"](\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})[\]\"]")
#: nginx writes English names, whatever the locale.
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_REQUEST = re.compile(r'"(?P<method>[A-Z]{3,10}) (?P<path>\S+)(?: HTTP/[\d.]+)?"\s+(?P<status>[1-5]\d\d)\b')
#: Other fields may stand behind the agent: X-Forwarded-For in the format `main` of nginx's own packages.
_PROBE = '"runbook-bot"'
#: What people call $status, and the parts of $request, in a log_format with escape=json.
_STATUS = ("status", "response_status", "status_code", "http_status", "code")
_METHOD = ("request_method", "method", "http_method", "verb")
_PATH = ("request_uri", "uri", "path", "url", "request_path")
_JSON_REQUEST = re.compile(r"([A-Z]{3,10}) (\S+)")
_JSON_TIME = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)"')


@dataclass(frozen=True, kw_only=True)
class Request:
    """One line of the log."""

    #: Aware; None when the format has no time.
    at: datetime | None
    method: str
    #: Path without its query.
    path: str
    status: int
    #: Asked by our own probe.
    is_probe: bool
    line: str

    @property
    def failed(self) -> bool:
        """Answered with 500 or above."""
        return self.status >= 500


@dataclass(frozen=True, kw_only=True)
class AccessLog:
    """Requests, the oldest first. After the judge's focus only those that speak of now."""

    requests: tuple[Request, ...]
    #: Requests from before what is judged; the parser leaves it empty.
    earlier: tuple[Request, ...] = ()
    #: Requests that may be another site's, which writes into the same file; the parser leaves it empty.
    others: tuple[Request, ...] = ()
    unread: int = 0

    @property
    def failures(self) -> tuple[Request, ...]:
        """Requests answered with 5xx, newest first, our own probes left out."""
        return tuple(r for r in reversed(self.requests) if r.failed and not r.is_probe)

    def summary(self) -> str:
        """`3 of 40 requests failed: 502 GET /cart (3), since 23:23:05; intermittent`."""
        asked = [request for request in self.requests if not request.is_probe]
        failed = [request for request in asked if request.failed]
        if not failed:
            return f"none of {len(asked)} requests failed"
        counts: dict[str, int] = {}
        for request in failed:
            key = f"{request.status} {request.method} {request.path}"
            counts[key] = counts.get(key, 0) + 1
        top = sorted(counts.items(), key=lambda item: -item[1])[:3]
        since = next((request.at for request in failed if request.at), None)
        after = asked[asked.index(failed[0]) :]
        kind = "constant" if all(request.failed for request in after) else "intermittent"
        parts = ", ".join(f"{key} ({count})" for key, count in top)
        when = f", since {since:%H:%M:%S}" if since else ""
        return f"{len(failed)} of {len(asked)} requests failed: {parts}{when}; {kind}"


def access_log(output: CommandOutput) -> AccessLog:
    """Requests in the log's order; `unread` counts lines without a request and a status.

    Source: ngx_http_log_module, formats `combined` and those derived from it; its escape=json.
    """
    requests: list[Request] = []
    unread = 0
    for line in output.stdout.splitlines():
        found = _REQUEST.search(line)
        said = (found["method"], found["path"], found["status"]) if found else _of_json(line)
        if said is None:
            unread += bool(line.strip())
            continue
        requests.append(
            Request(
                at=_at(line),
                method=said[0],
                path=said[1].split("?", 1)[0],
                status=int(said[2]),
                is_probe=_PROBE in line,
                line=line,
            )
        )
    return AccessLog(requests=tuple(requests), unread=unread)


def _of_json(line: str) -> tuple[str, str, str] | None:
    """Method, path and status of a line that is a JSON object; None where it has no status."""
    if not line.startswith("{"):
        return None
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(fields, dict)
        or not (status := _first(fields, _STATUS)).isdecimal()
        or len(status) != 3
    ):
        return None
    request = _JSON_REQUEST.match(_first(fields, ("request",)))
    method, path = request.groups() if request else (_first(fields, _METHOD), _first(fields, _PATH))
    return method or "-", path or "-", status


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next((str(fields[name]) for name in names if name in fields), "")


def _at(line: str) -> datetime | None:
    found = _TIME.search(line)
    if found is None:
        iso = _JSON_TIME.search(line)
        return time_of(f"{iso[1]}{iso[2].replace('Z', '+00:00')}") if iso else None
    day, month, year, time, zone = found.groups()
    # strptime takes ten times as long, for each of a thousand lines.
    return time_of(f"{year}-{_MONTHS[month]}-{day}T{time}{zone}") if month in _MONTHS else None
