"""Remembers what was handled, so that a delivery that Slack repeats does nothing twice."""

from collections import OrderedDict
from collections.abc import Callable

#: Slack repeats events for about ten minutes.
KEEP_S = 900.0
_MOST = 20_000


class Seen:
    """Keys of the last quarter of an hour; bounded."""

    def __init__(self, now: Callable[[], float], *, keep_s: float = KEEP_S, most: int = _MOST) -> None:
        self._now = now
        self._keep_s = keep_s
        self._most = most
        self._at: OrderedDict[str, float] = OrderedDict()

    def is_new(self, key: str) -> bool:
        """True the first time; a key is then remembered."""
        now = self._now()
        while self._at and (len(self._at) > self._most or next(iter(self._at.values())) < now - self._keep_s):
            self._at.popitem(last=False)
        if key in self._at:
            return False
        self._at[key] = now
        return True

    def knows(self, key: str) -> bool:
        """Whether it came before; nothing is remembered."""
        return key in self._at

    def forget(self, key: str) -> None:
        """As if it had never come."""
        self._at.pop(key, None)
