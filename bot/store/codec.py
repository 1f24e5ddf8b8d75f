"""Events as the bytes that are stored and hashed: canonical JSON (RFC 8785), and back.

    {"at":"2026-01-31T03:00:00.123000Z","chain":"INC-1","event":{…},"id":"16 hex","kind":"note","v":1}

A stored body is never written again from its parsed form, so verifying needs no JSON library.
"""

import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import get_args

import rfc8785
from pydantic import TypeAdapter, ValidationError

from bot.errors import LedgerUnavailable
from bot.model.event import Event
from bot.store.system import SystemEvent

VERSION = 1
#: Above this a JSON number is not exact everywhere; such numbers are stored as strings.
_MAX_EXACT = 2**53 - 1
_FLOAT_DIGITS = 6

Stored = Event | SystemEvent
_KINDS: dict[str, type[Stored]] = {cls.kind: cls for cls in (*get_args(Event), *get_args(SystemEvent))}


@dataclass(frozen=True, kw_only=True)
class Body:
    """A stored body, parsed."""

    chain: str
    kind: str
    at: datetime
    event: Stored


def encode(event: Stored, *, chain: str, at: datetime) -> str:
    """The text to store. A random id makes it unlike every other, so it can be found again by its hash."""
    body = {
        "v": VERSION,
        "id": secrets.token_hex(8),
        "chain": chain,
        "kind": event.kind,
        "at": _plain(at),
        "event": _plain(event),
    }
    # Its JSON type is private; _plain makes nothing else.
    return rfc8785.dumps(body).decode()  # type: ignore[arg-type]


def decode(body: str) -> Body:
    """The body's parts as values.

    Raises LedgerUnavailable when it is not ours: not JSON, of a newer version, of an unknown kind,
    or with fields that do not fit.
    """
    try:
        told = json.loads(body)
        if told["v"] != VERSION:
            raise LedgerUnavailable(
                f"an entry has format {told['v']!r}; this version reads {VERSION}; upgrade"
            )
        if told["kind"] not in _KINDS:
            raise LedgerUnavailable(f"an entry has the unknown kind {told['kind']!r}; use a newer version")
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            raise LedgerUnavailable(f"an entry has the time {told['at']!r} without a zone")
        event = _adapter(told["kind"]).validate_python(told["event"])
        return Body(chain=str(told["chain"]), kind=str(told["kind"]), at=at, event=event)
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError) as error:
        raise LedgerUnavailable(
            f"an entry cannot be read ({type(error).__name__}); run: runbook-bot audit verify"
        ) from error


@cache
def _adapter(kind: str) -> TypeAdapter[Stored]:
    # Together they take a quarter of a second to make, and most commands read few kinds or none.
    return TypeAdapter(_KINDS[kind])


def _plain(value: object) -> bool | int | float | str | list[object] | dict[str, object] | None:
    match value:
        case None | bool():
            return value
        case Enum():
            return _plain(value.value)
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case int():
            return value if abs(value) <= _MAX_EXACT else str(value)
        case float():
            return round(value, _FLOAT_DIGITS) if math.isfinite(value) else str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case tuple() | list() | frozenset() | set():
            items = sorted(value) if isinstance(value, frozenset | set) else value
            return [_plain(item) for item in items]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"no JSON form for {type(value).__name__}")
