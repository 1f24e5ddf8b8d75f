"""Who an account belongs to, which groups people are in, and who may ask."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Reason
from bot.policy.terms import Policy


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Yes or no, the rule that decided, and the sentence for the person."""

    is_allowed: bool
    reason: Reason
    rule: str | None
    says: str


STANDING_SAYS = {
    Standing.GUEST: "guests cannot use this bot",
    Standing.STRANGER: "people from other organisations cannot use this bot",
    Standing.BOT: "bots and workflows cannot use this bot",
    Standing.DEACTIVATED: "this account is deactivated",
    Standing.OTHER_TEAM: "this account belongs to another workspace",
    Standing.UNKNOWN: "it could not be made sure who you are, so try again in a moment",
}
#: The rule that is in no file.
MEMBERS_ONLY = "full members of this workspace only"


def person_of(policy: Policy, account: Account) -> str:
    """The person an account belongs to; an unmapped account is a person of its own."""
    for person in policy.people.values():
        mine = person.slack if account.origin is Origin.SLACK else person.logins
        if account.id in mine:
            return person.name
    return f"{account.origin.value}:{account.id}"


def actor_named(
    policy: Policy,
    who: str,
    *,
    standing: Standing = Standing.MEMBER,
    usergroups: Iterable[str] = (),
) -> Actor | None:
    """Whoever a policy's author means: a person's name, a Slack id or a login; None when it is nobody."""
    for person in policy.people.values():
        if who == person.name or who in person.slack or who in person.logins:
            ids = sorted(person.slack) or sorted(person.logins) or [person.name]
            origin = Origin.SLACK if person.slack else Origin.TERMINAL
            return _actor(Account(origin=origin, id=ids[0]), person.name, standing, usergroups)
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", who):
        return None
    account = Account(origin=Origin.SLACK, id=who)
    return _actor(account, person_of(policy, account), standing, usergroups)


def signers_of(policy: Policy, person: str) -> tuple[str, ...]:
    """Principals that are this person's, sorted; empty: they cannot sign."""
    known = policy.people.get(person)
    return tuple(sorted(known.signers)) if known else ()


def groups_of(policy: Policy, actor: Actor) -> tuple[str, ...]:
    """The policy's groups the actor is in now, sorted."""
    return tuple(sorted(name for name in policy.groups if _is_in(policy, name, actor)))


def may_ask(policy: Policy, actor: Actor) -> Decision:
    """Whether this actor may run checks."""
    if actor.standing in STANDING_SAYS:
        says = (
            f"{STANDING_SAYS[actor.standing]} (rule {MEMBERS_ONLY!r}); ask one of the workspace's members to "
            "do it for you"
        )
        return Decision(is_allowed=False, reason=Reason.STANDING, rule=None, says=says)
    if policy.askers and not set(policy.askers) & set(groups_of(policy, actor)):
        says = f"only {name_groups(policy, policy.askers)} may run checks (rule 'ask'); ask one of them to"
        return Decision(is_allowed=False, reason=Reason.NOT_IN_GROUP, rule=None, says=says)
    return Decision(is_allowed=True, reason=Reason.ALLOWED, rule=None, says="allowed")


def name_groups(policy: Policy, groups: Iterable[str], *, but: Iterable[str] = ()) -> str:
    """Groups and who is in them without some people: `sre (ann, bob)`."""
    left_out = frozenset(but)
    return " or ".join(_name_group(policy, name, left_out) for name in groups)


def _name_group(policy: Policy, name: str, but: frozenset[str]) -> str:
    group = policy.groups.get(name)
    if group is None:
        return name
    members = sorted(group.people - but) + ([f"user group {group.usergroup}"] if group.usergroup else [])
    return f"{name} ({', '.join(members)})" if members else f"{name} (nobody)" if but else name


def _actor(account: Account, person: str, standing: Standing, usergroups: Iterable[str]) -> Actor:
    return Actor(account=account, standing=standing, person=person, usergroups=frozenset(usergroups))


def _is_in(policy: Policy, name: str, actor: Actor) -> bool:
    group = policy.groups[name]
    return actor.person in group.people or bool(group.usergroup and group.usergroup in actor.usergroups)
