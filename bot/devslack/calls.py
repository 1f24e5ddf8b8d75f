"""A log of every Web API call."""

from dataclasses import dataclass

from bot.devslack.wire import Payload


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One call and how it was answered."""

    n: int
    method: str
    #: Seconds since 1970 on the workspace's clock.
    at: float
    status: int
    error: str | None
    channel: str | None
    #: True when an earlier 429's Retry-After had not passed.
    is_early: bool

    def for_page(self) -> Payload:
        """As `/local/calls` shows it."""
        return {
            "n": self.n,
            "method": self.method,
            "at": self.at,
            "status": self.status,
            "error": self.error,
            "channel": self.channel,
            "is_early": self.is_early,
        }
