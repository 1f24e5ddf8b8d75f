"""The three ways in which a call to Slack fails, as callers tell them apart."""

import os
import ssl
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.errors import ChatError

_PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
Answer = TypeVar("Answer")


class RateLimited(ChatError):
    """Slack wants us to wait."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"Slack wants {after_s:.0f} s of silence")
        self.after_s = after_s


class Away(ChatError):
    """Slack could not be reached or failed itself; the call may or may not have had its effect."""


class Refused(ChatError):
    """Slack said no, and will again; `error` is its name for why."""

    def __init__(self, error: str, details: Sequence[str] = ()) -> None:
        super().__init__(f"Slack refused: {error}{': ' if details else ''}{'; '.join(details)[:500]}")
        self.error = error


async def told(call: Awaitable[Answer]) -> Answer:
    """What Slack answers. Raises RateLimited, Away or Refused and nothing else."""
    try:
        return await call
    except SlackApiError as error:
        raise _meaning(error) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Away(f"Slack cannot be reached: {_reason(error)}") from error
    # The SDK trips over answers that are not JSON, as proxies and broken servers give them.
    except (SlackRequestError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Away(f"Slack's answer was not understood: {type(error).__name__}") from error


def _reason(error: Exception) -> str:
    """What went wrong on the way, in the network's words rather than a class's."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"name {error.host!r} does not resolve"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, ssl.SSLError):
        return f"TLS fails: {cause}"
    number = getattr(cause, "errno", None)
    if isinstance(number, int) and number > 0:
        return os.strerror(number).lower()
    return str(error) or type(error).__name__


def _meaning(error: SlackApiError) -> ChatError:
    response: Any = error.response  # Any: the SDK hands out three different kinds here
    data = getattr(response, "data", response)
    said = data if isinstance(data, dict) else {}
    status = getattr(response, "status_code", getattr(response, "status", 0))
    name = str(said.get("error") or "unknown_error")
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        headers = getattr(response, "headers", {}) or {}
        return RateLimited(_seconds(headers.get("Retry-After") or headers.get("retry-after")))
    if name in _PASSING or status >= 500 or not said:
        return Away(f"Slack failed: {name} ({status})")
    meta = said.get("response_metadata") or {}
    return Refused(name, [str(one) for one in meta.get("messages") or ()])


def _seconds(header: object) -> float:
    try:
        return max(1.0, float(str(header)))
    except ValueError:
        return 30.0
