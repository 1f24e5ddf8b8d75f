"""Two thousand clicks that no button made, signed as Slack signs: none executes, each is written down."""

import asyncio
import base64
import json
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.model.event import Refused, Voted
from bot.model.refusal import AskRefused
from bot.slack import SlackEdge
from tests.slack.office import FakeSettings
from tests.slack.test_http import signed
from tests.support.people import APPROVER, REQUESTER
from tests.support.team import Team, click_of, team

MUTATIONS = int(os.environ.get("RUNBOOK_BOT_TAMPERED", "300"))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Where in a click something could be meant by somebody else than Slack.
FIELDS = (
    ("actions", 0, "value"),
    ("actions", 0, "action_id"),
    ("actions", 0, "block_id"),
    ("channel", "id"),
    ("container", "channel_id"),
    ("container", "message_ts"),
    ("message", "ts"),
    ("user", "id"),
    ("user", "team_id"),
    ("team", "id"),
)
Body = dict[str, Any]


@dataclass
class Door:
    """The HTTP door of a bot whose clicks are made here."""

    place: Team
    edge: SlackEdge
    session: aiohttp.ClientSession
    secret: str

    async def post(self, body: Body) -> int:
        raw = urlencode({"payload": json.dumps(body)}).encode()
        assert self.edge.door is not None
        headers = signed(self.secret, raw)
        async with self.session.post(self.edge.door.url, data=raw, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with team(tmp_path, lambda _: None) as place, aiohttp.ClientSession() as session:
        slack, app = place.bot.slack, place.bot.app
        given = app.settings
        settings = FakeSettings(
            slack_bot_token=given.slack_bot_token,
            slack_app_token=None,
            slack_signing_secret=given.slack_signing_secret,
            slack_api_url=given.slack_api_url,
            slack_mode="http",
        )
        edge = SlackEdge(app.desk, app.watched, app.rules, settings)
        await edge.start()
        yield Door(place, edge, session, slack.signing_secret)
        await edge.stop()


def at(body: Body, path: tuple[str | int, ...]) -> tuple[Any, str | int]:
    for key in path[:-1]:
        body = body[key]  # type: ignore[index]
    return body, path[-1]


def one_byte(good: Body, chance: random.Random) -> Iterator[Body]:
    """Each byte of each field in turn becomes another one, is left out, or is doubled."""
    while True:
        for path in FIELDS:
            holder, key = at(good, path)
            for place in range(len(holder[key])):
                body = deepcopy(good)
                inner, _ = at(body, path)
                old = inner[key]
                other = chance.choice([mark for mark in ALPHABET if mark != old[place]])
                inner[key] = old[:place] + chance.choice([other, "", old[place] * 2]) + old[place + 1 :]
                if inner[key] != old:
                    yield body


def whole_fields(good: Body, others: dict[str, list[str]]) -> Iterator[Body]:
    """A field holds what another message, approval, channel, team, person has, or nothing, or rubbish."""
    rubbish = ["", "x" * 500, "'; DROP TABLE entry; --", "$(reboot)", "\u202e", "../../etc/passwd", "null"]
    for path in FIELDS:
        name = str(path[-1]) if path[0] != "actions" else f"action {path[-1]}"
        for other in [*others.get(f"{path[0]}.{name}", others.get(name, [])), *rubbish, None, 7, {}, []]:
            body = deepcopy(good)
            inner, key = at(body, path)
            if inner[key] != other:
                inner[key] = other
                yield body


def harmless(good: Body, body: Body) -> bool:
    """Only a part that the payload says twice is left out: Slack itself does that in some payloads."""
    left = deepcopy(body)
    for path in (("container", "channel_id"), ("channel", "id"), ("message", "ts"), ("team", "id")):
        inner, key = at(left, path)
        if not isinstance(inner[key], str) or not inner[key]:
            inner[key] = at(good, path)[0][key]
    inner, key = at(left, ("container", "message_ts"))
    inner[key] = inner[key] if isinstance(inner[key], str) and inner[key] else good["container"]["message_ts"]
    return left == good


async def test_no_tampered_click_votes_and_each_is_written_down(door: Door) -> None:
    place, chance = door.place, random.Random(8)
    card = await place.card("web-01")
    mine = (await place.state()).approvals[0].id
    other_card = await place.card("web-03", user=APPROVER)
    others = await place.state()
    good = click_of(card, "approve", mine, user=APPROVER)
    swaps = {
        "action value": [others.approvals[0].id, others.id, "A" * 22],
        "action action_id": ["glass", "sign", "restart_now", "approve_all", "again"],
        "channel.id": ["C0NOBOT", "C0SHARED"],
        "channel_id": ["C0NOBOT", "C0SHARED"],
        "message_ts": [other_card["ts"], other_card["thread_ts"]],
        "ts": [other_card["ts"]],
        "user.id": [REQUESTER, "U0GUEST", "U0BOT", "UNOBODY", "USLACKBOT"],
        "team_id": ["T0PARTNER"],
        "team.id": ["T0PARTNER"],
    }
    bad = [one for one in whole_fields(good, swaps) if not harmless(good, one)]
    bytewise = one_byte(good, chance)
    while len(bad) < MUTATIONS:
        body = next(bytewise)
        if not harmless(good, body):
            bad.append(body)
    before = await written(place)

    statuses = set()
    for number, body in enumerate(bad):
        body["actions"][0]["action_ts"] = f"{time.time():.6f}.{number}"
        statuses.add(await door.post(body))
    await served(door)

    assert statuses <= {200, 404}
    assert place.ran == 0
    votes = [entry for entry in await place.entries() if isinstance(entry.event, Voted)]
    assert votes == []
    by_people = sum(isinstance(body["user"]["id"], str) and bool(body["user"]["id"]) for body in bad)
    assert await written(place) - before >= by_people * 0.9
    print(f"\n{len(bad)} tampered clicks: 0 votes, {await written(place) - before} refusals written down")


async def served(door: Door) -> None:
    """Return when every click was served."""
    while True:
        if door.edge.serving == 0:
            return
        await asyncio.sleep(0.05)


async def written(place: Team) -> int:
    in_incidents = sum(isinstance(one.event, Refused) for one in await place.entries())
    return in_incidents + len(await place.bot.app.ledger.system.events(kinds=(AskRefused,)))


async def test_the_untouched_click_would_have_counted(door: Door) -> None:
    card = await door.place.card("web-01")
    mine = (await door.place.state()).approvals[0].id

    await door.post(click_of(card, "approve", mine, user=APPROVER))

    await door.place.until_said("Approved by")


def test_a_button_carries_nothing_but_a_hundred_and_twenty_eight_random_bits() -> None:
    from bot.work import new_id

    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(base64.urlsafe_b64decode(one + "==")) for one in ids} == {16}
