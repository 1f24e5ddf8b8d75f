"""The whole bot at 03:00: whoever is alone gets through by the ways the policy gives, in plain sight."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from bot import yamlfile
from bot.audit import Result, verify_ledger
from bot.demo import SampleHosts
from bot.model.incident import Incident
from bot.model.ruling import Way
from tests.support.people import APPROVER, CHANNEL, REQUESTER, has_button, words_of
from tests.support.served import Served, served


@pytest.fixture
async def hosts(tmp_path: Path) -> AsyncIterator[SampleHosts]:
    async with SampleHosts(tmp_path) as running:
        fleet: Any = yamlfile.read(running.fleet_path)
        policy = fleet["policy"]
        policy["groups"]["oncall"] = {"people": ["requester"]}
        for rule in policy["rules"]:
            rule["lone"] = {"from": ["oncall"], "after": "2s"}
        policy["break_glass"] = {"from": ["oncall"], "alert": CHANNEL}
        running.fleet_path.write_text(yaml.safe_dump(fleet))
        yield running


@pytest.fixture
async def bot(tmp_path: Path, hosts: SampleHosts) -> AsyncIterator[Served]:
    async with served(tmp_path, hosts.fleet_path) as running:
        yield running


async def card_of(bot: Served) -> dict[str, Any]:
    await bot.people.command("/502 web-01")
    found = await bot.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )
    return dict(found)


async def state_of(bot: Served) -> Incident:
    (incident,) = await bot.app.ledger.incidents()
    return await bot.app.desk.incident(incident)


Found = TypeVar("Found")


async def until(ask: Callable[[], Awaitable[Found]]) -> Found:
    """Ask until there is an answer; the test's own time limit ends it."""
    while True:
        found = await ask()
        if found:
            return found
        await asyncio.sleep(0.05)


async def until_said(bot: Served, words: str, *, user: str = REQUESTER) -> dict[str, Any]:
    found = await bot.people.until(
        lambda seen: next((one for one in seen if words in words_of(one) or words in one["text"]), None),
        user=user,
    )
    return dict(found)


async def views_of(bot: Served) -> list[dict[str, Any]]:
    return list((await bot.people.workspace(REQUESTER))["views"])


async def stands(bot: Served, keys: set[str]) -> bool:
    return keys <= set((await state_of(bot)).shown)


async def is_reviewed(bot: Served) -> bool:
    return (await state_of(bot)).review_by is None


async def test_a_lone_on_call_is_told_from_when_and_then_gets_through(
    bot: Served, hosts: SampleHosts
) -> None:
    card = await card_of(bot)
    assert "whoever asked may approve alone" in words_of(card)

    await bot.people.click(card, "approve", user=REQUESTER)
    await until_said(bot, "alone from")
    assert hosts.samples["web-01"].ran == 0
    while (await state_of(bot)).approvals[0].votes == ():
        # The delay is the database's time; clicking again is what a person does.
        await asyncio.sleep(0.3)
        await bot.people.click(card, "approve", user=REQUESTER)
    await until_said(bot, "Checked again: healthy")

    state = await state_of(bot)
    assert state.approvals[0].way is Way.LONE
    assert hosts.samples["web-01"].ran == 1
    assert "Approved alone (lone on-call" in words_of(await until_said(bot, "lone on-call"))
    assert (await verify_ledger(bot.app.ledger)).result is Result.OK


async def test_a_no_of_anybody_ends_it_for_the_lone_on_call(bot: Served, hosts: SampleHosts) -> None:
    card = await card_of(bot)

    await bot.people.click(card, "reject", user=APPROVER)
    await until_said(bot, "Rejected by")
    assert not has_button(await until_said(bot, "Rejected ·"), "approve")

    assert hosts.samples["web-01"].ran == 0


async def test_the_glass_is_broken_by_a_form_and_everybody_sees_it(bot: Served, hosts: SampleHosts) -> None:
    card = await card_of(bot)

    await bot.people.click(card, "glass", user=REQUESTER)
    views = await until(lambda: views_of(bot))
    values = {"why": {"text": "checkout is down and nobody answers the page"}}
    await bot.people._post("local/view/submit", user=REQUESTER, view_id=views[-1]["id"], values=values)
    await until_said(bot, "Checked again: healthy")
    alert = await until_said(bot, "broke the glass for", user=APPROVER)

    assert "nobody answers the page" in words_of(alert)
    state = await state_of(bot)
    assert state.approvals[0].way is Way.BREAK_GLASS
    assert state.review_by is not None
    wanted = {f"alert:{state.approvals[0].id}", f"alarm:{state.approvals[0].id}"}
    assert await until(lambda: stands(bot, wanted))
    await bot.people.say("<@U0BOT> note review: it was right", user=APPROVER, thread=state.shown["root"].ts)
    assert await until(lambda: is_reviewed(bot))
    assert hosts.samples["web-01"].ran == 1
    assert (await verify_ledger(bot.app.ledger)).result is Result.OK
