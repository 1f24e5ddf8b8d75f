"""The policy and what the ledger knows, put together into one question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model.host import Host
from bot.model.person import Actor
from bot.model.ruling import Ballot, Limit, Question, Seen, Stage, Terms, Way
from bot.policy.people import groups_of
from bot.policy.terms import Policy, Rule, covers, rules_for
from bot.policy.windows import Freeze, frozen_at


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An action that was begun lately, in whichever incident."""

    approval: str
    host: str
    target: str
    rule: str
    #: When it was claimed.
    at: datetime
    #: True until it has an outcome.
    is_acting: bool
    #: When it went wrong; None when it did not.
    failed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of an action beside the policy when it is asked."""

    action: str
    host: Host
    #: The ledger's clock.
    at: datetime
    requester: str
    target: str = ""
    #: The approval it is about; its own claim does not count against it.
    approval: str = ""
    claimed_at: datetime | None = None
    ballots: tuple[Ballot, ...] = ()
    seen: tuple[Seen, ...] = ()
    shown_at: datetime | None = None
    evidence_at: datetime | None = None
    approve_by: datetime | None = None
    run_by: datetime | None = None
    recent: tuple[Attempt, ...] = ()


def ballot_of(
    policy: Policy,
    actor: Actor,
    at: datetime,
    *,
    way: Way = Way.RULE,
    words: int = 0,
    signer: str = "",
) -> Ballot:
    """The actor's yes as the policy sees it now."""
    return Ballot(
        person=actor.person,
        standing=actor.standing,
        groups=groups_of(policy, actor),
        at=at,
        way=way,
        words=words,
        signer=signer,
    )


def question(policy: Policy, stage: Stage, case: Case, *, voter: Ballot | None = None) -> Question:
    """Everything the decision depends on, as plain values."""
    rules = rules_for(policy, case.action, case.host)
    terms = terms_of(policy, rules[0]) if len(rules) == 1 else None
    others = [one for one in case.recent if one.approval != case.approval]
    asked = Question(
        stage=stage,
        action=case.action,
        host=case.host.name,
        target=case.target,
        at=case.at,
        policy=policy.digest,
        rules=tuple(rule.name for rule in rules),
        terms=terms,
        requester=case.requester,
        voter=voter,
        ballots=case.ballots,
        seen=case.seen,
        shown_at=case.shown_at,
        evidence_at=case.evidence_at,
        approve_by=case.approve_by,
        run_by=case.run_by,
        frozen=frozen_at(_freezes(policy, case), case.at),
    )
    return asked if terms is None else _counted(asked, terms, case, others)


def terms_of(policy: Policy, rule: Rule) -> Terms:
    """The rule as it is written down beside a decision."""
    glass = policy.break_glass
    return Terms(
        rule=rule.name,
        approvers=rule.approvers,
        quorum=rule.quorum,
        evidence_max_age_s=rule.evidence_max_age_s,
        budget=rule.budget,
        rate=rule.rate,
        at_once=rule.at_once,
        pause_after_failure_s=rule.pause_after_failure_s,
        lone=rule.lone.groups if rule.lone else (),
        lone_after_s=rule.lone.after_s if rule.lone else 0.0,
        is_freeze_ignored=rule.is_freeze_ignored,
        glass=glass.groups if glass else (),
        lifts=tuple(sorted(glass.lifts, key=lambda lift: lift.value)) if glass else (),
        glass_words=glass.words if glass else 0,
        identity_max_age_s=policy.identity_max_age_s,
        is_signed=rule.is_signed,
    )


def looks_back_s(policy: Policy) -> float:
    """How far back in the ledger its rules count; 0 when none counts anything."""
    spans = [0.0]
    for rule in policy.rules:
        spans += [limit.per_s for limit in (rule.budget, rule.rate) if limit]
        spans += [rule.pause_after_failure_s or 0.0, rule.run_by_s if rule.at_once else 0.0]
    return max(spans)


def _freezes(policy: Policy, case: Case) -> Iterable[Freeze]:
    return (
        freeze
        for freeze in policy.freezes
        if covers(freeze, case.host) and (not freeze.actions or case.action in freeze.actions)
    )


def _counted(asked: Question, terms: Terms, case: Case, others: list[Attempt]) -> Question:
    """With what was done lately under the same rule or on the same target."""
    mine = [one for one in others if one.rule == terms.rule]
    there = [one for one in others if (one.host, one.target) == (case.host.name, case.target)]
    elsewhere = [one for one in mine if one.host != case.host.name]
    return replace(
        asked,
        on_target=_within(there, terms.budget, case.at),
        by_rule=_within(mine, terms.rate, case.at),
        acting=len({one.host for one in elsewhere if one.is_acting and _is_before(one, case)}),
        failed_at=_last_failure(elsewhere, terms, case.at),
    )


def _within(attempts: Iterable[Attempt], limit: Limit | None, at: datetime) -> int:
    if limit is None:
        return 0
    since = at - timedelta(seconds=limit.per_s)
    return sum(one.at > since for one in attempts)


def _is_before(other: Attempt, case: Case) -> bool:
    """Of two that begin at once exactly one is before the other, so that they do not wait in a circle."""
    return case.claimed_at is None or (other.at, other.approval) < (case.claimed_at, case.approval)


def _last_failure(attempts: Iterable[Attempt], terms: Terms, at: datetime) -> datetime | None:
    if terms.pause_after_failure_s is None:
        return None
    since = at - timedelta(seconds=terms.pause_after_failure_s)
    return max((one.failed_at for one in attempts if one.failed_at and one.failed_at > since), default=None)
