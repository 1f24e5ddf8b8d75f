"""Who had a colleague's incident looked at again asked for what is offered then, and cannot approve it."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Kind, Result, verify_export, verify_ledger
from bot.audit.decisions import replayed
from bot.errors import NotAllowed, Stale
from bot.model.approval import Approval, ApprovalStatus
from bot.model.event import Entry, Event, Noted, Proposed, Refused, RunFailed, Shown, Voted
from bot.model.incident import fold
from bot.model.person import THE_BOT
from bot.model.ruling import Reason, Way
from bot.policy import BreakGlass, Lone
from bot.progress import INTERRUPTED
from bot.store.codec import decode
from bot.story import export, story_of
from tests.support.incidents import (
    MEI,
    action_ended,
    broken,
    chained,
    claimed,
    intended,
    opened,
    proposed,
    ran,
    voted,
)
from tests.support.office import POLICY, Office, office_in
from tests.support.people import APPROVER, REQUESTER, has_button, words_of
from tests.support.records import recorded
from tests.support.team import Team, team

GLASS = BreakGlass(groups=("sre",), words=20)
WHY = "checkout is down, ann does not answer"


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch) as office:
        yield office


async def asked_again(office: Office, incident: str, *logins: str) -> Approval:
    """The card after each of them asked for another look, one after the other."""
    for login in logins:
        await office.desk().again(office.actor(login), incident)
        await office.worker().carry_on(incident)
    return (await office.state(incident)).approvals[-1]


async def approve(office: Office, login: str, card: Approval, *, glass: str = "") -> None:
    await office.desk().vote(office.actor(login), card.id, is_yes=True, break_glass=glass)


async def reason_of_no(office: Office, login: str, card: Approval, *, glass: str = "") -> Reason | None:
    """Why this yes is refused, as the ledger keeps it."""
    with pytest.raises(NotAllowed):
        await approve(office, login, card, glass=glass)
    incident = await office.ledger.incident_of(card.id) or ""
    last = (await office.state(incident)).refusals[-1].event
    return last.ruling.reason if last.ruling else None


async def is_whole(office: Office) -> bool:
    return (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]


# --- through the ledger ---------------------------------------------------------------------------


async def test_who_asked_again_cannot_approve_and_who_opened_it_can(office: Office) -> None:
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")

    with pytest.raises(NotAllowed, match=r"your request, not ann's.*somebody else must approve it"):
        await approve(office, "bob", card)
    await office.worker().carry_on(incident)
    assert not office.shell.ran
    await approve(office, "ann", card)
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    assert [one.requester for one in state.approvals] == ["ann", "bob"]
    assert state.approvals[-1].status is ApprovalStatus.DONE
    assert len(office.shell.ran) == 1
    assert await is_whole(office)


async def test_of_two_who_asked_again_the_last_one_asked(office: Office) -> None:
    incident = await office.ask("dan")
    card = await asked_again(office, incident, "bob", "cyn")

    assert await reason_of_no(office, "cyn", card) is Reason.REQUESTER
    await approve(office, "bob", card)
    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1
    assert await is_whole(office)


async def test_two_who_ask_again_at_once_share_the_look_of_the_last_one(office: Office) -> None:
    incident = await office.ask("dan")
    for login in ("bob", "cyn"):  # the second one's desk read the ledger before the first one's note
        note = Noted(by=office.actor(login).account, person=login, text="again", wants_look=True)
        await office.ledger.append(incident, [note])
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    assert [one.requester for one in state.runs] == ["dan", "cyn"]
    assert await reason_of_no(office, "cyn", state.approvals[-1]) is Reason.REQUESTER


async def test_asking_again_takes_the_open_card_away_and_with_it_ones_own_yes(office: Office) -> None:
    incident = await office.ask("ann")
    old = (await office.state(incident)).approvals[-1]
    card = await asked_again(office, incident, "bob")

    with pytest.raises(Stale, match="took its place"):
        await approve(office, "bob", old)
    assert await reason_of_no(office, "bob", card) is Reason.REQUESTER


async def test_whoever_opened_it_may_ask_again_and_have_it_approved_as_before(office: Office) -> None:
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob", "ann")

    assert await reason_of_no(office, "ann", card) is Reason.REQUESTER
    await approve(office, "bob", card)
    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1


async def test_a_look_that_the_bot_makes_by_itself_is_still_theirs(office: Office) -> None:
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")
    await approve(office, "ann", card)
    await office.worker().carry_on(incident)

    runs = (await office.state(incident)).runs
    assert [one.requester for one in runs] == ["ann", "bob", "bob", "bob"]  # again, precheck, recheck


async def test_a_look_that_was_cut_off_is_made_once_more_for_who_asked_for_it(office: Office) -> None:
    incident = await office.ask("ann")
    note = Noted(by=office.actor("bob").account, person="bob", text="again", wants_look=True)
    begun, _, _ = ran(2, broken(), reason="again")
    await office.ledger.append(incident, [note, begun, RunFailed(run=2, why=INTERRUPTED)])

    await office.worker().carry_on(incident)

    card = (await office.state(incident)).approvals[-1]
    assert card.proposed.run == 3
    assert await reason_of_no(office, "bob", card) is Reason.REQUESTER


async def test_a_changed_host_is_looked_at_again_for_who_asked_before(office: Office) -> None:
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")
    await approve(office, "ann", card)
    office.host = replace(office.host, address="192.0.2.9")

    await office.worker().carry_on(incident)

    old, new = (await office.state(incident)).approvals[-2:]
    assert old.status is ApprovalStatus.CHANGED
    assert new.requester == "bob"


async def test_two_are_needed_beside_who_asked_again(office: Office) -> None:
    office.policy = replace(POLICY, rules=(replace(POLICY.rules[0], quorum=2),))
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")

    assert await reason_of_no(office, "bob", card) is Reason.REQUESTER
    await approve(office, "ann", card)
    await office.worker().carry_on(incident)
    assert not office.shell.ran
    await approve(office, "cyn", card)
    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1


async def test_alone_is_who_asked_again_and_nobody_else(office: Office) -> None:
    lone = Lone(groups=("sre",), after_s=0.0)
    office.policy = replace(POLICY, rules=(replace(POLICY.rules[0], quorum=2, lone=lone),))
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")
    assert await reason_of_no(office, "bob", card) is Reason.TOO_EARLY  # it stands nowhere yet
    shown = Shown(key=f"card:{card.id}", channel="C1", ts="1.1", digest="d", is_public=True)
    await office.ledger.append(incident, [shown])

    await approve(office, "ann", card)
    assert (await office.state(incident)).approvals[-1].votes_missing == 1
    await approve(office, "bob", card)

    one = (await office.state(incident)).approvals[-1]
    assert [(vote.event.person, vote.event.way) for vote in one.votes] == [
        ("ann", Way.RULE),
        ("bob", Way.LONE),
    ]


async def test_the_glass_is_not_lifted_for_who_asked_again_where_it_is_not_for_the_asker(
    office: Office,
) -> None:
    office.policy = replace(POLICY, break_glass=replace(GLASS, lifts=frozenset()))
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "bob")

    assert await reason_of_no(office, "bob", card, glass=WHY) is Reason.REQUESTER


async def test_who_asked_again_may_say_no(office: Office) -> None:
    incident = await office.ask("ann")
    card = await asked_again(office, incident, "dan")

    await office.desk().vote(office.actor("dan"), card.id, is_yes=False)

    assert (await office.state(incident)).approvals[-1].status is ApprovalStatus.REJECTED


async def test_a_yes_of_who_asked_again_that_reached_the_ledger_counts_for_nothing(office: Office) -> None:
    incident = await office.ask("ann")
    offer = (await asked_again(office, incident, "bob")).proposed
    forged = Voted(approval=offer.approval, by=THE_BOT, person="bob", is_yes=True, digest=offer.digest)
    await office.ledger.append(incident, [forged])

    await office.worker().carry_on(incident)

    assert (await office.state(incident)).approvals[-1].status is ApprovalStatus.OPEN
    assert not office.shell.ran


async def test_the_exports_say_who_asked_for_it(office: Office) -> None:
    incident = await office.ask("ann")
    await asked_again(office, incident, "bob")

    story = await story_of(office.ledger, incident)  # type: ignore[arg-type]
    content = export(story, "json")

    told = json.loads(content)
    assert [one["requester"] for one in told["approvals"]] == ["ann", "bob"]
    assert [one["requester"] for one in told["runs"]] == ["ann", "bob"]
    assert verify_export(content).result is Result.OK
    assert "asked by bob" in export(story, "md").decode()


# --- the audit ------------------------------------------------------------------------------------

ANOTHER_LOOK = Noted(by=MEI, person="mei", text="asked for another look", wants_look=True)
ASKED_AGAIN = (opened(), *ran(1, broken()), ANOTHER_LOOK, *ran(2, broken(), reason="again"))
ACTED = (voted("mei"), claimed(), intended(), action_ended())


async def test_the_audit_flags_a_ledger_where_who_asked_again_approved() -> None:
    offer = replace(proposed(), run=2, requester="mei")

    report = await verify_ledger(recorded(chained((*ASKED_AGAIN, offer, *ACTED))))

    assert report.result is Result.TAMPERED
    assert Kind.UNAPPROVED in {one.kind for one in report.troubles}


async def test_an_offer_from_before_this_was_kept_is_decoded_and_verified_as_it_was_meant() -> None:
    entries = chained((*ASKED_AGAIN, replace(proposed(), run=2), *ACTED))
    body = json.loads(next(one.body for one in entries if isinstance(one.event, Proposed)))
    del body["event"]["requester"]

    old = decode(json.dumps(body)).event

    assert isinstance(old, Proposed) and old.requester == ""
    assert fold(entries).approvals[0].requester == "olu"
    assert (await verify_ledger(recorded(entries))).result is Result.OK


def forged(entries: tuple[Entry, ...], **changed: Any) -> tuple[Entry, ...]:
    """The last offer with another asker, in it or in its decision."""
    at = max(index for index, entry in enumerate(entries) if isinstance(entry.event, Proposed))
    event: Event = replace(entries[at].event, **changed)
    return (*entries[:at], replace(entries[at], event=event), *entries[at + 1 :])


async def test_an_offer_that_names_another_asker_shows(office: Office) -> None:
    incident = await office.ask("ann")
    await asked_again(office, incident, "bob")
    entries = await office.ledger.entries(incident)
    offer = (await office.state(incident)).approvals[-1].proposed
    assert offer.ruling
    theirs = replace(offer.ruling, question=replace(offer.ruling.question, requester="ann"))

    assert replayed(entries) == ()
    assert "the asker is 'bob'" in replayed(forged(entries, ruling=theirs))[0].says
    assert "did not ask for this look" in replayed(forged(entries, requester="ann", ruling=theirs))[0].says


# --- through Slack --------------------------------------------------------------------------------


def both_may(policy: dict[str, Any]) -> None:
    policy["groups"] = {"sre": {"people": ["requester", "approver"]}}


async def test_run_again_and_approve_is_not_one_persons_way_in_slack(tmp_path: Path) -> None:
    async with team(tmp_path, both_may) as bot:
        await bot.card()
        verdict = await bot.until_written(await bot.until_seen(lambda one: has_button(one, "again")))
        await bot.people.click(verdict, "again", user=APPROVER)
        await bot.until_said("No longer offered")
        card = await bot.until_written(await bot.until_seen(lambda one: has_button(one, "approve")))
        assert "not from  approver , who asked for this look" in words_of(card)

        await bot.people.click(card, "approve", user=APPROVER)
        told = await bot.until_said("somebody else must approve it", user=APPROVER)
        assert "your request, not requester's" in told["text"]
        assert "may be approved now by sre (requester" in told["text"]
        assert await refusals(bot) == [("approver", Reason.REQUESTER)]
        assert bot.ran == 0
        await bot.people.click(card, "approve", user=REQUESTER)
        await bot.until_said("Checked again: healthy")

        assert bot.ran == 1
        assert (await verify_ledger(bot.bot.app.ledger)).result is Result.OK


async def test_nor_is_it_by_words_in_the_thread_of_an_old_incident(tmp_path: Path) -> None:
    async with team(tmp_path, both_may) as bot:
        old = await bot.card()
        await bot.people.click(old, "reject", user=REQUESTER)
        await bot.until_said("Rejected by")
        root = (await bot.state()).shown["root"].ts

        await bot.people.say("<@U0BOT> again", user=APPROVER, thread=root)
        card = await bot.until_written(await bot.until_seen(lambda one: has_button(one, "approve")))
        await bot.people.click(card, "approve", user=APPROVER)

        await bot.until_said("your request, not requester's", user=APPROVER)
        assert bot.ran == 0


async def refusals(bot: Team) -> list[tuple[str, Reason | None]]:
    told = [entry.event for entry in await bot.entries() if isinstance(entry.event, Refused)]
    return [(one.person, one.ruling.reason if one.ruling else None) for one in told]
