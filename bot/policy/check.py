"""One condition of a decision, and how its clocks and spans are written."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model.ruling import Reason


@dataclass(frozen=True, kw_only=True)
class Check:
    """One condition, whether it holds, and what is so."""

    reason: Reason
    is_ok: bool
    says: str


def holds(reason: Reason, says: str) -> Check:
    """A condition that is met."""
    return Check(reason=reason, is_ok=True, says=says)


def clock(at: datetime) -> str:
    """`2026-11-28 03:00:00 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def span(seconds: float) -> str:
    """`2 d`, `1 h`, `10 min`, or `90 s` where nothing rounder is exact."""
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {word}"
    return f"{seconds:.0f} s"
