"""An offer, the votes on it, and how it ends without an action."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from bot.model.person import Account
from bot.model.ruling import Ruling, Way


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
    #: Person who asked for the look it was made on, so that their own yes is not the second one. Empty:
    #: from before this was kept; then whoever opened the incident.
    requester: str = ""
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
    #: SSH signature over what `bot.model.signed` says, armored; empty where the rule wants none.
    signature: str = ""
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
