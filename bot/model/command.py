"""A read-only command for a host, and the raw answer to it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class Command:
    """One step as it travels to a host.

    `alternatives` are tried in order until one ends with an exit status in `ok_exit`;
    the last one tried is the answer, and `RawOutput.alternative` says which it was.
    """

    #: Step id: what rules and messages call it.
    step: str
    #: Non-empty; each a non-empty argv, `sudo -n` already in front where root is asked for.
    alternatives: tuple[tuple[str, ...], ...]
    ok_exit: frozenset[int] = frozenset({0})
    #: For all alternatives together, on the host's own clock.
    timeout_s: float = 10.0
    #: Bytes kept of each stream: half from the head, half from the tail.
    max_bytes: int = 262_144
    #: Steps that must have ended (in whatever way) before this one starts.
    after: tuple[str, ...] = ()


class Ended(Enum):
    """How a command ended. Only EXITED says anything about the host."""

    EXITED = "exited"
    TIMED_OUT = "timed out"
    #: The connection or the runner was lost before the end was seen.
    LOST = "lost"
    #: The bot stopped reading: the host sent more than may be held.
    CUT_OFF = "cut off"
    #: The program does not exist or may not be executed.
    NOT_FOUND = "not found"
    #: sudo did not let it run, or the journal let the login read nobody's messages.
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class RawOutput:
    """What one command gave, exactly as read, capped. Never shown before `redact.clean`."""

    step: str
    argv: tuple[str, ...]
    #: Index into `Command.alternatives` of the one that answered.
    alternative: int
    ended: Ended
    #: None unless `ended` is EXITED; negative when a signal ended it.
    exit_status: int | None
    stdout: bytes
    stderr: bytes
    #: Bytes left out of the middle of either stream.
    omitted_bytes: int = 0
    duration_s: float

    def only(self, expression: str | None) -> "RawOutput":
        """Of a long log the lines that match: to clean and keep all of it would cost more than it tells."""
        if expression is None:
            return self
        wanted = re.compile(expression.encode())
        lines = [line for line in self.stdout.split(b"\n") if wanted.search(line)]
        return replace(self, stdout=b"\n".join(lines))


@dataclass(frozen=True, kw_only=True)
class Hello:
    """The host's first word: its clock when the runner started."""

    #: Aware UTC, the host's own clock.
    clock_at: datetime
    #: Host clock minus ours in seconds, taken at half the round trip.
    skew_s: float
    #: SHA256 fingerprint of the host key that was checked, as `ssh-keygen -l` prints it.
    host_key: str
    #: Seconds from the request to this word: connect, handshake and start.
    after_s: float
