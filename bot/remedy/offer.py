"""What is offered after a verdict, and to what an approval of it is bound. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import rfc8785

from bot.command import SUDO, missing, render, render_text, values_of
from bot.model.event import Proposed, RunEnded
from bot.model.host import Host
from bot.model.ruling import Ruling, Stage
from bot.model.runbook import Catalog, Remedy, Runbook
from bot.model.verdict import Verdict
from bot.parsers.unit_state import INVOCATION, RESTARTS
from bot.policy import Attempt, Case, Policy, Rule, decide, name_groups, question, refusal, rule_for


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What may be proposed now, and why the rest of the fitting remedies may not."""

    proposed: tuple[Proposed, ...]
    #: Remedy -> why it is not offered, for people.
    not_offered: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything an offer depends on."""

    host: Host
    runbook: Runbook
    catalog: Catalog
    policy: Policy
    #: Person who asked for the look.
    requester: str
    ended: RunEnded
    now: datetime
    #: Remedies that ran in this incident already: not offered again by themselves.
    tried: frozenset[str] = frozenset()
    #: Actions begun lately in all incidents, as far back as the policy counts.
    recent: tuple[Attempt, ...] = ()


def offer(situation: Situation, new_id: Callable[[], str]) -> Offer:
    """Proposals for the verdict's remedies, best first; `new_id` gives a fresh opaque id each."""
    proposed: list[Proposed] = []
    not_offered: dict[str, str] = {}
    for name in situation.ended.verdict.remedies:
        remedy = situation.catalog.remedies[name]
        rule = rule_for(situation.policy, name, situation.host)
        against, ruling = _against(situation, remedy), _ruling(situation, remedy)
        if not against and ruling.is_allowed and rule is not None:
            proposed.append(_proposal(situation, remedy, rule, ruling, new_id()))
            continue
        if not ruling.is_allowed:
            against.append(refusal(situation.policy, ruling, title=remedy.title))
        # All of it at once: who mends the first thing should not come back for the next.
        not_offered[name] = "; besides, ".join(against)
    return Offer(proposed=tuple(proposed), not_offered=not_offered)


def digest_of(proposed: Proposed, *, situation: Situation) -> str:
    """SHA-256 over everything an approval stands for; recomputed before the action and compared."""
    remedy = situation.catalog.remedies[proposed.remedy]
    rule = rule_for(situation.policy, proposed.remedy, situation.host)
    bound = {
        "approval": proposed.approval,
        "remedy": proposed.remedy,
        "remedy_digest": remedy.digest,
        "runbook_digest": situation.runbook.digest,
        "policy_digest": situation.policy.digest,
        # Which rule of it: the host may have moved to another environment.
        "rule": rule.name if rule else None,
        "host": situation.host.name,
        "address": f"{situation.host.user}@{situation.host.address}:{situation.host.port}",
        "host_key": situation.ended.host_key,
        "target": proposed.target,
        "commands": [list(argv) for argv in proposed.commands],
        "cause": proposed.cause,
        "state": dict(proposed.state),
        "requester": situation.requester,
        "approve_by": proposed.approve_by.isoformat(),
        "quorum": proposed.quorum,
    }
    return hashlib.sha256(rfc8785.dumps(bound)).hexdigest()


def is_as_shown(proposed: Proposed, *, situation: Situation) -> bool:
    """Whether fleet, runbook, remedy and policy make the same of it as when its card was drawn.

    The digest is over what was offered; that the fleet gives another container or command since then
    shows in what would be offered now.
    """
    remedy = situation.catalog.remedies[proposed.remedy]
    return (
        proposed.commands == commands_for(remedy, situation.host)
        and proposed.target == render_text(remedy.target, values_of(situation.host))
        and proposed.digest == digest_of(proposed, situation=situation)
    )


def commands_for(remedy: Remedy, host: Host) -> tuple[tuple[str, ...], ...]:
    """The exact argv of a remedy on a host, in order."""
    values = values_of(host)
    return tuple(render(argv, values) for argv in remedy.run)


def what_changed(proposed: Proposed, verdict: Verdict, state: Mapping[str, str]) -> str | None:
    """Why the situation is no longer the approved one, in words; None when it still is.

    Only what both runs could see is compared: a state that one of them lacks proves nothing.
    """
    if verdict.is_healthy:
        return "the host is healthy now; there is nothing to mend"
    if verdict.cause != proposed.cause:
        return f"the cause is {verdict.cause} now, it was {proposed.cause} when this was offered"
    for key in sorted(proposed.state.keys() & state.keys()):
        if key.startswith(RESTARTS) or proposed.state[key] == state[key]:
            continue
        if not key.startswith(INVOCATION):
            return f"{key} is {state[key]!r} now, it was {proposed.state[key]!r} when this was offered"
        name = key.removeprefix(INVOCATION)
        if not _began_again(name, proposed.state, state):
            return f"{name} was started anew since this was offered, and not by what keeps it up by itself"
    return None


def _began_again(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """What keeps it started it again by itself: then it is still in the loop that the approval was for.

    What was written before counts were bound an invocation only where there had been none.
    """
    then, since = (int(state.get(f"{RESTARTS}{name}", "0")) for state in (before, now))
    return since > then


def _against(situation: Situation, remedy: Remedy) -> list[str]:
    """Why it cannot be done at all, whatever the policy says; empty when nothing stands against it."""
    against = []
    if remedy.name in situation.tried:
        against.append("it ran in this incident already and did not mend it")
    if lacking := missing(remedy.needs, values_of(situation.host)):
        against.append(f"the fleet file does not give {' and '.join(lacking)} for {situation.host.name}")
    if situation.ended.host_key is None:
        against.append("the host could not be reached")
    if not lacking and (why := _without_sudo(situation, remedy)):
        against.append(why)
    return against


def _without_sudo(situation: Situation, remedy: Remedy) -> str | None:
    """Who is asked to approve at night should not find out by its failure that sudo lets nothing run."""
    lacks = any(one.cause == "sudo_missing" for one in situation.ended.verdict.found)
    if not lacks or not any(argv[:2] == SUDO for argv in commands_for(remedy, situation.host)):
        return None
    return (
        f"sudo does not run it on {situation.host.name}; `runbook-bot doctor {situation.host.name}` prints "
        "the lines that let it"
    )


def _ruling(situation: Situation, remedy: Remedy) -> Ruling:
    values = values_of(situation.host)
    # A target that the fleet file does not give cannot be named; what the policy says may still be.
    target = "" if missing(remedy.needs, values) else render_text(remedy.target, values)
    case = Case(
        action=remedy.name,
        host=situation.host,
        at=situation.now,
        requester=situation.requester,
        target=target,
        recent=situation.recent,
    )
    return decide(question(situation.policy, Stage.OFFER, case))


def _does(remedy: Remedy, values: Mapping[str, object], state: Mapping[str, str]) -> str:
    """What the remedy says it does; of a rollback also from what to what, as the host itself says it."""
    says = render_text(remedy.does, values)
    here, before = state.get("release"), state.get("release before")
    if "service.release.rollback" not in remedy.needs or here is None:
        return says
    to = f" back to the one made before it, {before[:80]}" if before else ", to which one is not known"
    return f"From {here[:80]}{to}. {says}"


def _proposal(situation: Situation, remedy: Remedy, rule: Rule, ruling: Ruling, approval: str) -> Proposed:
    values, policy = values_of(situation.host), situation.policy
    frozen = () if rule.is_freeze_ignored else ruling.question.frozen
    fields = Proposed(  # the digest covers the rest, so it is put in last
        approval=approval,
        remedy=remedy.name,
        host=situation.host.name,
        target=render_text(remedy.target, values),
        commands=commands_for(remedy, situation.host),
        run=situation.ended.run,
        digest="",
        state=dict(situation.ended.state),
        cause=situation.ended.verdict.cause,
        approve_by=situation.now + timedelta(seconds=min(rule.approve_by_s, rule.evidence_max_age_s)),
        run_within_s=rule.run_by_s,
        quorum=rule.quorum,
        approvers=name_groups(policy, rule.approvers),
        title=remedy.title,
        risk=remedy.risk.value,
        does=_does(remedy, values, situation.ended.state),
        undo=render_text(remedy.undo, values),
        frozen=" and ".join(f"{one.name} until {one.until:%Y-%m-%d %H:%M} UTC" for one in frozen),
        break_glass=name_groups(policy, policy.break_glass.groups) if policy.break_glass else "",
        lone=name_groups(policy, rule.lone.groups) if rule.lone else "",
        lone_after_s=rule.lone.after_s if rule.lone else 0.0,
        requester=situation.requester,
        ruling=ruling,
    )
    return replace(fields, digest=digest_of(fields, situation=situation))
