"""Faults on demand: what goes wrong next, and how often."""

import itertools
from dataclasses import dataclass

from bot.devslack.clock import Clock
from bot.devslack.errors import PageError
from bot.devslack.feed import Feed
from bot.devslack.wire import Payload, text_of

#: Kinds that stay until used up; the others strike at once.
LASTING = ("refuse", "delay", "ratelimit", "server_error", "hangup", "handshake", "duplicate")
AT_ONCE = ("drop_sockets", "disconnect", "away")
_SECONDS = {"delay": 2.0, "ratelimit": 5.0, "away": 30.0}
_STATUS = {"server_error": 503, "handshake": 500}
_ERROR = {"refuse": "fatal_error", "disconnect": "refresh_requested"}


@dataclass(kw_only=True)
class Fault:
    """One thing that goes wrong."""

    id: str
    kind: str
    method: str | None
    #: How often it still strikes; None: until cleared.
    left: int | None
    seconds: float
    status: int
    error: str
    #: For `hangup`: after the call was carried out.
    is_after: bool

    def for_page(self) -> Payload:
        """The page's Fault."""
        return {
            "id": self.id,
            "kind": self.kind,
            "method": self.method,
            "left": self.left,
            "seconds": self.seconds,
            "status": self.status,
            "error": self.error,
            "after": self.is_after,
        }


class Faults:
    """The faults that are set."""

    def __init__(self, clock: Clock, feed: Feed) -> None:
        self._clock = clock
        self._feed = feed
        self._set: list[Fault] = []
        self._count = itertools.count(1)
        self._away_until = 0.0

    def set(self, wish: Payload) -> Fault:
        """Add a fault from the page API's body; PageError for an unknown kind."""
        kind = str(wish.get("kind", ""))
        if kind not in LASTING + AT_ONCE:
            raise PageError("unknown_fault", f"no fault {kind!r}; there are {', '.join(LASTING + AT_ONCE)}")
        fault = self._fault(kind, wish)
        if kind == "away":
            self._away_until = self._clock.now() + fault.seconds
        if kind in LASTING:
            self._set.append(fault)
            self._tell()
        return fault

    def take(self, kind: str, method: str | None = None) -> Fault | None:
        """The fault of that kind that strikes now, counted down; None when there is none."""
        for fault in self._set:
            if fault.kind == kind and fault.method in (None, method):
                self._count_down(fault)
                return fault
        return None

    def take_hangup(self, method: str, *, is_after: bool) -> Fault | None:
        """A `hangup` that strikes before or after the call is carried out."""
        for fault in self._set:
            if fault.kind == "hangup" and fault.method in (None, method) and fault.is_after is is_after:
                self._count_down(fault)
                return fault
        return None

    def clear(self, fault_id: str | None = None) -> None:
        """Take one away, or all and come back from being away."""
        self._set = [fault for fault in self._set if fault_id not in (None, fault.id)]
        if fault_id is None:
            self._away_until = 0.0
        self._tell()

    @property
    def is_away(self) -> bool:
        """True while Slack is gone."""
        return self._clock.now() < self._away_until

    def for_page(self) -> list[Payload]:
        """All that are set."""
        return [fault.for_page() for fault in self._set]

    def _fault(self, kind: str, wish: Payload) -> Fault:
        count = _number(wish, "count", 1 if kind == "duplicate" else None, low=1, high=1_000_000)
        return Fault(
            id=f"X{next(self._count)}",
            kind=kind,
            method=text_of(wish, "method") or None,
            left=None if count is None else int(count),
            seconds=_number(wish, "seconds", _SECONDS.get(kind, 0.0), low=0, high=86_400) or 0.0,
            status=int(_number(wish, "status", _STATUS.get(kind, 500), low=400, high=599) or 500),
            error=text_of(wish, "error") or _ERROR.get(kind, ""),
            is_after=wish.get("after") is True,
        )

    def _count_down(self, fault: Fault) -> None:
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left <= 0:
            self._set.remove(fault)
        self._tell()

    def _tell(self) -> None:
        self._feed.tell({"type": "faults", "faults": self.for_page()})


def _number(wish: Payload, name: str, default: float | None, *, low: float, high: float) -> float | None:
    value = wish.get(name)
    if value is None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise PageError("invalid_fault", f"{name} must be a number from {low} to {high}, not {value!r}.")
    return value
