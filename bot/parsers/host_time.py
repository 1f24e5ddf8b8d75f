"""`date +%Y-%m-%dT%H:%M:%S%z`: the host's clock and its zone.

2026-11-20T23:23:05+0100
"""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import ParseError
from bot.model.evidence import CommandOutput
from bot.parsers._times import time_of


@dataclass(frozen=True, kw_only=True)
class HostTime:
    """The host's local time, aware."""

    at: datetime

    @property
    def utc_offset_min(self) -> int:
        """Minutes east of UTC."""
        offset = self.at.utcoffset()
        return int(offset.total_seconds() // 60) if offset else 0


def host_time(output: CommandOutput) -> HostTime:
    """Raises ParseError when it is no such time. Source: POSIX date."""
    text = output.stdout.strip()
    try:
        at = time_of(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").isoformat())
    except ValueError as error:
        raise ParseError(f"not a time: {text[:60]!r}") from error
    if at is None:
        raise ParseError(f"not a time of these days: {text[:60]!r}")
    return HostTime(at=at)
