"""The policy over a real ledger: budgets, freezes, lone on-call and break-glass, from card to outcome."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.audit import Kind, Result, verify_ledger
from bot.errors import NotAllowed, Stale
from bot.model.approval import ApprovalStatus
from bot.model.event import (
    ActionEnded,
    Claimed,
    Entry,
    IncidentOpened,
    Intended,
    Noted,
    Outcome,
    Proposed,
    Refused,
    Shown,
    Voted,
)
from bot.model.person import THE_BOT, Standing
from bot.model.ruling import Lift, Reason, Way
from bot.policy import BreakGlass, Freeze, Limit, Lone, Policy
from tests.support.office import POLICY, Office, office_in
from tests.support.replay import ReplayShell

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
GLASS = BreakGlass(groups=("sre",), words=20, alert="C0SECURITY")
WHY = "checkout is down, bob does not answer"


def rules_with(**changed: object) -> Policy:
    return replace(POLICY, rules=(replace(POLICY.rules[0], **changed),))


LONE = rules_with(lone=Lone(groups=("sre",), after_s=0.0))
FROZEN = replace(POLICY, freezes=(Freeze(name="sale", dates=ALWAYS),))
BROKEN = replace(POLICY, break_glass=GLASS)


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch) as office:
        yield office


async def card_of(office: Office, incident: str, *, is_shown: bool = False) -> str:
    """The open card; on demand as if it stood in a channel."""
    approval = (await office.state(incident)).approvals[-1].id
    if is_shown:
        shown = Shown(key=f"card:{approval}", channel="C1", ts="1.1", digest="d", is_public=True)
        await office.ledger.append(incident, [shown])
    return approval


async def vote(office: Office, login: str, approval: str, *, is_yes: bool = True, glass: str = "") -> None:
    await office.desk().vote(office.actor(login), approval, is_yes=is_yes, break_glass=glass)


async def refused(office: Office, login: str, approval: str, *, glass: str = "") -> Refused:
    """The refusal that this vote gets, as it stands in the ledger."""
    incident = await office.ledger.incident_of(approval) or ""
    with pytest.raises(NotAllowed) as caught:
        await vote(office, login, approval, glass=glass)
    last = (await office.state(incident)).refusals[-1].event
    assert last.why == str(caught.value)[:500]
    return last


def reason_of(event: Refused) -> Reason | None:
    return event.ruling.reason if event.ruling else None


async def events_of(office: Office, incident: str, kind: type) -> list[Entry]:
    return [entry for entry in await office.ledger.entries(incident) if isinstance(entry.event, kind)]


async def audit_is_whole(office: Office) -> bool:
    return (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]


# --- every step is decided and kept ---------------------------------------------------------------


async def test_card_vote_claim_and_intent_each_keep_their_decision(office: Office) -> None:
    incident = await office.ask()
    await vote(office, "ann", await card_of(office, incident))
    await office.worker().carry_on(incident)

    for kind in (Proposed, Voted, Claimed, Intended):
        (entry,) = await events_of(office, incident, kind)
        ruling = entry.event.ruling  # type: ignore[union-attr]
        assert ruling and ruling.is_allowed and ruling.rule == "mend", kind
        assert abs(entry.at - ruling.question.at) < timedelta(seconds=5), kind
    assert await audit_is_whole(office)


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(replace(POLICY, digest="p2"), id="another file"),
        pytest.param(rules_with(name="another"), id="another rule for the host"),
    ],
)
async def test_under_another_policy_nobody_approves_an_old_card_and_anybody_may_end_it(
    office: Office, policy: Policy
) -> None:
    incident = await office.ask()
    approval = await card_of(office, incident)
    office.policy = policy

    with pytest.raises(Stale, match="changed since this was offered"):
        await vote(office, "bob", approval)
    await vote(office, "bob", approval, is_yes=False)

    assert (await office.state(incident)).approvals[0].status is ApprovalStatus.REJECTED
    assert await audit_is_whole(office)


async def test_a_vote_under_one_rule_does_not_run_under_another(office: Office) -> None:
    incident = await office.ask()
    approval = await card_of(office, incident)
    await vote(office, "bob", approval)
    office.policy = rules_with(name="another")

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.CHANGED
    assert not office.shell.ran


# --- lone on-call ---------------------------------------------------------------------------------


async def test_a_lone_on_call_approves_their_own_request_once_the_card_stood(office: Office) -> None:
    office.policy = LONE
    incident = await office.ask("ann")
    approval = await card_of(office, incident, is_shown=True)

    await vote(office, "ann", approval)
    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.DONE and one.way is Way.LONE
    assert len(office.shell.ran) == 1
    assert await audit_is_whole(office)


async def test_before_the_delay_a_lone_on_call_is_told_from_when(office: Office) -> None:
    office.policy = rules_with(lone=Lone(groups=("sre",), after_s=180.0))
    incident = await office.ask("ann")
    approval = await card_of(office, incident, is_shown=True)

    event = await refused(office, "ann", approval)

    assert reason_of(event) is Reason.TOO_EARLY
    assert "alone from" in event.why and "bob, cyn" in event.why
    assert not office.shell.ran


async def test_a_card_that_nobody_can_see_lets_nobody_be_alone(office: Office) -> None:
    office.policy = LONE
    incident = await office.ask("ann")

    event = await refused(office, "ann", await card_of(office, incident))

    assert reason_of(event) is Reason.TOO_EARLY
    assert "not known to stand in a public channel" in event.why


async def test_anybody_may_veto_a_lone_on_call(office: Office) -> None:
    office.policy = LONE
    incident = await office.ask("ann")
    approval = await card_of(office, incident, is_shown=True)
    await vote(office, "dan", approval, is_yes=False)

    with pytest.raises(Stale, match="rejected already"):
        await vote(office, "ann", approval)
    await office.worker().carry_on(incident)

    assert not office.shell.ran


async def test_who_is_not_on_call_stays_the_requester(office: Office) -> None:
    office.policy = LONE
    incident = await office.ask("dan")

    event = await refused(office, "dan", await card_of(office, incident, is_shown=True))

    assert reason_of(event) is Reason.REQUESTER
    assert "alone from" not in event.why


# --- break-glass ----------------------------------------------------------------------------------


async def test_break_glass_runs_alone_and_leaves_a_review(office: Office) -> None:
    office.policy = replace(BROKEN, rules=(replace(POLICY.rules[0], quorum=2),))
    incident = await office.ask("ann")
    approval = await card_of(office, incident)

    await vote(office, "ann", approval, glass=WHY)
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    one = state.approval(approval)
    assert one and one.status is ApprovalStatus.DONE and one.way is Way.BREAK_GLASS
    (broken,) = state.broken_glass
    assert (broken.event.reason, broken.event.alert) == (WHY, "C0SECURITY")
    assert state.review_by and state.review_by - broken.at > timedelta(hours=23)
    assert "to be reviewed by" in (await office.desk().status())[0].says
    assert await audit_is_whole(office)


@pytest.mark.parametrize(
    ("policy", "login", "glass", "reason"),
    [
        pytest.param(POLICY, "bob", WHY, Reason.NOT_IN_GROUP, id="no break-glass in the policy"),
        pytest.param(BROKEN, "dan", WHY, Reason.NOT_IN_GROUP, id="not in its group"),
        pytest.param(BROKEN, "bob", "because  " + " " * 30, Reason.JUSTIFICATION, id="no justification"),
        pytest.param(
            replace(BROKEN, break_glass=replace(GLASS, lifts=frozenset({Lift.FREEZE}))),
            "ann",
            WHY,
            Reason.REQUESTER,
            id="the requester is not lifted",
        ),
    ],
)
async def test_break_glass_is_refused(
    office: Office, policy: Policy, login: str, glass: str, reason: Reason
) -> None:
    office.policy = policy
    incident = await office.ask("ann")
    approval = await card_of(office, incident)

    event = await refused(office, login, approval, glass=glass)
    await office.worker().carry_on(incident)

    assert reason_of(event) is reason
    assert not office.shell.ran


async def test_a_guest_breaks_no_glass(office: Office) -> None:
    office.policy = BROKEN
    incident = await office.ask("ann")

    with pytest.raises(NotAllowed, match="guests"):
        await office.desk().vote(
            office.actor("bob", Standing.GUEST), await card_of(office, incident), is_yes=True, break_glass=WHY
        )


async def test_break_glass_lifts_neither_the_precheck_nor_a_changed_host(office: Office) -> None:
    office.policy = BROKEN
    incident = await office.ask("ann")
    approval = await card_of(office, incident)
    await vote(office, "ann", approval, glass=WHY)
    office.shell = ReplayShell("healthy")

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.CHANGED
    assert not office.shell.ran


async def test_what_is_to_be_reviewed_is_listed_first_however_old(office: Office) -> None:
    office.policy = BROKEN
    incident = await office.ask("ann")
    await vote(office, "ann", await card_of(office, incident), glass=WHY)
    later = await office.ask("ann")
    desk = office.desk()

    before = [one.incident for one in await desk.status(limit=1)]
    await desk.note(office.actor("bob"), incident, "review: it was right")

    assert before == [incident, later]
    assert [one.incident for one in await desk.status(limit=1)] == [incident]
    await desk.note(office.actor("bob"), later, "all quiet here")
    assert [one.incident for one in await desk.status(limit=1)] == [later]


async def test_somebody_else_reviews_it(office: Office) -> None:
    office.policy = BROKEN
    incident = await office.ask("ann")
    await vote(office, "ann", await card_of(office, incident), glass=WHY)

    with pytest.raises(NotAllowed, match=f"somebody else must review it: /502 note {incident} review: "):
        await office.desk().note(office.actor("ann"), incident, "review: all fine")
    await office.desk().note(office.actor("dan"), incident, "we should review: the runbook")
    assert (await office.state(incident)).review_by is not None
    await office.desk().note(office.actor("bob"), incident, "Review: it was right; page two people at night")

    state = await office.state(incident)
    assert state.review_by is None
    assert [entry.event.is_review for entry in await events_of(office, incident, Noted)] == [False, True]  # type: ignore[union-attr]


# --- freezes --------------------------------------------------------------------------------------


async def test_in_a_freeze_nothing_is_offered_and_the_end_is_named(office: Office) -> None:
    office.policy = FROZEN

    incident = await office.ask()

    state = await office.state(incident)
    assert state.approvals == ()
    assert state.run and state.run.ended
    assert "frozen by 'sale' until 2200-01-01" in state.run.ended.not_offered["rollback_release"]


async def test_in_a_freeze_only_break_glass_gets_through(office: Office) -> None:
    office.policy = replace(FROZEN, break_glass=GLASS)
    incident = await office.ask()
    approval = await card_of(office, incident)
    assert "sale" in (await office.state(incident)).approvals[0].proposed.frozen

    event = await refused(office, "bob", approval)
    assert reason_of(event) is Reason.FROZEN and "may break the glass" in event.why
    await vote(office, "bob", approval, glass=WHY)
    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1
    assert await audit_is_whole(office)


async def test_a_freeze_that_began_after_the_vote_stops_it(office: Office) -> None:
    incident = await office.ask()
    approval = await card_of(office, incident)
    await vote(office, "bob", approval)
    # The same file, read a moment later.
    office.policy = FROZEN

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.REFUSED and one.closed
    assert "frozen by 'sale'" in one.closed.why
    assert not office.shell.ran


# --- how often ------------------------------------------------------------------------------------


async def did(office: Office, name: str, host: str, *, outcome: Outcome | None = Outcome.DONE) -> None:
    """An action of another incident, from card to outcome (None: it is still under way)."""
    source = await office.ask()
    offer = (await office.state(source)).approvals[-1].proposed
    card = replace(offer, approval=f"id-{name}", host=host)
    opened = IncidentOpened(runbook="502", host=host, by=THE_BOT, person="dan")
    vote = Voted(approval=card.approval, by=THE_BOT, person="bob", is_yes=True, digest=card.digest)
    claim = Claimed(approval=card.approval, nonce="n", worker="w")
    intent = Intended(
        approval=card.approval,
        nonce="n",
        host=host,
        target=card.target,
        commands=card.commands,
        digest=card.digest,
        host_key="k",
    )
    ended = ActionEnded(
        approval=card.approval, nonce="n", outcome=outcome or Outcome.DONE, exit_status=0, says=""
    )
    events = [opened, card, vote, claim, intent, *([ended] if outcome else [])]
    await office.ledger.append(f"inc-{name}", events, after_seq=0)


async def test_the_budget_of_a_host_and_unit_is_counted_over_all_incidents(office: Office) -> None:
    office.policy = rules_with(budget=Limit(count=2, per_s=3600))
    incident = await office.ask()
    await did(office, "one", "web-01")
    await did(office, "elsewhere", "web-02")
    approval = await card_of(office, incident)
    await vote(office, "bob", approval)
    await did(office, "two", "web-01")

    await office.worker().carry_on(incident)
    again = await office.ask()

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.REFUSED and one.closed
    assert "2 on myapp.service of web-01 in 1 h, at most 2" in one.closed.why
    run = (await office.state(again)).run
    assert run and run.ended and "at most 2" in run.ended.not_offered["rollback_release"]
    assert not office.shell.ran


async def test_what_provably_did_not_run_costs_no_budget(office: Office) -> None:
    office.policy = rules_with(budget=Limit(count=1, per_s=3600))
    await did(office, "one", "web-01", outcome=Outcome.NOT_RUN)
    incident = await office.ask()
    await vote(office, "bob", await card_of(office, incident))

    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1


async def test_a_rate_counts_the_rule_on_all_hosts(office: Office) -> None:
    office.policy = rules_with(rate=Limit(count=1, per_s=3600))
    incident = await office.ask()
    await did(office, "one", "web-02")

    event = await refused(office, "bob", await card_of(office, incident))

    assert reason_of(event) is Reason.RATE


async def test_after_a_failure_elsewhere_it_goes_no_further(office: Office) -> None:
    office.policy = rules_with(pause_after_failure_s=600.0)
    incident = await office.ask()
    approval = await card_of(office, incident)
    await vote(office, "bob", approval)
    await did(office, "one", "web-02", outcome=Outcome.FAILED)

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.REFUSED and one.closed
    assert "went wrong on another host" in one.closed.why
    assert not office.shell.ran


async def test_more_hosts_than_at_once_wait_for_their_turn(office: Office) -> None:
    office.policy = rules_with(at_once=1)
    incident = await office.ask()
    await vote(office, "bob", await card_of(office, incident))
    await did(office, "one", "web-02", outcome=None)

    waiting = asyncio.create_task(office.worker().carry_on(incident))
    await office.chat.after(20)
    assert not office.shell.ran
    ended = ActionEnded(approval="id-one", nonce="n", outcome=Outcome.DONE, exit_status=0, says="")
    await office.ledger.append("inc-one", [ended])
    await waiting

    assert len(office.shell.ran) == 1


# --- who ------------------------------------------------------------------------------------------


async def test_a_refused_person_hears_the_rule_who_may_now_and_how_to_ask(office: Office) -> None:
    incident = await office.ask("ann")
    approval = await card_of(office, incident)

    why = (await refused(office, "ann", approval)).why

    assert "rule 'mend'" in why
    assert "sre (bob, cyn)" in why
    assert f"runbook-bot approve {approval}" in why


async def test_whoever_may_not_ask_is_refused_a_note_in_the_ledger(office: Office) -> None:
    incident = await office.ask()

    with pytest.raises(NotAllowed, match="guests"):
        await office.desk().note(office.actor("bob", Standing.GUEST), incident, "hello")

    assert [one.event.wanted for one in (await office.state(incident)).refusals] == ["a note"]


async def test_sixteen_clicks_of_one_person_are_one_vote_of_two(office: Office) -> None:
    office.policy = rules_with(quorum=2)
    incident = await office.ask()
    approval = await card_of(office, incident)

    await asyncio.gather(*(vote(office, "bob", approval) for _ in range(16)), return_exceptions=True)
    await office.worker().carry_on(incident)

    assert len(await events_of(office, incident, Voted)) == 1
    assert not office.shell.ran


async def test_forty_clicks_of_two_people_and_three_workers_run_it_once(office: Office) -> None:
    office.policy = rules_with(quorum=2)
    incident = await office.ask()
    approval = await card_of(office, incident)
    clicks = (vote(office, login, approval) for login in ("bob", "cyn") * 20)

    answers = await asyncio.gather(*clicks, return_exceptions=True)
    await asyncio.gather(*(office.worker().carry_on(incident) for _ in range(3)))

    assert answers.count(None) == 2
    assert {type(one) for one in answers if one is not None} == {Stale}
    votes = await events_of(office, incident, Voted)
    assert sorted(entry.event.person for entry in votes) == ["bob", "cyn"]  # type: ignore[union-attr]
    assert len(await events_of(office, incident, Intended)) == len(office.shell.ran) == 1


async def test_a_yes_of_the_requester_that_reached_the_ledger_counts_for_nothing(office: Office) -> None:
    incident = await office.ask("ann")
    offer = (await office.state(incident)).approvals[0].proposed
    forged = Voted(approval=offer.approval, by=THE_BOT, person="ann", is_yes=True, digest=offer.digest)
    await office.ledger.append(incident, [forged])

    await office.worker().carry_on(incident)

    assert (await office.state(incident)).approvals[0].status is ApprovalStatus.OPEN
    assert not office.shell.ran


async def test_a_forged_lone_vote_is_asked_again_before_it_runs(office: Office) -> None:
    incident = await office.ask("ann")
    offer = (await office.state(incident)).approvals[0].proposed
    forged = Voted(
        approval=offer.approval,
        by=THE_BOT,
        person="ann",
        is_yes=True,
        digest=offer.digest,
        way=Way.LONE,
        is_enough=True,
    )
    await office.ledger.append(incident, [forged])

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approvals[0]
    assert one.status is ApprovalStatus.REFUSED and one.closed and one.closed.ruling
    assert one.closed.ruling.reason is Reason.QUORUM
    assert not office.shell.ran


async def test_audit_verify_names_a_vote_whose_decision_does_not_follow(office: Office) -> None:
    incident = await office.ask("ann")
    approval = await card_of(office, incident)
    no = (await refused(office, "dan", approval)).ruling
    offer = (await office.state(incident)).approvals[0].proposed
    assert no is not None
    yes = replace(no, is_allowed=True, reason=Reason.ALLOWED)
    forged = Voted(approval=approval, by=THE_BOT, person="dan", is_yes=True, digest=offer.digest, ruling=yes)
    (entry,) = await office.ledger.append(incident, [forged])

    report = await verify_ledger(office.ledger)  # type: ignore[arg-type]

    assert [(one.kind, one.seq) for one in report.troubles] == [(Kind.DECISION, entry.seq)]
    assert "asked again the policy says 'not in group'" in report.troubles[0].says
