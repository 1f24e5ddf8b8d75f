"""`policy`: explain, test, lint, schema."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot import app as root
from bot import policyfile
from bot.checked import did_you_mean
from bot.commands.say import say
from bot.errors import BadRequest
from bot.fleet import host_named
from bot.model.person import Actor
from bot.policy import (
    Case,
    Policy,
    Ruling,
    Stage,
    actor_named,
    ballot_of,
    checks,
    decide,
    name_groups,
    question,
    refusal,
    signers_of,
)
from bot.policy.check import span
from bot.settings import Settings


def explain(
    settings: Settings,
    who: str,
    action: str,
    host: str,
    *,
    asked_by: str | None,
    usergroups: Sequence[str],
    at: str | None,
) -> int:
    """0 when the person may approve it now, 1 when not; every condition with + or -."""
    rules = root.load_rules(settings, needs_keys=False)
    if action not in rules.catalog.remedies:
        raise BadRequest(f"no remedy {action!r}{did_you_mean(action, rules.catalog.remedies)}")
    place, policy = host_named(rules.fleet, host), rules.policy
    actor = _person(policy, who, usergroups)
    requester = _person(policy, asked_by).person if asked_by else "somebody else"
    now = _time(at)
    case = Case(
        action=action,
        host=place,
        at=now,
        requester=requester,
        evidence_at=now,
    )
    # As if they signed, where they have a key to do it with.
    signer = next(iter(signers_of(policy, actor.person)), "")
    ruling = decide(question(policy, Stage.VOTE, case, voter=ballot_of(policy, actor, now, signer=signer)))
    about = f"{action} on {host} ({place.environment})"
    say(f"{actor.person} · {about} · asked by {requester} · {now:%Y-%m-%d %H:%M} UTC")
    for check in checks(ruling.question):
        say(f"  {'+' if check.is_ok else '-'} {check.says}")
    say(f"yes: {ruling.says}" if ruling.is_allowed else f"no: {refusal(policy, ruling)}")
    for line in _terms(policy, ruling):
        say(f"  {line}")
    return 0 if ruling.is_allowed else 1


def test(settings: Settings, file: Path) -> int:
    """0 when every row is as expected."""
    rules = root.load_rules(settings, needs_keys=False)
    rows = policyfile.run_table(file, rules.policy, rules.fleet, now=datetime.now(UTC))
    for row in rows:
        if not row.is_ok:
            say(f"{file}: row {row.row}: {row.what}: expected {row.expected}, got {row.got}: {row.says}")
    wrong = sum(not row.is_ok for row in rows)
    say(f"{len(rows)} expectations, {wrong} not met" if wrong else f"{len(rows)} expectations, all met")
    return 1 if wrong else 0


def lint(settings: Settings) -> int:
    """0 without a finding; what cannot be loaded is an error."""
    rules = root.load_rules(settings, needs_keys=False)
    found = policyfile.lint(rules.policy, rules.fleet, rules.catalog.remedies, at=datetime.now(UTC))
    for line in found:
        say(line)
    say(f"{len(rules.policy.rules)} rules: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


def schema() -> int:
    """Print the JSON Schema."""
    say(json.dumps(policyfile.schema(), indent=2))
    return 0


def _person(policy: Policy, who: str, usergroups: Sequence[str] = ()) -> Actor:
    found = actor_named(policy, who, usergroups=usergroups)
    if found is None:
        raise BadRequest(f"no person {who!r} in the policy{did_you_mean(who, policy.people)}")
    return found


def _time(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        raise BadRequest(f"no time {at!r}; write it like 2026-11-28T03:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _terms(policy: Policy, ruling: Ruling) -> list[str]:
    """The rest of the rule in words; counts are taken from the ledger when it is about to run."""
    terms = ruling.question.terms
    rule = next((one for one in policy.rules if terms and one.name == terms.rule), None)
    if terms is None or rule is None:
        return []
    lines = [
        f"needs {terms.quorum} of {name_groups(policy, terms.approvers)}, never whoever asked",
        f"approve within {span(rule.approve_by_s)}, run within {span(rule.run_by_s)} after the last vote, "
        f"evidence at most {span(rule.evidence_max_age_s)} old",
    ]
    for limit, what in ((terms.budget, "on one host and unit"), (terms.rate, "by this rule")):
        if limit:
            lines.append(f"at most {limit.count} {what} in {span(limit.per_s)}")
    if terms.at_once:
        lines.append(f"on at most {terms.at_once} hosts at once")
    if terms.lone:
        who = name_groups(policy, terms.lone)
        lines.append(f"{who}: their own request, {span(terms.lone_after_s)} after the card was drawn")
    if terms.glass:
        lifts = ", ".join(lift.value for lift in terms.lifts)
        lines.append(f"{name_groups(policy, terms.glass)}: break-glass, which lifts {lifts}")
    return lines
