"""An action as it is ordered of a host, and what the host says of it."""

from dataclasses import dataclass
from enum import Enum

from bot.model.command import Ended


@dataclass(frozen=True, kw_only=True)
class Order:
    """Commands to run once, in order, under a nonce the host remembers."""

    #: 32 lower-case hex digits.
    nonce: str
    commands: tuple[tuple[str, ...], ...]
    #: The expected host key fingerprint; another one means: do not run.
    host_key: str
    timeout_s: float = 60.0


@dataclass(frozen=True, kw_only=True)
class ActResult:
    """What the host said of an order."""

    #: False when the host had seen the nonce before and ran nothing now.
    is_first: bool
    ended: Ended
    #: Of the last command that ran.
    exit_status: int | None
    stdout: bytes
    stderr: bytes
    duration_s: float


class Settled(Enum):
    """What the host knows of a nonce. After `settle`, NEVER means it can no longer run."""

    NEVER = "never ran"
    RUNNING = "still running"
    DONE = "ran to its end"
    #: Started, its end was not written: killed, or the host went down.
    CUT = "started, end unknown"


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Answer of `Shell.settle`."""

    state: Settled
    exit_status: int | None
    stdout: bytes = b""
    stderr: bytes = b""
