"""The fleet file's policy section becomes a Policy, checked against fleet and remedies."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.checked import FilePart, check, did_you_mean
from bot.errors import FileError
from bot.model.host import Fleet
from bot.policy import Group, Person, Policy, Rule, rules_for

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h)\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def _seconds(value: object) -> object:
    found = _DURATION.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("must be a duration such as 90s, 10m or 1h")
    return float(found[1]) * _SECONDS[found[2]]


Duration = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=86_400)]
SlackUser = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
Usergroup = Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,}$")]


class _Person(FilePart):
    slack: tuple[SlackUser, ...] = ()
    login: tuple[str, ...] = ()


class _Group(FilePart):
    people: tuple[str, ...] = ()
    slack_usergroup: Usergroup | None = None


class _On(FilePart):
    environment: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class _Approve(FilePart):
    groups: tuple[str, ...] = Field(alias="from", min_length=1)
    count: int = Field(default=1, ge=1, le=9)


class _Rule(FilePart):
    name: str = Field(min_length=1, max_length=60)
    do: tuple[str, ...] = Field(min_length=1)
    on: _On = _On()
    approve: _Approve
    approve_by: Duration = 600.0
    run_by: Duration = 300.0
    evidence_max_age: Duration = 600.0


class _PolicyPart(FilePart):
    people: dict[str, _Person] = Field(default_factory=dict)
    groups: dict[str, _Group] = Field(default_factory=dict)
    rules: tuple[_Rule, ...] = ()
    ask: tuple[str, ...] = ()


def load(section: Mapping[str, object] | None, *, fleet: Fleet, remedies: Iterable[str], name: str) -> Policy:
    """The policy; empty (no action allowed) when there is no section.

    Raises FileError: unknown names, an account of two people, two rules for one action on one host.
    """
    if section is None:
        return Policy()
    part = check(_PolicyPart, dict(section), name=f"{name}: policy")
    policy = Policy(
        people={
            key: Person(name=key, slack=frozenset(each.slack), logins=frozenset(each.login))
            for key, each in part.people.items()
        },
        groups={
            key: Group(name=key, people=frozenset(each.people), usergroup=each.slack_usergroup)
            for key, each in part.groups.items()
        },
        rules=tuple(_rule(each) for each in part.rules),
        askers=part.ask,
        digest=hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest(),
    )
    mistakes = [*_unknown(policy, fleet, list(remedies)), *_twice(policy), *_overlaps(policy, fleet)]
    if mistakes:
        raise FileError("\n".join(f"{name}: policy.{line}" for line in mistakes))
    return policy


def _rule(part: _Rule) -> Rule:
    return Rule(
        name=part.name,
        actions=frozenset(part.do),
        environments=frozenset(part.on.environment),
        tags=frozenset(part.on.tags),
        hosts=frozenset(part.on.hosts),
        approvers=part.approve.groups,
        quorum=part.approve.count,
        approve_by_s=part.approve_by,
        run_by_s=part.run_by,
        evidence_max_age_s=part.evidence_max_age,
    )


def _unknown(policy: Policy, fleet: Fleet, remedies: list[str]) -> list[str]:
    wanted = [
        *(("ask", "group", name, policy.groups) for name in policy.askers),
        *(
            (f"groups.{group.name}.people", "person", name, policy.people)
            for group in policy.groups.values()
            for name in sorted(group.people)
        ),
        *(
            (f"rules.{r.name}.do", "remedy", name, remedies)
            for r in policy.rules
            for name in sorted(r.actions)
        ),
        *(
            (f"rules.{r.name}.approve.from", "group", n, policy.groups)
            for r in policy.rules
            for n in r.approvers
        ),
        *(
            (f"rules.{r.name}.on.hosts", "host", n, fleet.hosts)
            for r in policy.rules
            for n in sorted(r.hosts)
        ),
    ]
    return [
        f"{key}: no {what} {name!r}{did_you_mean(name, known)}"
        for key, what, name, known in wanted
        if name not in known
    ]


def _twice(policy: Policy) -> list[str]:
    owner: dict[str, str] = {}
    lines = []
    for person in policy.people.values():
        accounts = [f"slack {id_}" for id_ in person.slack] + [f"login {id_}" for id_ in person.logins]
        for account in sorted(accounts):
            if account in owner:
                lines.append(
                    f"people.{person.name}: {account} is also {owner[account]}; one account, one person"
                )
            owner[account] = person.name
    return lines


def _overlaps(policy: Policy, fleet: Fleet) -> list[str]:
    actions = sorted({action for rule in policy.rules for action in rule.actions})
    lines = []
    for host in fleet.hosts.values():
        for action in actions:
            names = [rule.name for rule in rules_for(policy, action, host)]
            if len(names) > 1:
                lines.append(
                    f"rules: {' and '.join(names)} both speak of {action} on {host.name}; "
                    "narrow one so that exactly one does"
                )
    return lines[:10]
