"""What a policy consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.model.host import Host
from bot.model.ruling import Lift, Limit
from bot.policy.windows import Freeze


@dataclass(frozen=True, kw_only=True)
class Person:
    """One human and all their accounts, so that nobody is two people."""

    name: str
    slack: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    #: Principals in the allowed signers that are theirs.
    signers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who may approve: named here, or members of a Slack user group."""

    name: str
    people: frozenset[str] = frozenset()
    usergroup: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lone:
    """Whose request needs nobody else once its card stood in a public channel for a while."""

    groups: tuple[str, ...]
    after_s: float


@dataclass(frozen=True, kw_only=True)
class BreakGlass:
    """Who may set parts of the rules aside in an emergency, and what it costs them."""

    groups: tuple[str, ...]
    #: Characters the justification needs at least.
    words: int = 20
    lifts: frozenset[Lift] = frozenset({Lift.FREEZE, Lift.QUORUM, Lift.REQUESTER})
    #: Slack channel that is told beside the incident's thread.
    alert: str | None = None
    review_within_s: float = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What may be done where, with whose consent."""

    name: str
    actions: frozenset[str]
    #: All of these that are not empty must fit the host.
    environments: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    approvers: tuple[str, ...]
    quorum: int = 1
    approve_by_s: float = 600.0
    run_by_s: float = 300.0
    evidence_max_age_s: float = 600.0
    budget: Limit | None = None
    rate: Limit | None = None
    at_once: int | None = None
    pause_after_failure_s: float | None = None
    lone: Lone | None = None
    is_freeze_ignored: bool = False
    #: True when each yes must be signed.
    is_signed: bool = False


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The fleet's policy section. The empty policy allows checks and no action."""

    people: Mapping[str, Person] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: Groups that may run checks; empty: every full member of the home team.
    askers: tuple[str, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    break_glass: BreakGlass | None = None
    #: How old may be what is known of somebody who said yes when it runs.
    identity_max_age_s: float = 300.0
    #: OpenSSH's file of keys that may sign; None: nobody can.
    allowed_signers: str | None = None
    #: SHA-256 of the section as written, hex.
    digest: str = ""


class Selector(Protocol):
    """What chooses hosts: rules and freezes do it alike."""

    @property
    def environments(self) -> frozenset[str]:
        """Environments; empty: all."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Tags, one of which is enough; empty: all hosts."""
        ...

    @property
    def hosts(self) -> frozenset[str]:
        """Names; empty: all."""
        ...


def covers(selector: Selector, host: Host) -> bool:
    """Whether every part of the selector that is not empty fits the host."""
    return (
        (not selector.environments or host.environment in selector.environments)
        and (not selector.tags or bool(selector.tags & host.tags))
        and (not selector.hosts or host.name in selector.hosts)
    )


def rules_for(policy: Policy, action: str, host: Host) -> tuple[Rule, ...]:
    """Every rule that speaks of this action on this host; a loaded policy has at most one."""
    return tuple(rule for rule in policy.rules if action in rule.actions and covers(rule, host))


def rule_for(policy: Policy, action: str, host: Host) -> Rule | None:
    """The rule for this action on this host; None denies it."""
    matching = rules_for(policy, action, host)
    return matching[0] if len(matching) == 1 else None
