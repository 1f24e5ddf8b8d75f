"""What the ledger holds: one frozen class per kind of event.

Events are facts; nothing is edited. State is a fold of them (`bot.model.incident`).
Each class has a `kind`, the name it is stored under; renaming one breaks old ledgers.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import ClassVar

from bot.model.command import Ended
from bot.model.person import Account
from bot.model.ruling import Ruling, Way
from bot.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in Slack an incident is shown."""

    team: str
    channel: str
    #: Thread the request came from, when it was asked inside one.
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentOpened:
    """Somebody asked; committed before anything runs."""

    kind: ClassVar[str] = "incident.opened"
    runbook: str
    host: str
    by: Account
    person: str
    timezone: str = "UTC"
    place: Place | None = None
    #: The request's own words, cut to 200 characters.
    words: str = ""


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


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A remedy is offered for approval."""

    kind: ClassVar[str] = "approval.proposed"
    #: 128 bits, URL-safe base64: all a button carries.
    approval: str
    remedy: str
    host: str
    target: str
    commands: tuple[tuple[str, ...], ...]
    run: int
    #: SHA-256 over host, host key, commands, runbook, remedy, evidence state and policy.
    digest: str
    #: Evidence the digest is bound to, compared again just before the action.
    state: dict[str, str]
    cause: str
    approve_by: datetime
    #: Seconds after the deciding vote in which the action must start.
    run_within_s: float
    #: Distinct people needed.
    quorum: int
    #: For people: who may approve.
    approvers: str
    #: For people, as the remedy's file says it of this host.
    title: str = ""
    risk: str = ""
    does: str = ""
    undo: str = ""
    #: For people: freezes in force, which only break-glass lifts; who may break the glass; who may
    #: approve their own request once the card stood for `lone_after_s`. Empty: none.
    frozen: str = ""
    break_glass: str = ""
    lone: str = ""
    lone_after_s: float = 0.0
    #: Why the policy let it be offered.
    ruling: Ruling | None = None


@dataclass(frozen=True, kw_only=True)
class Voted:
    """A person said yes or no."""

    kind: ClassVar[str] = "approval.voted"
    approval: str
    by: Account
    person: str
    is_yes: bool
    digest: str
    #: The person's own words; the justification when the glass was broken.
    reason: str = ""
    way: Way = Way.RULE
    #: True when this yes needs no other: lone on-call or break-glass.
    is_enough: bool = False
    #: When somebody else must have reviewed it; break-glass only.
    review_by: datetime | None = None
    #: Channel that is told of it beside the thread; break-glass only.
    alert: str = ""
    #: Why the policy let it count.
    ruling: Ruling | None = None


class Closing(Enum):
    """Why an approval ended without an action."""

    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    #: The host's state is not what the approval was given for.
    CHANGED = "changed"
    #: The policy did not allow it any more when it was about to run.
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ApprovalClosed:
    """An approval ended without an action; nothing ran."""

    kind: ClassVar[str] = "approval.closed"
    approval: str
    how: Closing
    why: str
    #: The policy's answer when it was that.
    ruling: Ruling | None = None


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


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A person added a note to the timeline."""

    kind: ClassVar[str] = "note"
    by: Account
    person: str
    text: str
    #: True when it is the review that break-glass asks for.
    is_review: bool = False


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Somebody wanted something and may not, or it was too late."""

    kind: ClassVar[str] = "refused"
    by: Account
    person: str
    wanted: str
    why: str
    approval: str | None = None
    #: The policy's answer when it was that.
    ruling: Ruling | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message of this incident stands in Slack. Not part of the timeline."""

    kind: ClassVar[str] = "chat.shown"
    #: Which message: `root`, `verdict`, `group:sockets`, `card:<approval>`, …
    key: str
    channel: str
    ts: str
    #: SHA-256 of what was shown, so that the same is not sent twice.
    digest: str


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The timeline was written out."""

    kind: ClassVar[str] = "exported"
    by: Account
    person: str
    form: str
    sha256: str
    head: str


Event = (
    IncidentOpened
    | RunStarted
    | StepEnded
    | RunEnded
    | RunFailed
    | Proposed
    | Voted
    | ApprovalClosed
    | Claimed
    | Intended
    | ActionEnded
    | Ready
    | Noted
    | Refused
    | Shown
    | Exported
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event in its place in the chain."""

    incident: str
    #: 1 for the first; contiguous.
    seq: int
    #: Aware UTC, the ledger's clock.
    at: datetime
    event: Event
    #: Hex SHA-256 of this entry; each covers the one before.
    hash: str
    #: The exact stored text the hash covers; empty for an entry that never was in a database.
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Exclusive right to act on one target of one host; lives in the ledger."""

    host: str
    target: str
