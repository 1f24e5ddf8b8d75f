"""Texts made safe for where they are written: Markdown, CSV, clocks in two zones."""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

#: What Markdown (and GitHub's additions) could read as markup inside a line.
#: An underscore inside a word is no markup, and escaped it would make ids hard to read.
_MARKUP = re.compile(r"([\\`*\[\]<>|~&@!#$]|(?<!\w)_|_(?!\w))")
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")
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


def _zone(timezone: str) -> tzinfo:
    try:
        return ZoneInfo(timezone)
    # KeyError: not in the database; ValueError: not a zone's name; OSError: a directory of zones.
    except (KeyError, ValueError, OSError):
        return UTC
