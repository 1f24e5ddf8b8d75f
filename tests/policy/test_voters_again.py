"""Whoever said yes is looked up again before it runs: the yes of somebody who may not any more is none."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from bot.model.approval import Approval, ApprovalStatus
from bot.model.event import Claimed, Entry
from bot.model.person import Account, Actor, Standing
from bot.model.ruling import Reason
from bot.policy import Group
from tests.support.office import POLICY, Office, Vouching, office_in

SRE = frozenset({"S1"})
#: Bob and cyn approve because they are in a Slack user group, ann because the policy names her.
BY_USERGROUP = replace(
    POLICY, groups={"sre": Group(name="sre", people=frozenset({"ann"}), usergroup="S1")}, digest="p2"
)


class LeavesLater(Vouching):
    """The first look-up finds bob as he voted, every later one a guest."""

    async def look_up(self, account: Account) -> Actor | None:
        found = await super().look_up(account)
        self.standings["bob"] = Standing.GUEST
        return found


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch, policy=BY_USERGROUP) as made:
        made.directory.usergroups = {"bob": SRE, "cyn": SRE}
        yield made


async def approved(office: Office, *logins: str) -> str:
    """An incident whose card these people approved; nobody has taken the action yet."""
    incident = await office.ask()
    approval = (await office.state(incident)).approvals[0].id
    for login in logins:
        actor = replace(office.actor(login), usergroups=office.directory.usergroups.get(login, frozenset()))
        await office.desk().vote(actor, approval, is_yes=True)
    return incident


async def carried_on(office: Office, incident: str) -> Approval:
    await office.worker().carry_on(incident)
    assert (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]
    return (await office.state(incident)).approvals[0]


def refusal_of(one: Approval) -> tuple[ApprovalStatus, Reason | None, str]:
    assert one.closed
    return one.status, one.closed.ruling.reason if one.closed.ruling else None, one.closed.why


async def test_it_runs_for_voters_who_are_still_who_they_were(office: Office) -> None:
    incident = await approved(office, "bob")

    one = await carried_on(office, incident)

    assert one.status is ApprovalStatus.DONE
    assert one.intent and one.intent.ruling
    (seen,) = one.intent.ruling.question.seen
    assert (seen.person, seen.groups) == ("bob", ("sre",))
    assert set(office.directory.asked) == {"bob"}


async def test_who_left_the_group_between_click_and_run_is_told_of_and_nothing_runs(office: Office) -> None:
    incident = await approved(office, "bob")
    office.directory.usergroups = {}

    one = await carried_on(office, incident)

    status, reason, why = refusal_of(one)
    assert (status, reason) == (ApprovalStatus.REFUSED, Reason.VOTER_CHANGED)
    assert why == (
        "bob said yes and is not in sre any more (rule 'mend'); run the check again for a fresh offer"
    )
    assert not office.shell.ran


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.MEMBER])
async def test_who_is_no_full_member_any_more_does_not_count(office: Office, standing: Standing) -> None:
    incident = await approved(office, "ann")
    office.directory.standings["ann"] = standing

    one = await carried_on(office, incident)

    assert refusal_of(one)[:2] == (ApprovalStatus.REFUSED, Reason.VOTER_CHANGED)
    assert not office.shell.ran


async def test_it_is_asked_again_after_the_claim(office: Office) -> None:
    incident = await approved(office, "bob")
    office.directory = LeavesLater(BY_USERGROUP)
    office.directory.usergroups = {"bob": SRE}

    one = await carried_on(office, incident)

    assert [entry for entry in await office.ledger.entries(incident) if _is_claim(entry)]
    assert refusal_of(one)[:2] == (ApprovalStatus.REFUSED, Reason.VOTER_CHANGED)
    assert not office.shell.ran


def _is_claim(entry: Entry) -> bool:
    return isinstance(entry.event, Claimed)


async def test_of_two_voters_both_are_looked_up_and_one_is_enough_to_end_it(office: Office) -> None:
    office.policy = replace(BY_USERGROUP, rules=(replace(POLICY.rules[0], quorum=2),), digest="p3")
    incident = await approved(office, "ann", "cyn")
    office.directory.usergroups = {}

    one = await carried_on(office, incident)

    assert set(office.directory.asked) == {"ann", "cyn"}
    assert refusal_of(one)[1] is Reason.VOTER_CHANGED


async def test_a_yes_of_a_moment_ago_counts_when_nobody_can_be_asked(office: Office) -> None:
    incident = await approved(office, "bob")
    office.directory.standings["bob"] = None

    one = await carried_on(office, incident)

    assert one.status is ApprovalStatus.DONE


async def test_what_was_known_too_long_ago_does_not_count(office: Office) -> None:
    office.policy = replace(BY_USERGROUP, identity_max_age_s=0.0, digest="p3")
    incident = await approved(office, "bob")
    office.directory.standings["bob"] = None

    one = await carried_on(office, incident)

    status, reason, why = refusal_of(one)
    assert (status, reason) == (ApprovalStatus.REFUSED, Reason.IDENTITY_OLD)
    assert "who bob is was read at" in why and "run the check again" in why
    assert not office.shell.ran


async def test_an_account_that_became_somebody_elses_does_not_count(office: Office) -> None:
    incident = await approved(office, "bob")
    worker = office.worker()
    office.directory.policy = replace(BY_USERGROUP, people={})

    await worker.carry_on(incident)

    one = (await office.state(incident)).approvals[0]
    assert refusal_of(one)[1] is Reason.IDENTITY_OLD
    assert not office.shell.ran
