"""Times of two lines of different texts, held against each other."""

import re
from datetime import datetime

_CLOCK = re.compile(
    r"(?:(?P<date>\d{4}[-/]\d\d[-/]\d\d)[T ])?(?<![\d:])(?P<h>[01]\d"
    r"|2[0-3]):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?![\d:])"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<time>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?![\d:])"
#: How dates are written before a line; syslog's own has no year.
_DATED = tuple(
    re.compile(form)
    for form in (
        # ISO 8601 and nginx's error log.
        rf"(?<![\d.])(?P<year>\d{{4}})[-/](?P<number>\d\d)[-/](?P<day>\d\d)[T ]{_TIME}",
        # Access logs, and PHP-FPM's.
        rf"(?<!\d)(?P<day>\d\d)[-/]{_MONTH}[-/](?P<year>\d{{4}})[: ]{_TIME}",
        # `dmesg -T`, ctime(3), and Apache, which has a fraction behind the seconds.
        rf"\b{_MONTH} {{1,2}}(?P<day>\d{{1,2}}) {_TIME}(?:\.\d{{1,9}})? (?P<year>\d{{4}})\b",
        rf"\b{_MONTH} {{1,2}}(?P<day>\d{{1,2}}) {_TIME}",
    )
)


def gap_s(earlier: str, later: str) -> int | None:
    """Seconds from one line's time of day to another's; None without both, or on different days.

    Two texts of one host or one set of containers mostly share a time zone; callers say how far to trust it.
    """
    first, second = _CLOCK.search(earlier), _CLOCK.search(later)
    if first is None or second is None:
        return None
    days = [found["date"].replace("/", "-") for found in (first, second) if found["date"]]
    if len(set(days)) > 1:
        return None
    return _seconds(second) - _seconds(first)


def when(line: str, *, year: int | None = None) -> datetime | None:
    """The date and time that a line begins with, as its writer's clock has it; None without both.

    `year`: that of lines which, like syslog's, name none. Source: RFC 3164, section 4.1.2.
    """
    for form in _DATED:
        if found := form.search(line):
            return _datetime(found.groupdict(), year)
    return None


def _datetime(parts: dict[str, str | None], year: int | None) -> datetime | None:
    named = parts.get("year")
    known = int(named) if named else year
    month = int(parts.get("number") or 0) or _MONTHS.index(parts.get("month") or _MONTHS[0]) + 1
    if known is None:
        return None
    try:
        return datetime.fromisoformat(f"{known:04}-{month:02}-{int(parts['day'] or 0):02}T{parts['time']}")
    except ValueError:
        return None


def _seconds(found: re.Match[str]) -> int:
    return int(found["h"]) * 3600 + int(found["m"]) * 60 + int(found["s"])
