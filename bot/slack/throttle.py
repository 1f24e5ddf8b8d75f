"""How often people may ask; an honest "busy" instead of a queue nobody sees."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_S = 60.0
_MOST_KEYS = 10_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What people may ask for in a minute, and how much may wait at once."""

    per_user: int = 6
    per_channel: int = 20
    #: Requests that are served or wait for it, of all people; votes are not among them.
    waiting: int = 100


@dataclass(frozen=True, kw_only=True)
class TooOften:
    """One request too many."""

    says: str
    #: False for every further one until it is their turn again: one of them is written down.
    is_first: bool


class Throttle:
    """Counts requests of the last minute by person and by channel."""

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        #: Who was told that they are too many, and until when that holds.
        self._told: dict[str, float] = {}

    def count(self, *, user: str, channel: str) -> TooOften | None:
        """Count a request; what to say when it is one too many, which is not counted."""
        now = self._now()
        self._forget(now)
        mine, ours = f"user {user}", f"channel {channel}"
        found = self._over(mine, self._limits.per_user, "you asked", now)
        found = found or self._over(ours, self._limits.per_channel, "this channel asked", now)
        if found is None:
            self._asked[mine].append(now)
            self._asked[ours].append(now)
        return found

    def _over(self, key: str, most: int, who: str, now: float) -> TooOften | None:
        times = self._asked[key]
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        if len(times) < most:
            return None
        until = times[0] + _WINDOW_S
        is_first = self._told.get(key, 0.0) <= now
        self._told[key] = until if is_first else self._told[key]
        says = f"busy: {who} {most} times in a minute; nothing was started, wait {until - now:.0f} s"
        return TooOften(says=says, is_first=is_first)

    def _forget(self, now: float) -> None:
        if len(self._asked) > _MOST_KEYS:
            for key in [
                key for key, times in self._asked.items() if not times or times[-1] <= now - _WINDOW_S
            ]:
                del self._asked[key]
                self._told.pop(key, None)
