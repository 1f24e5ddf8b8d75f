"""Slack's rate limits: tiers per method, one message a second per channel; 429 until Retry-After."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.devslack.checks import Strict
from bot.devslack.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Rates:
    """The limits. Source: SLACK's rate-limit page; tiers are `N+` there, here exactly N."""

    #: Messages a channel takes at once before one a second applies.
    burst: int = 5
    messages_per_s: float = 1.0
    #: Tier -> calls a minute.
    per_minute: dict[int, int] = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100})


class Limiter:
    """Counts calls and says how long a caller must wait."""

    def __init__(self, rates: Rates, clock: Clock, strict: Strict) -> None:
        self._rates = rates
        self._clock = clock
        self._strict = strict
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        #: Channel -> tokens left and when they were counted.
        self._buckets: dict[str, tuple[float, float]] = {}
        #: Key -> time before which no call may come.
        self._shut: dict[str, float] = {}

    def wait_s(self, method: str, tier: int | None, channel: str | None) -> int | None:
        """Whole seconds for Retry-After, or None when the call may pass (and is then counted)."""
        wait = self._tier_wait(method, tier)
        if wait is None and channel is not None and method == "chat.postMessage":
            wait = self._channel_wait(channel)
        if wait is None:
            return None
        seconds = max(1, math.ceil(wait))
        self.shut(method, channel, seconds)
        return seconds

    def shut(self, method: str, channel: str | None, seconds: float) -> None:
        """Remember that a 429 was answered."""
        self._shut[_key(method, channel)] = self._clock.now() + seconds

    def is_early(self, method: str, channel: str | None) -> bool:
        """True when a call comes before the Retry-After of an earlier 429 has passed."""
        return self._clock.now() < self._shut.get(_key(method, channel), 0.0)

    def _tier_wait(self, method: str, tier: int | None) -> float | None:
        if tier is None or not self._strict.on("method_rate"):
            return None
        now, calls = self._clock.now(), self._calls[method]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self._rates.per_minute[tier]:
            return calls[0] + 60 - now
        calls.append(now)
        return None

    def _channel_wait(self, channel: str) -> float | None:
        if not self._strict.on("message_rate"):
            return None
        now, rate = self._clock.now(), self._rates.messages_per_s
        tokens, at = self._buckets.get(channel, (float(self._rates.burst), now))
        tokens = min(float(self._rates.burst), tokens + (now - at) * rate)
        if tokens < 1:
            self._buckets[channel] = (tokens, now)
            return (1 - tokens) / rate
        self._buckets[channel] = (tokens - 1, now)
        return None


def _key(method: str, channel: str | None) -> str:
    # only posting is counted per channel; every other method is counted per workspace
    return f"{method} {channel}" if method == "chat.postMessage" else method
