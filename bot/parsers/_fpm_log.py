"""Lines of PHP-FPM's log, of PHP's own error log, and of the slow log.

[30-Nov-2026 10:30:05] WARNING: [pool www] child 31 exited on signal 11 (SIGSEGV) after 3.1 seconds from start
[30-Nov-2026 10:30:05 UTC] PHP Fatal error:  Uncaught Exception: no database in /srv/php/index.php:3
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.parsers._times import time_of

_LINE = re.compile(
    r"\[(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d)(?:\.\d+)?"
    r"(?: (?P<zone>[^\]]+))?\]\s+(?:(?P<level>DEBUG|NOTICE|WARNING|ERROR|ALERT): )?"
    r"(?:pid \d+, \S+\(\), line \d+: )?(?:\[pool (?P<pool>[^\]]+)\] ?)?(?P<message>.*)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SCRIPT = re.compile(r"script_filename = (?P<path>\S.*)\Z")
_FRAME = re.compile(r"\[0x[0-9a-f]+\] (?P<call>.+)\Z")


@dataclass(frozen=True, kw_only=True)
class FpmLine:
    """One entry."""

    #: `fpm` for FPM's log, `php` for one that PHP itself writes, `unit:NAME` for a failed unit's journal.
    kind: str
    #: Naive is the host's own time, until focus makes it aware.
    at: datetime | None
    #: DEBUG, NOTICE, WARNING, ERROR, ALERT; empty in PHP's own log.
    level: str
    pool: str
    message: str
    line: str


@dataclass(frozen=True, kw_only=True)
class SlowCall:
    """One entry of the slow log: what a child was at when it had taken too long."""

    at: datetime | None
    pool: str
    script: str
    #: The innermost call, `sleep() /srv/php/slow.php:1`; empty when it is cut off.
    call: str


def lines_of(rows: Sequence[Sequence[str]]) -> tuple[FpmLine, ...]:
    """Entries of FPM's and PHP's logs; a line without a time is none, but for systemd's of a failed unit."""
    found: list[FpmLine] = []
    for row in rows:
        if row[0] != "says" or len(row) < 3 or row[1] == "slow":
            continue
        line = " ".join(row[2:])
        parts = _LINE.match(line)
        if parts is None:
            if row[1].startswith("unit:") and ": Failed at step " in line:
                message = line.partition(": ")[2]
                found.append(FpmLine(kind=row[1], at=None, level="", pool="", message=message, line=line))
            continue
        found.append(
            FpmLine(
                kind=row[1],
                at=_at(parts),
                level=parts["level"] or "",
                pool=parts["pool"] or "",
                message=parts["message"].strip(),
                line=line,
            )
        )
    return tuple(found)


def slow_calls_of(rows: Sequence[Sequence[str]]) -> tuple[SlowCall, ...]:
    """Entries of slow logs, oldest first; a beginning that is cut off is left out.

    Source: fpm_request.c, fpm_php_trace.c.
    """
    found: list[SlowCall] = []
    head: re.Match[str] | None = None
    script = ""
    for line in (row[2] for row in rows if row[0] == "says" and row[1] == "slow" and len(row) > 2):
        if (new := _LINE.match(line)) is not None:
            head, script = new, ""
        elif (path := _SCRIPT.match(line)) is not None:
            script = path["path"]
        elif head is not None and script and (frame := _FRAME.match(line)) is not None:
            found.append(SlowCall(at=_at(head), pool=head["pool"] or "", script=script, call=frame["call"]))
            head = None
    return tuple(found)


def _at(parts: re.Match[str]) -> datetime | None:
    if parts["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(parts["month"]) + 1
    at = time_of(f"{parts['year']}-{month:02}-{parts['day']}T{parts['time']}")
    return at.replace(tzinfo=UTC) if at and parts["zone"] in ("UTC", "Etc/UTC", "GMT") else at
