"""nginx's access log in common, combined or an extended form.

10.88.0.1 - - [20/Nov/2026:23:23:05 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/8.5.0"
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._times import time_of

_TIME = re.compile(r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]")
#: nginx writes English names, whatever the locale.
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_REQUEST = re.compile(r'"(?P<method>[A-Z]{3,10}) (?P<path>\S+)(?: HTTP/[\d.]+)?"\s+(?P<status>[1-5]\d\d)\b')
_AGENT = re.compile(r'"([^"]*)"\s*\Z')


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

    Source: ngx_http_log_module, formats `combined` and those derived from it.
    """
    requests: list[Request] = []
    unread = 0
    for line in output.stdout.splitlines():
        found = _REQUEST.search(line)
        if found is None:
            unread += bool(line.strip())
            continue
        agent = _AGENT.search(line)
        requests.append(
            Request(
                at=_at(line),
                method=found["method"],
                path=found["path"].split("?", 1)[0],
                status=int(found["status"]),
                is_probe=bool(agent and agent[1] == "runbook-bot"),
                line=line,
            )
        )
    return AccessLog(requests=tuple(requests), unread=unread)


def _at(line: str) -> datetime | None:
    found = _TIME.search(line)
    if found is None:
        return None
    day, month, year, time, zone = found.groups()
    # strptime takes ten times as long, for each of a thousand lines.
    return time_of(f"{year}-{_MONTHS[month]}-{day}T{time}{zone}") if month in _MONTHS else None
