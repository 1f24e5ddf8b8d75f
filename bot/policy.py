"""Who may ask, approve and act: a small pure evaluator, default deny.

A decision is asked twice: when a card is drawn (to tell people) and when a vote or claim is counted
(the one that binds). Each says its reason in words for the person who asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.model.host import Host
from bot.model.person import Account, Actor, Origin, Standing


@dataclass(frozen=True, kw_only=True)
class Person:
    """One human and all their accounts, so that nobody is two people."""

    name: str
    slack: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who may approve: named here, or members of a Slack user group."""

    name: str
    people: frozenset[str] = frozenset()
    usergroup: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The fleet's policy section. The empty policy allows checks and no action."""

    people: Mapping[str, Person] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: Groups that may run checks; empty: every full member of the home team.
    askers: tuple[str, ...] = ()
    #: SHA-256 of the section as written, hex.
    digest: str = ""


class Reason(Enum):
    """Why a decision fell as it did."""

    ALLOWED = "allowed"
    NO_RULE = "no rule"
    STANDING = "standing"
    NOT_IN_GROUP = "not in group"
    REQUESTER = "requester"
    EVIDENCE_OLD = "evidence old"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Yes or no, the rule that decided, and the sentence for the person."""

    is_allowed: bool
    reason: Reason
    rule: str | None
    says: str


def person_of(policy: Policy, account: Account) -> str:
    """The person an account belongs to; an unmapped account is a person of its own."""
    for person in policy.people.values():
        mine = person.slack if account.origin is Origin.SLACK else person.logins
        if account.id in mine:
            return person.name
    return f"{account.origin.value}:{account.id}"


def rules_for(policy: Policy, action: str, host: Host) -> tuple[Rule, ...]:
    """Every rule that speaks of this action on this host; a loaded policy has at most one."""
    return tuple(rule for rule in policy.rules if action in rule.actions and _covers(rule, host))


def rule_for(policy: Policy, action: str, host: Host) -> Rule | None:
    """The rule for this action on this host; None denies it."""
    matching = rules_for(policy, action, host)
    return matching[0] if len(matching) == 1 else None


def may_ask(policy: Policy, actor: Actor) -> Decision:
    """Whether this actor may run checks."""
    standing = _standing(actor)
    if standing:
        return standing
    if policy.askers and not _is_in(policy, policy.askers, actor):
        return _no(Reason.NOT_IN_GROUP, None, f"only {name_groups(policy, policy.askers)} may run checks")
    return _yes(None)


def may_approve(policy: Policy, action: str, host: Host, actor: Actor, *, requester: str) -> Decision:
    """Whether this actor's yes counts for this action on this host."""
    rule = rule_for(policy, action, host)
    if rule is None:
        return _no(
            Reason.NO_RULE,
            None,
            f"no policy rule allows {action} on {host.name}; add one to the fleet file's policy section",
        )
    standing = _standing(actor)
    if standing:
        return standing
    who = name_groups(policy, rule.approvers)
    if actor.person == requester:
        return _no(
            Reason.REQUESTER,
            rule.name,
            f"you asked for this, so somebody else must approve it: {who} (rule {rule.name!r})",
        )
    if not _is_in(policy, rule.approvers, actor):
        return _no(
            Reason.NOT_IN_GROUP,
            rule.name,
            f"{action} on {host.name} is approved by {who} (rule {rule.name!r})",
        )
    return _yes(rule.name)


def name_groups(policy: Policy, groups: tuple[str, ...]) -> str:
    """Groups and who is in them, for people: `sre (ann, bob)`."""
    return " or ".join(_name_group(policy, name) for name in groups)


def _name_group(policy: Policy, name: str) -> str:
    group = policy.groups.get(name)
    if group is None:
        return name
    members = sorted(group.people) + ([f"user group {group.usergroup}"] if group.usergroup else [])
    return f"{name} ({', '.join(members)})" if members else name


def _covers(rule: Rule, host: Host) -> bool:
    return (
        (not rule.environments or host.environment in rule.environments)
        and (not rule.tags or bool(rule.tags & host.tags))
        and (not rule.hosts or host.name in rule.hosts)
    )


def _is_in(policy: Policy, groups: tuple[str, ...], actor: Actor) -> bool:
    for name in groups:
        group = policy.groups.get(name)
        if group is None:
            continue
        if actor.person in group.people or (group.usergroup and group.usergroup in actor.usergroups):
            return True
    return False


_STANDING_SAYS = {
    Standing.GUEST: "guests cannot use this bot; ask a full member of the workspace",
    Standing.STRANGER: "people from other organisations cannot use this bot; ask a member of this workspace",
    Standing.BOT: "bots and workflows cannot use this bot; a person has to ask",
    Standing.DEACTIVATED: "this account is deactivated",
    Standing.OTHER_TEAM: "this account belongs to another workspace; ask a member of this one",
    Standing.UNKNOWN: "it could not be made sure who you are, so nothing was done; try again in a moment",
}


def _standing(actor: Actor) -> Decision | None:
    says = _STANDING_SAYS.get(actor.standing)
    return _no(Reason.STANDING, None, says) if says else None


def _yes(rule: str | None) -> Decision:
    return Decision(is_allowed=True, reason=Reason.ALLOWED, rule=rule, says="allowed")


def _no(reason: Reason, rule: str | None, says: str) -> Decision:
    return Decision(is_allowed=False, reason=reason, rule=rule, says=says)
