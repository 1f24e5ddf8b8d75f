"""`policy test FILE`: what a team expects of its policy, as a table that runs anywhere.

tests:
  - {who: bob, may: approve, do: restart_unit, on: web-01, asked_by: ann, expect: allowed}
  - {who: ann, may: approve, do: restart_unit, on: web-01, asked_by: ann, expect: requester}
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot import yamlfile
from bot.checked import FilePart, check, did_you_mean
from bot.errors import FileError
from bot.model.host import Fleet
from bot.model.person import Actor, Standing
from bot.model.ruling import Ballot, Seen
from bot.policy import (
    Attempt,
    Case,
    Policy,
    Reason,
    Stage,
    Way,
    actor_named,
    ballot_of,
    decide,
    may_ask,
    question,
    rule_for,
    signers_of,
)
from bot.policyfile.parts import Duration, Moment, seconds

_SOMEBODY = "somebody else"
_DENIED = "denied"


class May(Enum):
    """What is tried."""

    CHECK = "check"
    OFFER = "offer"
    APPROVE = "approve"
    REJECT = "reject"
    BREAK_GLASS = "break glass"
    RUN = "run"


class _Row(FilePart):
    may: May
    expect: str
    who: str | None = None
    standing: Standing = Standing.MEMBER
    usergroups: tuple[str, ...] = ()
    do: str | None = None
    on: str | None = None
    asked_by: str = _SOMEBODY
    at: Moment | None = None
    approved_by: tuple[str, ...] = ()
    #: Those of them who are not in any group any more when it is to run.
    left: tuple[str, ...] = ()
    #: How long the card has stood in a public channel.
    shown: Duration | None = None
    #: Age of the evidence.
    evidence: Annotated[float, BeforeValidator(seconds)] = 0.0
    #: Actions on this host and unit, and by this rule, a moment before.
    done_before: int = Field(default=0, ge=0, le=1000)
    justification: str = ""
    #: Whether a yes is signed where the rule wants it.
    signed: bool = True


class _Table(FilePart):
    tests: tuple[_Row, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A row and what the policy says to it."""

    row: int
    what: str
    expected: str
    got: str
    says: str

    @property
    def is_ok(self) -> bool:
        """True when it is as expected."""
        return self.expected in (self.got, _DENIED if self.got != Reason.ALLOWED.value else "")


def run_table(path: Path, policy: Policy, fleet: Fleet, *, now: datetime) -> tuple[Outcome, ...]:
    """Every row in order; `now` is the time of rows that name none. Raises FileError."""
    table = check(_Table, yamlfile.read(path), name=str(path))
    outcomes, mistakes = [], []
    for number, row in enumerate(table.tests, 1):
        try:
            outcomes.append(_outcome(number, row, policy, fleet, now=now, where=f"{path}: row {number}"))
        except FileError as error:
            mistakes.append(str(error))
    if mistakes:
        raise FileError("\n".join(mistakes))
    return tuple(outcomes)


def _outcome(number: int, row: _Row, policy: Policy, fleet: Fleet, *, now: datetime, where: str) -> Outcome:
    known = [*(reason.value for reason in Reason), _DENIED]
    if row.expect not in known:
        raise FileError(f"{where}: expect: no outcome {row.expect!r}{did_you_mean(row.expect, known)}")
    reason, says = _answer(row, policy, fleet, now=now, where=where)
    what = " ".join(word for word in (row.who, row.may.value, row.do, row.on) if word)
    return Outcome(row=number, what=what, expected=row.expect, got=reason.value, says=says)


def _answer(row: _Row, policy: Policy, fleet: Fleet, *, now: datetime, where: str) -> tuple[Reason, str]:
    if row.may is May.CHECK:
        asked = may_ask(policy, _actor(row, policy, row.who, where=f"{where}: who"))
        return asked.reason, asked.says
    if row.do is None or row.on is None:
        raise FileError(f"{where}: needs a remedy in 'do' and a host in 'on'")
    if row.on not in fleet.hosts:
        raise FileError(f"{where}: on: no host {row.on!r} in the fleet{did_you_mean(row.on, fleet.hosts)}")
    at = row.at or now
    case = _case(row, policy, fleet, at.replace(tzinfo=at.tzinfo or UTC), where=where)
    stages = {May.OFFER: Stage.OFFER, May.REJECT: Stage.VETO, May.RUN: Stage.RUN}
    stage = stages.get(row.may, Stage.VOTE)
    voter = None
    if stage in (Stage.VOTE, Stage.VETO):
        actor = _actor(row, policy, row.who, where=f"{where}: who")
        way = Way.BREAK_GLASS if row.may is May.BREAK_GLASS else Way.RULE
        words = len(row.justification.strip())
        signer = _signer(policy, actor) if row.signed else ""
        voter = ballot_of(policy, actor, case.at, way=way, words=words, signer=signer)
    ruling = decide(question(policy, stage, case, voter=voter))
    return ruling.reason, ruling.says


def _case(row: _Row, policy: Policy, fleet: Fleet, at: datetime, *, where: str) -> Case:
    host, action = fleet.hosts[row.on or ""], row.do or ""
    rule = rule_for(policy, action, host)
    voters = [_actor(row, policy, name, where=f"{where}: approved_by") for name in row.approved_by]
    ballots = tuple(ballot_of(policy, voter, at, signer=_signer(policy, voter)) for voter in voters)
    left = {_actor(row, policy, name, where=f"{where}: left").person for name in row.left}
    before = (
        Attempt(
            approval=f"before-{number}",
            host=host.name,
            target="",
            rule=rule.name if rule else "",
            at=at,
            is_acting=False,
        )
        for number in range(row.done_before)
    )
    return Case(
        action=action,
        host=host,
        at=at,
        requester=_person(row, policy, where=where),
        ballots=ballots,
        seen=tuple(_seen(ballot, has_left=ballot.person in left) for ballot in ballots),
        shown_at=at - timedelta(seconds=row.shown) if row.shown else None,
        evidence_at=at - timedelta(seconds=row.evidence),
        recent=tuple(before),
    )


def _signer(policy: Policy, actor: Actor) -> str:
    return next(iter(signers_of(policy, actor.person)), "")


def _seen(ballot: Ballot, *, has_left: bool) -> Seen:
    groups = () if has_left else ballot.groups
    return Seen(person=ballot.person, standing=ballot.standing, groups=groups, at=ballot.at)


def _person(row: _Row, policy: Policy, *, where: str) -> str:
    if row.asked_by == _SOMEBODY:
        return _SOMEBODY
    return _actor(row, policy, row.asked_by, where=f"{where}: asked_by").person


def _actor(row: _Row, policy: Policy, who: str | None, *, where: str) -> Actor:
    is_voter = who == row.who
    found = actor_named(
        policy,
        who or "",
        standing=row.standing if is_voter else Standing.MEMBER,
        usergroups=row.usergroups if is_voter else (),
    )
    if found is None:
        raise FileError(f"{where}: no person {who!r}{did_you_mean(who or '', policy.people)}")
    return found
