"""An action: taken, begun, ended, and whether the service answers."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from bot.model.ruling import Ruling


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """One worker took the approved action; nobody else may."""

    kind: ClassVar[str] = "action.claimed"
    approval: str
    nonce: str
    worker: str
    #: The policy's answer when it was taken.
    ruling: Ruling | None = None


@dataclass(frozen=True, kw_only=True)
class Intended:
    """Committed before the action: what is about to run, on which host, under which nonce."""

    kind: ClassVar[str] = "action.intent"
    approval: str
    nonce: str
    host: str
    target: str
    commands: tuple[tuple[str, ...], ...]
    digest: str
    host_key: str
    #: The policy's answer inside the claim, after the last look at the host: the one that binds.
    ruling: Ruling | None = None


class Outcome(Enum):
    """How an action ended, as far as is known."""

    DONE = "done"
    FAILED = "failed"
    #: It provably did not run, and can no longer.
    NOT_RUN = "not run"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ActionEnded:
    """Committed after the action, or after the host was asked about it."""

    kind: ClassVar[str] = "action.outcome"
    approval: str
    nonce: str
    outcome: Outcome
    exit_status: int | None
    says: str
    duration_s: float = 0.0
    evidence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Whether the service answered again after an action."""

    kind: ClassVar[str] = "action.ready"
    approval: str
    is_ready: bool
    after_s: float
    says: str
