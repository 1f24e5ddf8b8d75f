"""What a host said: clean outputs, the facts read from them, and what could not be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class CommandOutput:
    """One step's answer after cap, normalisation and redaction; what parsers read."""

    step: str
    argv: tuple[str, ...]
    exit_status: int
    stdout: str
    stderr: str = ""
    #: Which alternative answered; 0 is the one the runbook prefers.
    alternative: int = 0
    is_truncated: bool = False
    duration_s: float = 0.0


class GapKind(Enum):
    """Why a step gave nothing. A gap is never OK."""

    UNREACHABLE = "host unreachable"
    AUTH = "SSH key refused"
    #: Ledgers from before there was HOST_KEY_UNKNOWN have it for both.
    HOST_KEY = "host key changed or unknown"
    HOST_KEY_UNKNOWN = "host key not known yet"
    KIT = "host kit and runbooks differ"
    TIMED_OUT = "timed out"
    LOST = "connection lost"
    CUT_OFF = "too much output"
    NOT_FOUND = "command not there"
    REFUSED = "sudo refused"
    FAILED = "command failed"
    UNREADABLE = "output not understood"
    WITHHELD = "output withheld"
    NOT_ASKED = "not asked"
    BUG = "bug of runbook-bot"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A step that gave no fact, and why, in words for the thread."""

    step: str
    kind: GapKind
    #: One sentence: what happened and how to mend it; may quote one line of cleaned stderr.
    reason: str


@dataclass(frozen=True, kw_only=True)
class HostClock:
    """The time base for judging: host clock and skew. Given to every rule that asks for `clock`."""

    #: Aware UTC by the host's clock when the steps ran.
    now: datetime
    #: Host minus ours.
    skew_s: float = 0.0
    #: Minutes east of UTC of the host's local time, for logs without a zone.
    utc_offset_min: int = 0


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that one run of a runbook on one host brought back."""

    host: str
    clock: HostClock
    #: Step id -> clean output, for every step that ended by itself.
    outputs: Mapping[str, CommandOutput]
    #: Step id -> fact its parser read; a step without a parser has no entry.
    facts: Mapping[str, object]
    gaps: tuple[Gap, ...] = ()
    #: Fingerprint of the host key that was checked; None when no connection was made.
    host_key: str | None = None
