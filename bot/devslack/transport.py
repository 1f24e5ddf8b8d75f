"""What it takes to bring a payload to the app, whatever the way."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.devslack.wire import Payload


class Sort(Enum):
    """What a payload is; the value is Socket Mode's envelope type."""

    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"
    EVENT = "events_api"


class Outcome(Enum):
    """How a delivery ended; the value is what Slack shows or logs."""

    ACKED = "acked"
    #: Not acknowledged in 3 s.
    TIMEOUT = "operation_timeout"
    #: No connection, or the connection broke.
    NOBODY = "dispatch_failed"
    #: HTTP only: another status than 200.
    REFUSED = "http_error"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A payload on its way."""

    sort: Sort
    payload: Payload
    #: 0 for the first try of an event.
    attempt: int = 0
    retry_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ack:
    """The app's answer."""

    outcome: Outcome
    payload: Payload
    ms: float
    #: HTTP only.
    status: int | None = None
    no_retry: bool = False


class Transport(Protocol):
    """Socket Mode or signed HTTP."""

    async def send(self, parcel: Parcel) -> Ack:
        """Deliver once and wait for the acknowledgement, at most 3 s."""
        ...
