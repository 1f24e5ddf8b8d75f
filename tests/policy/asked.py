"""The same situation for the evaluator as for the oracle."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot import policyfile
from bot.model.host import Fleet, Host, SshFiles
from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Ballot, Ruling, Seen, Stage, Way
from bot.policy import Attempt, Case, Policy, ballot_of, decide, question, rules_for

T0 = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
ACTIONS = ("restart_unit", "rollback_release", "reload_nginx")


def fleet_of(hosts: list[dict[str, Any]]) -> Fleet:
    made = {
        raw["name"]: Host(
            name=raw["name"],
            address="192.0.2.1",
            user="runbook",
            tags=frozenset(raw["tags"]),
            environment=raw["environment"],
        )
        for raw in hosts
    }
    return Fleet(hosts=made, ssh=SshFiles(identity="/k", known_hosts="/h"))


def load(section: dict[str, Any], fleet: Fleet) -> Policy:
    """The section as the file would have it: times as text."""
    freezes = [
        {**one, "from": one["from"].isoformat(), "to": one["to"].isoformat()}
        for one in section.get("freezes", [])
    ]
    written = {**section, "freezes": freezes} if freezes else section
    return policyfile.load(written, fleet=fleet, remedies=ACTIONS, name="fleet.yaml")


def ruling(policy: Policy, fleet: Fleet, now: dict[str, Any]) -> Ruling:
    """The evaluator's answer."""
    at, host = now["at"], fleet.hosts[now["host"]["name"]]
    late = timedelta(seconds=-1 if now["late"] else 60)
    rules = rules_for(policy, now["action"], host)
    case = Case(
        action=now["action"],
        host=host,
        at=at,
        requester=now["asked_by"],
        target="app.service",
        ballots=tuple(_ballot(policy, vote, at) for vote in now["votes"]),
        seen=tuple(_seen(policy, vote, at) for vote in now["votes"] if vote.get("again") != "not asked"),
        shown_at=None if now["shown_ago"] is None else at - timedelta(seconds=now["shown_ago"]),
        evidence_at=at - timedelta(seconds=now["evidence_ago"]),
        approve_by=at + late,
        run_by=at + late,
        recent=_recent(now, rules[0].name if rules else ""),
    )
    stage = Stage(now["stage"])
    voter = _ballot(policy, now["voter"], at) if stage in (Stage.VOTE, Stage.VETO) else None
    return decide(question(policy, stage, case, voter=voter))


def _ballot(policy: Policy, vote: dict[str, Any], at: datetime) -> Ballot:
    account = Account(origin=Origin.TERMINAL, id=vote["who"])
    actor = Actor(
        account=account,
        standing=Standing(vote["standing"]),
        person=vote["who"],
        usergroups=frozenset(vote["usergroups"]),
    )
    way = Way.RULE if vote["glass"] is None else Way.BREAK_GLASS
    when = at - timedelta(seconds=vote["ago"])
    signer = "me@example.org" if vote.get("signed", True) else ""
    return ballot_of(policy, actor, when, way=way, words=vote["glass"] or 0, signer=signer)


def _seen(policy: Policy, vote: dict[str, Any], at: datetime) -> Seen:
    """The voter looked up again: as they voted, unless the vote says what became of them."""
    again = vote.get("again", {})
    ballot = _ballot(policy, {**vote, **again}, at)
    return Seen(
        person=ballot.person,
        standing=ballot.standing,
        groups=ballot.groups,
        at=at - timedelta(seconds=again.get("read_ago", 0)),
    )


def _recent(now: dict[str, Any], rule: str) -> tuple[Attempt, ...]:
    """So many actions here, so many more by the rule elsewhere, and what else is going on."""
    at, here = now["at"] - timedelta(seconds=1), now["host"]["name"]
    made = [_attempt("here", n, here, "another rule", at) for n in range(now["done_here"])]
    made += [_attempt("rule", n, here, rule, at, target="other.service") for n in range(now["done_by_rule"])]
    old = at - timedelta(days=8)
    made += [_attempt("busy", n, f"host-{n}", rule, old, is_acting=True) for n in range(now["acting"])]
    if now["failed_ago"] is not None:
        failed_at = now["at"] - timedelta(seconds=now["failed_ago"])
        made.append(_attempt("failed", 0, "host-x", rule, old, failed_at=failed_at))
    return tuple(made)


def _attempt(
    kind: str,
    number: int,
    host: str,
    rule: str,
    at: datetime,
    *,
    target: str = "app.service",
    is_acting: bool = False,
    failed_at: datetime | None = None,
) -> Attempt:
    return Attempt(
        approval=f"{kind}-{number}",
        host=host,
        target=target,
        rule=rule,
        at=at,
        is_acting=is_acting,
        failed_at=failed_at,
    )
