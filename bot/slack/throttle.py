"""How often people may ask; an honest "busy" instead of a queue nobody sees."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import BadRequest

_WINDOW_S = 60.0
_MOST_KEYS = 10_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Requests a minute. Far above what a person types, far below what hurts."""

    per_user: int = 20
    per_channel: int = 60


class Throttle:
    """Counts requests of the last minute by person and by channel."""

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._asked: dict[str, deque[float]] = defaultdict(deque)

    def check(self, *, user: str, channel: str) -> None:
        """Count a request. Raises BadRequest with the seconds to wait when it is one too many."""
        now = self._now()
        self._forget(now)
        self._check(f"user {user}", self._limits.per_user, "you asked", now)
        self._check(f"channel {channel}", self._limits.per_channel, "this channel asked", now)
        self._asked[f"user {user}"].append(now)
        self._asked[f"channel {channel}"].append(now)

    def _check(self, key: str, most: int, who: str, now: float) -> None:
        times = self._asked[key]
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        if len(times) >= most:
            wait_s = times[0] + _WINDOW_S - now
            raise BadRequest(
                f"busy: {who} {most} times in a minute; nothing was started, wait {wait_s:.0f} s"
            )

    def _forget(self, now: float) -> None:
        if len(self._asked) > _MOST_KEYS:
            for key in [
                key for key, times in self._asked.items() if not times or times[-1] <= now - _WINDOW_S
            ]:
                del self._asked[key]
