"""How fast Slack may be called: buckets that refill, and the silence a 429 asks for."""

from dataclasses import dataclass, field
from typing import Protocol


class Time(Protocol):
    """A monotonic clock that can be waited on."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass
class Bucket:
    """Tokens that refill up to a burst; one a call."""

    per_s: float
    burst: float
    _left: float = field(init=False)
    _at: float | None = None

    def __post_init__(self) -> None:
        self._left = self.burst

    def ready_at(self, now: float, *, reserve: float = 0.0) -> float:
        """When a token beyond the reserve is there; `now` or earlier means at once."""
        self._refill(now)
        missing = 1.0 + reserve - self._left
        return now if missing <= 0 else now + missing / self.per_s

    def take(self, now: float) -> None:
        """Use a token."""
        self._refill(now)
        self._left -= 1.0

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._left = min(self.burst, self._left + (now - self._at) * self.per_s)
        self._at = now


#: Slack: one message a second a channel, short bursts tolerated.
POSTS_PER_S = 1.0
POST_BURST = 4.0
#: `chat.update` is Tier 3: 50 a minute for the workspace. 20 at once and one every two seconds stay below.
UPDATES_PER_S = 0.5
UPDATE_BURST = 20.0
#: Progress leaves this many updates to cards and outcomes.
UPDATE_RESERVE = 10.0


class Pace:
    """When the next post to a channel or the next update may go out."""

    def __init__(self) -> None:
        self._posts: dict[str, Bucket] = {}
        self._updates = Bucket(per_s=UPDATES_PER_S, burst=UPDATE_BURST)
        #: What a 429 shut, and until when: `post <channel>`, `update`, `upload`.
        self._shut: dict[str, float] = {}

    def ready_at(self, what: str, channel: str, now: float, *, is_progress: bool) -> float:
        """The earliest time for a call of kind `post`, `upload` or `update`."""
        shut = self._shut.get(_lane(what, channel), 0.0)
        if what == "update":
            return max(shut, self._updates.ready_at(now, reserve=UPDATE_RESERVE if is_progress else 0.0))
        return max(shut, self._bucket(channel).ready_at(now))

    def take(self, what: str, channel: str, now: float) -> None:
        """Count a call."""
        (self._updates if what == "update" else self._bucket(channel)).take(now)

    def shut(self, what: str, channel: str, until: float) -> None:
        """No call of this kind before then."""
        lane = _lane(what, channel)
        self._shut[lane] = max(until, self._shut.get(lane, 0.0))

    def _bucket(self, channel: str) -> Bucket:
        return self._posts.setdefault(channel, Bucket(per_s=POSTS_PER_S, burst=POST_BURST))


def _lane(what: str, channel: str) -> str:
    # Slack counts posts by channel and every other method by workspace.
    return f"{what} {channel}" if what == "post" else what
