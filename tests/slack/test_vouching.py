"""Slack asked about a voter by whoever acts, over the real client and the local Slack."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.model.person import Account, Origin, Standing
from bot.slack.vouching import SlackVouches
from tests.slack.office import APPROVER, GUEST, RULES, Office, office
from tests.support.people import CHANNEL


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


@pytest.fixture
async def slack(place: Office) -> AsyncIterator[SlackVouches]:
    made = SlackVouches(RULES.policy, place.settings)
    yield made
    await made.aclose()


def account(user: str) -> Account:
    return Account(origin=Origin.SLACK, id=user, team="T0LOCAL")


async def test_a_group_is_read_anew_each_time(place: Office, slack: SlackVouches) -> None:
    before = await slack.look_up(account(APPROVER.id))
    await place.act("group", group="S0SRE", users=[])
    after = await slack.look_up(account(APPROVER.id))

    assert before is not None and after is not None
    assert (before.usergroups, after.usergroups) == (frozenset({"S0SRE"}), frozenset())
    assert before.standing is Standing.MEMBER


async def test_a_guest_is_a_guest_and_who_is_not_there_is_nobody(slack: SlackVouches) -> None:
    guest, nobody = await slack.look_up(account(GUEST.id)), await slack.look_up(account("U0NOBODY"))

    assert guest is not None and nobody is not None
    assert (guest.standing, nobody.standing) == (Standing.GUEST, Standing.UNKNOWN)


async def test_a_channel_is_asked_about_anew_each_time(place: Office, slack: SlackVouches) -> None:
    before = await slack.is_public(CHANNEL)
    place.slack.parts.world.channels[CHANNEL].is_private = True
    after = await slack.is_public(CHANNEL)

    assert (before, after) == (True, False)


async def test_while_slack_is_away_nothing_is_said(place: Office, slack: SlackVouches) -> None:
    await place.act("fault", kind="away")

    assert await slack.look_up(account(APPROVER.id)) is None
    assert not await slack.is_public(CHANNEL)


@pytest.mark.parametrize("token", [None, SecretStr("xoxb-wrong")], ids=["none", "wrong"])
async def test_without_a_good_token_nothing_is_said(place: Office, token: SecretStr | None) -> None:
    slack = SlackVouches(RULES.policy, replace(place.settings, slack_bot_token=token))

    found = await slack.look_up(account(APPROVER.id))
    is_seen = await slack.is_public(CHANNEL)
    await slack.aclose()

    assert found is None and not is_seen
