"""Times of two lines of different texts, held against each other."""

import re

_CLOCK = re.compile(
    r"(?:(?P<date>\d{4}[-/]\d\d[-/]\d\d)[T ])?(?<![\d:])(?P<h>[01]\d"
    r"|2[0-3]):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?![\d:])"
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


def _seconds(found: re.Match[str]) -> int:
    return int(found["h"]) * 3600 + int(found["m"]) * 60 + int(found["s"])
