"""What is wrong with a policy that reads well: names that are nobody's, rules that contradict."""

from collections.abc import Collection, Iterable, Iterator

from bot.checked import did_you_mean
from bot.model.host import Fleet
from bot.policy import Policy, rules_for

_MOST = 10


def mistakes(policy: Policy, fleet: Fleet, remedies: list[str]) -> list[str]:
    """One line for each, beginning with its key; empty when the policy can be used."""
    return [
        *_unknown(policy, fleet, remedies),
        *_twice(policy),
        *_same_names(policy),
        *_never_alone(policy),
        *_never_signed(policy),
        *_overlaps(policy, fleet),
    ]


def _unknown(policy: Policy, fleet: Fleet, remedies: list[str]) -> list[str]:
    groups, hosts = policy.groups, fleet.hosts
    wanted: list[tuple[str, str, Iterable[str], Collection[str]]] = [("ask", "group", policy.askers, groups)]
    wanted += [
        (f"groups.{one.name}.people", "person", sorted(one.people), policy.people) for one in groups.values()
    ]
    for rule in policy.rules:
        wanted += [
            (f"rules.{rule.name}.do", "remedy", sorted(rule.actions), remedies),
            (f"rules.{rule.name}.approve.from", "group", rule.approvers, groups),
            (f"rules.{rule.name}.lone.from", "group", rule.lone.groups if rule.lone else (), groups),
            (f"rules.{rule.name}.on.hosts", "host", sorted(rule.hosts), hosts),
        ]
    for freeze in policy.freezes:
        wanted += [
            (f"freezes.{freeze.name}.do", "remedy", sorted(freeze.actions), remedies),
            (f"freezes.{freeze.name}.on.hosts", "host", sorted(freeze.hosts), hosts),
        ]
    if policy.break_glass:
        wanted.append(("break_glass.from", "group", policy.break_glass.groups, groups))
    return [
        f"{key}: no {what} {name!r}{did_you_mean(name, known)}"
        for key, what, names, known in wanted
        for name in names
        if name not in known
    ]


def _twice(policy: Policy) -> Iterator[str]:
    owner: dict[str, str] = {}
    for person in policy.people.values():
        accounts = [f"slack {id_}" for id_ in person.slack] + [f"login {id_}" for id_ in person.logins]
        accounts += [f"signer {name}" for name in person.signers]
        for account in sorted(accounts):
            if account in owner:
                yield f"people.{person.name}: {account} is also {owner[account]}; one account, one person"
            owner[account] = person.name


def _same_names(policy: Policy) -> Iterator[str]:
    """Limits are counted by a rule's name, and a freeze is told of by its own."""
    for key, names in (
        ("rules", [rule.name for rule in policy.rules]),
        ("freezes", [freeze.name for freeze in policy.freezes]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{key}: {name!r} stands twice; give each a name of its own"


def _never_alone(policy: Policy) -> Iterator[str]:
    for rule in policy.rules:
        most_s = min(rule.approve_by_s, rule.evidence_max_age_s)
        if rule.lone and rule.lone.after_s >= most_s:
            yield (
                f"rules.{rule.name}.lone.after: the card is over before that; make it shorter than "
                "approve_by and evidence_max_age"
            )


def _never_signed(policy: Policy) -> Iterator[str]:
    """Whoever may approve a rule that wants signatures must be able to give one."""
    for rule in policy.rules:
        if rule.is_signed and policy.allowed_signers is None:
            yield f"rules.{rule.name}.approve.step_up: needs allowed_signers, the file of keys that may sign"
        elif rule.is_signed and not any(person.signers for person in policy.people.values()):
            yield f"rules.{rule.name}.approve.step_up: nobody has signers; add them to people.NAME.signers"


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
    return lines[:_MOST]
