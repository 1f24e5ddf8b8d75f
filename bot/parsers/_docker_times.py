"""Times as Docker writes them: RFC 3339 with nanoseconds, or nanoseconds since the epoch."""

import re
from datetime import UTC, datetime, timedelta

from bot.parsers._times import time_of

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:\d\d)\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(text: str) -> datetime | None:
    """`2026-11-30T10:43:06.121280959Z`; None for Go's zero time, which means never, and for other text."""
    found = _TIME.match(text)
    if found is None or text.startswith("0001-"):
        return None
    zone = "+00:00" if found[3] == "Z" else found[3]
    at = time_of(f"{found[1]}{(found[2] or '.0').ljust(7, '0')}{zone}")
    return at.astimezone(UTC) if at else None


def counted(nanoseconds: int) -> datetime | None:
    """Nanoseconds since 1970, cut to microseconds; None where no date is that far away."""
    try:
        return _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return None
