"""What can be loaded, and is still hardly meant."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.command import missing, values_of
from bot.model.host import Fleet
from bot.model.runbook import Remedy, Risk
from bot.policy import Policy, Rule, covers, rule_for


def lint(policy: Policy, fleet: Fleet, remedies: Mapping[str, Remedy], *, at: datetime) -> list[str]:
    """One sentence for each finding; `at` tells which freezes are over."""
    return [
        *_rules(policy, fleet),
        *_gaps(policy, fleet, remedies),
        *_people(policy),
        *_signatures(policy, remedies),
        *_freezes(policy, fleet, at),
    ]


def _rules(policy: Policy, fleet: Fleet) -> Iterator[str]:
    for rule in policy.rules:
        if not any(covers(rule, host) for host in fleet.hosts.values()):
            yield f"rule {rule.name!r} fits no host of the fleet"
        yield from _quorum(policy, rule)
        if rule.lone and rule.quorum > 1:
            yield f"rule {rule.name!r} needs {rule.quorum} people, or with 'lone' the asker alone"
        if rule.lone and rule.lone.after_s < 60:
            yield f"rule {rule.name!r}: {rule.lone.after_s:.0f} s is no time to say no in"


def _quorum(policy: Policy, rule: Rule) -> Iterator[str]:
    """Named people only: how many a Slack user group has is not known here."""
    groups = [policy.groups[name] for name in rule.approvers]
    people = frozenset().union(*(group.people for group in groups))
    if any(group.usergroup for group in groups):
        return
    if len(people) < rule.quorum:
        yield f"rule {rule.name!r} needs {rule.quorum} people and its groups have {len(people)}"
    elif len(people) == rule.quorum:
        yield (
            f"rule {rule.name!r}: when one of its {len(people)} approvers asks, too few are left; "
            "add people, 'lone' or break_glass"
        )


def _gaps(policy: Policy, fleet: Fleet, remedies: Mapping[str, Remedy]) -> Iterator[str]:
    """A host that lacks what a remedy works on, e.g. a container, needs no rule for it."""
    for action in sorted(remedies):
        able = [h for h in fleet.hosts.values() if not missing(remedies[action].needs, values_of(h))]
        bare = [host.name for host in able if rule_for(policy, action, host) is None]
        if bare:
            shown = ", ".join(bare[:5]) + (", …" if len(bare) > 5 else "")
            yield f"no rule allows {action} on {shown}; it will not be offered there"


def _people(policy: Policy) -> Iterator[str]:
    for group in policy.groups.values():
        if not group.people and not group.usergroup:
            yield f"group {group.name!r} is empty"
    named = {name for group in policy.groups.values() for name in group.people}
    for person in policy.people.values():
        if not person.slack and not person.logins:
            yield f"{person.name!r} has no account, so nobody can be them"
        if person.name not in named:
            yield f"{person.name!r} is in no group"


def _signatures(policy: Policy, remedies: Mapping[str, Remedy]) -> Iterator[str]:
    for rule in policy.rules:
        high = [name for name in sorted(rule.actions) if remedies[name].risk is Risk.HIGH]
        if high and not rule.is_signed:
            yield (
                f"rule {rule.name!r} allows {', '.join(high)}, of high risk, by a click alone: whoever takes "
                "over a Slack account can do it; think of approve.step_up"
            )
        if rule.is_signed:
            yield from _cannot_sign(policy, rule)


def _cannot_sign(policy: Policy, rule: Rule) -> Iterator[str]:
    people = frozenset().union(*(policy.groups[name].people for name in rule.approvers))
    for name in sorted(people):
        if not policy.people[name].signers:
            yield f"rule {rule.name!r} wants signatures and {name!r} has no signers, so they cannot approve"


def _freezes(policy: Policy, fleet: Fleet, at: datetime) -> Iterator[str]:
    for freeze in policy.freezes:
        if not any(covers(freeze, host) for host in fleet.hosts.values()):
            yield f"freeze {freeze.name!r} fits no host of the fleet"
        if freeze.dates and freeze.dates[1].replace(tzinfo=None) < at.replace(tzinfo=None):
            yield f"freeze {freeze.name!r} is over; remove it"
