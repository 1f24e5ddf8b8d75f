"""A policy decision together with all it was made from, so that it can be made again from the ledger.

Plain values only. `bot.policy.decide` is a pure function of a Question; whoever has the ledger can ask
the same question again and must get the same answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.model.person import Standing


class Stage(Enum):
    """When the policy is asked."""

    #: A card is about to be drawn.
    OFFER = "offer"
    #: Somebody says yes.
    VOTE = "vote"
    #: Somebody says no.
    VETO = "veto"
    #: The action is about to run.
    RUN = "run"


class Way(Enum):
    """By which door a yes comes in."""

    RULE = "by the rule"
    #: The requester alone, after the card stood in a public channel and nobody said no.
    LONE = "lone on-call"
    #: With a justification, an alert and a review.
    BREAK_GLASS = "break-glass"


class Lift(Enum):
    """What break-glass may set aside; never the ledger, the hold, the precheck or the catalog."""

    FREEZE = "freeze"
    QUORUM = "quorum"
    REQUESTER = "requester"
    BUDGET = "budget"


class Reason(Enum):
    """Why a decision fell as it did."""

    ALLOWED = "allowed"
    NO_RULE = "no rule"
    SEVERAL_RULES = "several rules"
    STANDING = "standing"
    NOT_IN_GROUP = "not in group"
    REQUESTER = "requester"
    #: Lone on-call, but the card has not stood long enough, or not where everybody could see it.
    TOO_EARLY = "too early"
    #: Break-glass without enough words.
    JUSTIFICATION = "justification"
    #: The rule wants a signature, and the yes has none that holds.
    STEP_UP = "step up"
    EVIDENCE_OLD = "evidence old"
    EXPIRED = "expired"
    FROZEN = "frozen"
    QUORUM = "quorum"
    #: Somebody who said yes could not be looked up again for too long.
    IDENTITY_OLD = "identity old"
    #: Somebody who said yes is not who they were: left the group, became a guest, was deactivated.
    VOTER_CHANGED = "voter changed"
    BUDGET = "budget"
    RATE = "rate"
    FAILED_BEFORE = "failed before"
    #: Too many hosts at once; this one waits.
    AT_ONCE = "at once"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many in so many seconds."""

    count: int
    per_s: float


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The one rule that speaks of the action on the host, and who may break the glass, as loaded."""

    rule: str
    #: Names of groups.
    approvers: tuple[str, ...]
    quorum: int
    evidence_max_age_s: float
    #: Actions on one host and target.
    budget: Limit | None = None
    #: Actions by this rule on all hosts.
    rate: Limit | None = None
    #: Hosts this rule may act on at the same time.
    at_once: int | None = None
    pause_after_failure_s: float | None = None
    #: Groups whose members may approve their own request once the card stood for `lone_after_s`.
    lone: tuple[str, ...] = ()
    lone_after_s: float = 0.0
    is_freeze_ignored: bool = False
    #: Groups that may break the glass; empty: nobody.
    glass: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()
    #: Characters a justification needs.
    glass_words: int = 0
    #: How old may be what is known of a voter when it runs; None: from before voters were looked up again.
    identity_max_age_s: float | None = None
    #: True when each yes must be signed.
    is_signed: bool = False

    @property
    def is_critical(self) -> bool:
        """Whether nobody's plain yes is enough: it wants a signature, or several people."""
        return self.is_signed or self.quorum > 1


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """A yes, and what was known of its voter when it was given."""

    person: str
    standing: Standing
    #: The policy's groups the voter was in.
    groups: tuple[str, ...]
    at: datetime
    way: Way = Way.RULE
    #: Characters of the justification.
    words: int = 0
    #: Principal of the allowed signers whose key signed it; empty: nobody's.
    signer: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody who said yes, looked up again before it runs."""

    person: str
    standing: Standing
    #: The policy's groups they were in.
    groups: tuple[str, ...]
    #: When that was so: now, or when the yes was given if nobody could be asked since.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A freeze in force, and when it ends."""

    name: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything a decision depends on."""

    stage: Stage
    action: str
    host: str
    #: The unit or thing it works on; one action at a time and one budget for each.
    target: str
    #: The ledger's clock.
    at: datetime
    #: Digest of the policy in force.
    policy: str
    #: Names of all rules that speak of it; `terms` are of the only one.
    rules: tuple[str, ...]
    terms: Terms | None
    #: Person who asked.
    requester: str
    #: Who votes now; None when nobody does.
    voter: Ballot | None = None
    #: The yes votes that stand, one for each person.
    ballots: tuple[Ballot, ...] = ()
    #: Their voters as they are when it is about to run; empty at every other stage.
    seen: tuple[Seen, ...] = ()
    #: Since when the card stands in a public channel; None: nowhere that everybody can see it.
    shown_at: datetime | None = None
    evidence_at: datetime | None = None
    approve_by: datetime | None = None
    run_by: datetime | None = None
    frozen: tuple[Frozen, ...] = ()
    #: Actions on this host and target within the budget's time.
    on_target: int = 0
    #: Actions by this rule within the rate's time.
    by_rule: int = 0
    #: Other hosts this rule acts on now, begun before this one.
    acting: int = 0
    #: When an action by this rule last went wrong on another host, within the pause.
    failed_at: datetime | None = None


#: A decision counts for so long after the moment it was asked for; what acts on an older one is not written.
DECISION_LASTS = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The answer to a question, kept beside it."""

    question: Question
    is_allowed: bool
    reason: Reason
    #: What decided, for people.
    says: str
    way: Way = Way.RULE
    #: True when the voter's yes is enough by itself.
    is_enough: bool = False

    def is_overdue(self, now: datetime) -> bool:
        """Whether it counts no more: what stands on it has waited too long."""
        return now - self.question.at > DECISION_LASTS

    @property
    def rule(self) -> str | None:
        """Name of the rule that decided; None when there was not exactly one."""
        return self.question.terms.rule if self.question.terms else None
