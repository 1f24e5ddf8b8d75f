"""A pass through the checklist."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.model.command import Ended
from bot.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """The checklist starts. Run 1 is the ask; later ones recheck."""

    kind: ClassVar[str] = "run.started"
    run: int
    #: `ask`, `again`, or `recheck:<approval>`.
    reason: str
    runbook_digest: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepEnded:
    """One step's answer. The text itself lies beside the chain under `evidence`."""

    kind: ClassVar[str] = "step.ended"
    run: int
    step: str
    argv: tuple[str, ...]
    ended: Ended
    exit_status: int | None
    duration_s: float
    omitted_bytes: int = 0
    #: Salted digest under which `Ledger.evidence` gives the cleaned text; None when there is none.
    evidence: str | None = None
    #: Why it counts as a gap; None when it was read.
    gap: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunEnded:
    """All steps are in or given up; this is the verdict."""

    kind: ClassVar[str] = "run.ended"
    run: int
    verdict: Verdict
    host_key: str | None
    skew_s: float
    duration_s: float
    #: What a remedy may be bound to: `invocation`, `release`, … as read in this run.
    state: dict[str, str] = field(default_factory=dict)
    #: Fitting remedies that are not offered -> why, for people.
    not_offered: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunFailed:
    """The run ended by a fault of the bot itself; says what is known."""

    kind: ClassVar[str] = "run.failed"
    run: int
    why: str
