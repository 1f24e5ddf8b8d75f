"""Times in text that a host wrote, which may be of no day that anything happened on."""

from datetime import datetime

#: Beyond these another zone, or a second before, may lie outside of what a calendar counts.
_YEARS = range(1900, 9000)


def time_of(text: str) -> datetime | None:
    """ISO 8601, aware where it gives a zone; None when it is no time, or too far away to reckon with."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.year in _YEARS else None
