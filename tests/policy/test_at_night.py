"""The whole bot at 03:00: whoever is alone gets through by the ways the policy gives, in plain sight.

A person's own part is counted: every word they type and every button they press is one step.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Result, verify_ledger
from bot.model.approval import ApprovalStatus
from bot.model.ruling import Way
from bot.store.sqlite import SqliteDatabase
from bot.store.statements import Head
from tests.support.people import APPROVER, CHANNEL, REQUESTER, button, has_button, words_of
from tests.support.team import Team, team

#: What a step may cost a tired person, reading included.
STEP_S = 10
#: No machine stands still for so long that the first click comes after it.
LONE_S = 300


def alone(policy: dict[str, Any]) -> None:
    policy["groups"]["oncall"] = {"people": ["requester"]}
    for rule in policy["rules"]:
        rule["lone"] = {"from": ["oncall"], "after": f"{LONE_S}s"}
    policy["break_glass"] = {"from": ["oncall"], "alert": CHANNEL}


class Ahead:
    """The ledger's clock, which a test sets forward for everybody who asks it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.by = timedelta()
        clock, lock = SqliteDatabase.clock, SqliteDatabase.lock

        async def clock_ahead(database: SqliteDatabase, connection: AsyncConnection) -> datetime:
            return await clock(database, connection) + self.by

        async def lock_ahead(database: SqliteDatabase, connection: AsyncConnection, chain: str) -> Head:
            head = await lock(database, connection, chain)
            return replace(head, at=head.at + self.by)

        patch.setattr(SqliteDatabase, "clock", clock_ahead)
        patch.setattr(SqliteDatabase, "lock", lock_ahead)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    return Ahead(monkeypatch)


@pytest.fixture
async def bot(tmp_path: Path, ahead: Ahead) -> AsyncIterator[Team]:
    async with team(tmp_path, alone) as running:
        yield running


async def may_be_alone(bot: Team) -> bool:
    """Whether the time that the card names has come, by the ledger's clock."""
    state = await bot.state()
    since = state.public_since.get(f"card:{state.approvals[0].id}")
    return since is not None and await bot.bot.app.ledger.now() - since > timedelta(seconds=LONE_S)


async def pass_the_delay(bot: Team, ahead: Ahead) -> None:
    ahead.by += timedelta(seconds=LONE_S)
    await bot.until(lambda: may_be_alone(bot))


async def test_a_lone_on_call_is_told_from_when_and_then_gets_through(bot: Team, ahead: Ahead) -> None:
    card = await bot.card()
    assert "whoever asked may approve alone" in words_of(card)

    await bot.people.click(card, "approve", user=REQUESTER)
    told = await bot.until_said("alone from")
    assert "(rule '" in told["text"] and "Ask one of them to press Approve" in told["text"]
    assert bot.ran == 0
    await pass_the_delay(bot, ahead)
    await bot.people.click(card, "approve", user=REQUESTER)
    await bot.until_said("Checked again: healthy")

    state = await bot.state()
    assert state.approvals[0].way is Way.LONE
    assert bot.ran == 1
    assert "Approved alone (lone on-call" in words_of(await bot.until_said("lone on-call"))
    assert (await verify_ledger(bot.bot.app.ledger)).result is Result.OK


async def test_alone_it_takes_a_command_and_two_clicks_under_a_minute_of_ones_own(
    bot: Team, ahead: Ahead
) -> None:
    steps = 1
    card = await bot.card()
    _, approve = button(card, "approve")
    assert {"confirm"} <= approve.keys()  # Approve, then Approve and run: two presses
    await pass_the_delay(bot, ahead)  # waiting, with the card's own time to wait for, is no work
    steps += 2
    await bot.people.click(card, "approve", user=REQUESTER)
    await bot.until_said("Checked again: healthy")

    assert bot.ran == 1
    assert steps * STEP_S < 60


async def test_a_no_of_anybody_ends_it_for_the_lone_on_call(bot: Team) -> None:
    card = await bot.card()

    await bot.people.click(card, "reject", user=APPROVER)
    await bot.until_said("Rejected by")
    assert not has_button(await bot.until_said("Rejected ·"), "approve")

    assert bot.ran == 0


async def test_the_glass_is_broken_by_a_form_and_everybody_sees_it(bot: Team) -> None:
    card = await bot.card()

    await bot.people.click(card, "glass", user=REQUESTER)

    async def forms() -> list[dict[str, Any]]:
        return list((await bot.people.workspace(REQUESTER))["views"])

    views = await bot.until(forms)
    values = {"why": {"text": "checkout is down and nobody answers the page"}}
    await bot.act("view/submit", user=REQUESTER, view_id=views[-1]["id"], values=values)
    await bot.until_said("Checked again: healthy")
    alert = await bot.until_said("broke the glass for", user=APPROVER)

    assert "nobody answers the page" in words_of(alert)
    state = await bot.state()
    assert state.approvals[0].way is Way.BREAK_GLASS
    assert state.review_by is not None
    wanted = {f"alert:{state.approvals[0].id}", f"alarm:{state.approvals[0].id}"}

    async def stand() -> bool:
        return wanted <= set((await bot.state()).shown)

    async def is_reviewed() -> bool:
        return (await bot.state()).review_by is None

    assert await bot.until(stand)
    await bot.people.say("<@U0BOT> note review: it was right", user=APPROVER, thread=state.shown["root"].ts)
    assert await bot.until(is_reviewed)
    assert bot.ran == 1
    assert (await verify_ledger(bot.bot.app.ledger)).result is Result.OK


# --- a wrong click harms nothing -------------------------------------------------------------------


async def test_a_double_click_runs_once_and_the_second_is_told(bot: Team) -> None:
    card = await bot.card()
    approval = (await bot.state()).approvals[0].id

    await asyncio.gather(*(bot.send_click(card, "approve", approval, user=APPROVER) for _ in range(2)))
    await bot.until_said("Checked again: healthy")

    assert bot.ran == 1
    told = await bot.until_seen(lambda one: one["ephemeral_to"] == APPROVER, user=APPROVER)
    assert "already" in told["text"]


async def test_a_card_that_a_newer_look_replaced_does_nothing_and_points_on(bot: Team) -> None:
    old = await bot.card()
    approval = (await bot.state()).approvals[0].id
    verdict = await bot.until_written(await bot.until_seen(lambda one: has_button(one, "again")))
    await bot.people.click(verdict, "again", user=APPROVER)
    await bot.until_said("No longer offered")

    await bot.send_click(old, "approve", approval, user=APPROVER)

    told = await bot.until_said("use the newest card", user=APPROVER)
    assert "took its place" in told["text"]
    state = await bot.state()
    assert state.approval(approval).status is ApprovalStatus.SUPERSEDED  # type: ignore[union-attr]
    assert bot.ran == 0


async def test_back_in_the_dialog_and_cancel_in_the_form_do_nothing(bot: Team) -> None:
    card = await bot.card()
    _, approve = button(card, "approve")
    assert approve["confirm"]["deny"]["text"] == "Back"

    await bot.people.click(card, "no_because", user=APPROVER)

    async def forms() -> list[dict[str, Any]]:
        return list((await bot.people.workspace(APPROVER))["views"])

    view = (await bot.until(forms))[-1]
    assert view["close"]["text"] == "Cancel"
    await bot.act("view/close", user=APPROVER, view_id=view["id"])

    assert (await bot.state()).approvals[0].status is ApprovalStatus.OPEN
    assert has_button(await bot.until_said("Approval needed"), "approve")
    assert bot.ran == 0


def with_a_login(policy: dict[str, Any]) -> None:
    policy["people"]["approver"]["login"] = ["mei"]


async def test_who_may_not_hears_the_rule_who_may_and_how_to_ask(tmp_path: Path) -> None:
    async with team(tmp_path, with_a_login) as bot:
        card = await bot.card()
        approval = (await bot.state()).approvals[0].id

        await bot.people.click(card, "approve", user=REQUESTER)

        told = await bot.until_said("somebody else must approve it")
        assert "(rule '" in told["text"]
        assert "may be approved now by sre (approver" in told["text"]
        assert f"or to type: runbook-bot approve {approval}" in told["text"]
        assert bot.ran == 0
