"""Texts made safe for where they are written: Markdown, CSV, clocks in two zones."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

#: What Markdown (and GitHub's additions) could read as markup inside a line.
#: An underscore inside a word is no markup, and escaped it would make ids hard to read.
_MARKUP = re.compile(r"([\\`*\[\]<>|~&@!#$]|(?<!\w)_|_(?!\w))")
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")
_MINUTE_S = 60
_KEPT_CONTROLS = frozenset("\n\t")


def plain(text: str) -> str:
    """The text without control and format characters (also bidirectional ones); newline and tab stay."""
    return "".join(
        char
        for char in text
        if char in _KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )


def inline(text: str) -> str:
    """The text as one line of Markdown that shows exactly its characters."""
    line = " ".join(plain(text).split())
    return _MARKUP.sub(r"\\\1", line).replace("://", ":\\//")


def fence(text: str) -> str:
    """The text in a Markdown code block that nothing in it can end."""
    body = plain(text).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{body}\n{ticks}"


def cell(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula."""
    safe = plain(text)
    return f"'{safe}" if _FORMULA.match(safe) or safe.startswith(("\t", "\n")) else safe


def utc(at: datetime) -> str:
    """`2026-01-31 03:00:00.123 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC"


def local(at: datetime, timezone: str) -> str:
    """`2026-01-31 04:00:00 CET`; UTC when the zone is unknown here."""
    return at.astimezone(_zone(timezone)).strftime("%Y-%m-%d %H:%M:%S %Z")


def clock(at: datetime) -> str:
    """`2026-01-31 03:00:00 UTC`, for reading; the exact instant stands in the JSON and CSV forms."""
    return local(at, "UTC")


def is_utc(timezone: str, at: datetime) -> bool:
    """True when the zone shows the same hour as UTC then; also when it is unknown here."""
    return not at.astimezone(_zone(timezone)).utcoffset()


def both(at: datetime, timezone: str) -> str:
    """`2026-01-31 03:00:00 UTC (2026-01-31 04:00:00 CET)`; UTC alone where both are the same."""
    return clock(at) if is_utc(timezone, at) else f"{clock(at)} ({local(at, timezone)})"


def elapsed(duration: timedelta) -> str:
    """`8.6 s`, `2 min 5 s`, `1 h 2 min`; less than nothing is `0.0 s`."""
    total_s = max(0.0, duration.total_seconds())
    if total_s < _MINUTE_S:
        return f"{total_s:.1f} s"
    minutes, seconds = divmod(int(total_s), _MINUTE_S)
    if minutes < _MINUTE_S:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _zone(timezone: str) -> tzinfo:
    try:
        return ZoneInfo(timezone)
    # KeyError: not in the database; ValueError: not a zone's name; OSError: a directory of zones.
    except (KeyError, ValueError, OSError):
        return UTC
