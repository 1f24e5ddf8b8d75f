"""Alone means in plain sight: only where a card stands in a public channel may whoever asked be alone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Result, verify_ledger
from bot.audit.decisions import replayed
from bot.devslack.seed import APP
from bot.devslack.world import Channel
from bot.errors import NotAllowed
from bot.model.approval import ApprovalStatus
from bot.model.event import ChannelChange, ChannelChanged, Entry, Refused, Shown
from bot.model.incident import fold
from bot.model.ruling import Reason, Way
from bot.policy import BreakGlass, Lone
from bot.slack.blocks import View, messages
from tests.support.incidents import broken, chained, opened, proposed, ran, shown
from tests.support.office import POLICY, Office, office_in
from tests.support.people import APPROVER, CHANNEL, REQUESTER, words_of
from tests.support.team import Team, team

LONE = replace(POLICY, rules=(replace(POLICY.rules[0], lone=Lone(groups=("sre",), after_s=0.0)),))
WHY = "checkout is down, nobody answers the page"
SECRET = "C0ALONE"


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch, policy=LONE) as office:
        yield office


async def card_shown(office: Office, *seen: bool | None) -> tuple[str, str]:
    """Incident and approval of a card of ann's that was shown so often, each time in public or not."""
    incident = await office.ask("ann")
    approval = (await office.state(incident)).approvals[-1].id
    for is_public in seen:
        where = Shown(key=f"card:{approval}", channel="C1", ts="1.1", digest="d", is_public=is_public)
        await office.ledger.append(incident, [where])
    return incident, approval


async def approve(office: Office, login: str, approval: str, *, glass: str = "") -> None:
    await office.desk().vote(office.actor(login), approval, is_yes=True, break_glass=glass)


async def is_refused(office: Office, incident: str, approval: str) -> str:
    """What ann hears who may not be alone."""
    with pytest.raises(NotAllowed) as caught:
        await approve(office, "ann", approval)
    await office.worker().carry_on(incident)
    last = (await office.state(incident)).refusals[-1].event
    assert last.ruling and last.ruling.reason is Reason.TOO_EARLY
    assert not office.shell.ran
    return str(caught.value)


# --- through the ledger ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param((), id="in no channel"),
        pytest.param((False,), id="in a private channel, or Slack did not say"),
        pytest.param((None,), id="as written down by a version that did not ask"),
        pytest.param((True, False), id="in a channel that became private"),
    ],
)
async def test_where_not_everybody_could_say_no_nobody_is_alone(
    office: Office, seen: tuple[bool | None, ...]
) -> None:
    incident, approval = await card_shown(office, *seen)

    says = await is_refused(office, incident, approval)

    assert "not known to stand in a public channel" in says and "ask in one" in says
    assert "may be approved now by sre (bob, cyn)" in says


async def test_a_channel_that_was_made_private_since_is_asked_about_at_the_vote(office: Office) -> None:
    incident, approval = await card_shown(office, True)
    office.directory.public.clear()

    assert "not known to stand in a public channel" in await is_refused(office, incident, approval)


async def test_a_channel_that_was_shared_or_moved_counts_no_more(office: Office) -> None:
    incident, approval = await card_shown(office, True)
    moved = ChannelChanged(channel="C1", change=ChannelChange.MOVED, now="C2")
    await office.ledger.append(incident, [moved])
    office.directory.public.add("C2")

    await is_refused(office, incident, approval)


async def test_in_a_private_channel_a_second_person_and_the_glass_still_help(office: Office) -> None:
    office.policy = replace(LONE, break_glass=BreakGlass(groups=("sre",), words=20))
    _, first = await card_shown(office, False)
    _, second = await card_shown(office, False)

    with pytest.raises(NotAllowed, match="may break the glass"):
        await approve(office, "ann", first)
    await approve(office, "bob", first)
    await approve(office, "ann", second, glass=WHY)

    ways = [(await office.ledger.incident_of(one)) or "" for one in (first, second)]
    assert [(await office.state(one)).approvals[0].way for one in ways] == [Way.RULE, Way.BREAK_GLASS]


def test_the_delay_counts_anew_when_the_card_is_public_again() -> None:
    events = [opened(), proposed(), *(shown("card:a1", is_public=one) for one in (True, False, True, True))]
    entries = chained(events)

    state = fold(entries)

    assert state.public_since["card:a1"] == entries[4].at
    assert state.shown_since["card:a1"] == entries[2].at
    assert fold(entries[:4]).public_since == {}


def test_a_card_sent_while_its_channel_moved_is_not_public() -> None:
    moved = ChannelChanged(channel="C1", change=ChannelChange.MOVED, now="C2")

    assert fold(chained((opened(), shown(), moved, shown("card:a1")))).public_since == {}


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        pytest.param((True, None), "whoever asked may approve alone", id="before it stands, in public"),
        pytest.param((False, None), "Nobody alone: this is no public channel", id="before it stands, not"),
        pytest.param((True, True), "whoever asked may approve alone", id="in public"),
        pytest.param((True, False), "Nobody alone: this is no public channel", id="not in public"),
    ],
)
def test_the_card_says_whether_one_may_be_alone_and_what_to_do(
    seen: tuple[bool, bool | None], says: str
) -> None:
    offer = replace(proposed(), lone="oncall (olu)", lone_after_s=180.0)
    root, card = seen
    stands = () if card is None else (shown("card:a1", is_public=card),)
    state = fold(chained((opened(), *ran(1, broken()), shown(is_public=root), offer, *stands)))

    (made,) = [one for one in messages(state, View(runbook=None)) if one.key == "card:a1"]

    said = words_of(list(made.blocks))  # type: ignore[union-attr]
    assert says in said
    assert ("not from  olu , who asked" in said) is ("Nobody alone" in says)


# --- the audit ------------------------------------------------------------------------------------


def told(entries: tuple[Entry, ...], is_public: bool | None) -> tuple[Entry, ...]:
    """The chain with another word on where its messages stood."""
    return tuple(
        replace(one, event=replace(one.event, is_public=is_public)) if isinstance(one.event, Shown) else one
        for one in entries
    )


async def test_the_audit_flags_one_who_was_alone_where_not_everybody_could_see_it(office: Office) -> None:
    incident, approval = await card_shown(office, True)
    await approve(office, "ann", approval)
    await office.worker().carry_on(incident)
    entries = await office.ledger.entries(incident)

    assert (await office.state(incident)).approvals[0].status is ApprovalStatus.DONE
    assert (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]
    assert replayed(entries) == ()
    assert replayed(told(entries, None)) == ()  # from before it was kept: any channel was enough
    private = replayed(told(entries, False))
    assert {one.says for one in private} == {"the card did not stand in a public channel since then"}


# --- through Slack --------------------------------------------------------------------------------


def alone(policy: dict[str, Any]) -> None:
    policy["groups"]["oncall"] = {"people": ["requester"]}
    for rule in policy["rules"]:
        rule["lone"] = {"from": ["oncall"], "after": "1s"}


async def is_past(bot: Team) -> bool:
    """Whether the delay is over, counted from when the card stands in whichever channel."""
    state = await bot.state()
    since = state.shown_since.get(f"card:{state.approvals[0].id}")
    return since is not None and await bot.bot.app.ledger.now() - since > timedelta(seconds=1)


async def refusals(bot: Team) -> list[Reason | None]:
    told = [entry.event for entry in await bot.entries() if isinstance(entry.event, Refused)]
    return [one.ruling.reason if one.ruling else None for one in told]


async def test_a_private_channel_with_only_the_bot_in_it_lets_nobody_be_alone(tmp_path: Path) -> None:
    async with team(tmp_path, alone) as bot:
        members = [REQUESTER, APP.id]
        secret = Channel(id=SECRET, name="just-me", members=members, is_private=True)
        bot.bot.slack.parts.world.channels[SECRET] = secret
        await bot.people.command("/502 web-01", channel=SECRET)
        card = await bot.until_said("Nobody alone: this is no public channel")
        await bot.until(lambda: is_past(bot))

        await bot.people.click(card, "approve", user=REQUESTER)
        said = await bot.until_said("not known to stand in a public channel")

        assert "may be approved now by sre (approver" in said["text"]
        assert await refusals(bot) == [Reason.TOO_EARLY]
        assert bot.ran == 0
        secret.members.append(APPROVER)
        await bot.people.click(card, "approve", user=APPROVER)
        await bot.until_said("Checked again: healthy")
        assert bot.ran == 1
        assert (await verify_ledger(bot.bot.app.ledger)).result is Result.OK


async def test_a_public_channel_that_its_asker_has_made_private_lets_nobody_be_alone(tmp_path: Path) -> None:
    async with team(tmp_path, alone) as bot:
        card = await bot.card()
        await bot.until(lambda: is_past(bot))
        bot.bot.slack.parts.world.channels[CHANNEL].is_private = True

        await bot.people.click(card, "approve", user=REQUESTER)

        await bot.until_said("not known to stand in a public channel")
        assert await refusals(bot) == [Reason.TOO_EARLY]
        assert bot.ran == 0
