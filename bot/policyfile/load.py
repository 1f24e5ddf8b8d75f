"""Section to Policy; whatever cannot be meant is an error with its way out."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.checked import check
from bot.errors import FileError
from bot.model.host import Fleet
from bot.policy import BreakGlass, Freeze, Group, Lone, Person, Policy, Rule
from bot.policyfile.mistakes import mistakes
from bot.policyfile.parts import FreezePart, GlassPart, PolicyPart, RulePart


def load(section: Mapping[str, object] | None, *, fleet: Fleet, remedies: Iterable[str], name: str) -> Policy:
    """The policy; empty (no action allowed) when there is no section.

    Raises FileError: unknown names, an account of two people, two rules for one action on one host,
    a lone mode that could never be used.
    """
    if section is None:
        return Policy()
    part = check(PolicyPart, dict(section), name=f"{name}: policy")
    policy = Policy(
        people={
            key: Person(
                name=key,
                slack=frozenset(each.slack),
                logins=frozenset(each.login),
                signers=frozenset(each.signers),
            )
            for key, each in part.people.items()
        },
        groups={
            key: Group(name=key, people=frozenset(each.people), usergroup=each.slack_usergroup)
            for key, each in part.groups.items()
        },
        rules=tuple(_rule(each) for each in part.rules),
        askers=part.ask,
        freezes=tuple(_freeze(each) for each in part.freezes),
        break_glass=_glass(part.break_glass) if part.break_glass else None,
        identity_max_age_s=part.identity_max_age,
        allowed_signers=str(Path(name).parent / part.allowed_signers) if part.allowed_signers else None,
        digest=hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest(),
    )
    wrong = mistakes(policy, fleet, list(remedies))
    if wrong:
        raise FileError("\n".join(f"{name}: policy.{line}" for line in wrong))
    return policy


def _rule(part: RulePart) -> Rule:
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
        budget=part.budget,
        rate=part.rate,
        at_once=part.at_once,
        pause_after_failure_s=part.pause_after_failure,
        lone=Lone(groups=part.lone.groups, after_s=part.lone.after) if part.lone else None,
        is_freeze_ignored=part.freeze == "ignore",
        is_signed=part.approve.step_up is not None,
    )


def _freeze(part: FreezePart) -> Freeze:
    return Freeze(
        name=part.name,
        actions=frozenset(part.do),
        environments=frozenset(part.on.environment),
        tags=frozenset(part.on.tags),
        hosts=frozenset(part.on.hosts),
        zone=part.tz,
        dates=(part.begin, part.end) if part.begin and part.end else None,
        begins=part.cron,
        lasts_s=part.lasts or 0.0,
    )


def _glass(part: GlassPart) -> BreakGlass:
    return BreakGlass(
        groups=part.groups,
        words=part.justification,
        lifts=frozenset(part.lifts),
        alert=part.alert,
        review_within_s=part.review_within,
    )
