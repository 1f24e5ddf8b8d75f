"""The same request twice, also to two processes on one ledger, has one effect."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.desk import AskLimits, FrontDesk
from bot.investigate import World
from bot.model.event import IncidentOpened, Noted
from bot.signatures import AllowedSigners
from bot.slack import SlackEdge
from tests.slack.office import FakeSettings
from tests.slack.test_http import signed
from tests.support.people import APPROVER, CHANNEL, REQUESTER
from tests.support.team import Team, team


@dataclass
class Twins:
    """Two doors as two processes have them: own memory, own desk, one ledger."""

    place: Team
    edges: tuple[SlackEdge, SlackEdge]
    session: aiohttp.ClientSession

    async def post(self, raw: bytes, headers: dict[str, str], *, to: int) -> int:
        door = self.edges[to].door
        assert door is not None
        async with self.session.post(door.url, data=raw, headers=headers) as answer:
            return answer.status

    async def served(self) -> None:
        """Return when both have done all that was asked."""

        async def is_done() -> bool:
            return not any(edge.serving for edge in self.edges)

        await self.place.until(is_done)
        await self.place.bot.app.engine.idle()

    @property
    def secret(self) -> str:
        return self.place.bot.slack.signing_secret


@pytest.fixture
async def twins(tmp_path: Path) -> AsyncIterator[Twins]:
    async with team(tmp_path, lambda _: None) as place, aiohttp.ClientSession() as session:
        app = place.bot.app
        settings = FakeSettings(
            slack_bot_token=app.settings.slack_bot_token,
            slack_app_token=None,
            slack_signing_secret=app.settings.slack_signing_secret,
            slack_api_url=app.settings.slack_api_url,
            slack_mode="http",
        )
        world: World = app.desk._world
        desks = [
            FrontDesk(
                app.rules, world, app.engine, signatures=AllowedSigners(None), limits=AskLimits(share_s=0)
            )
            for _ in range(2)
        ]
        edges = (
            SlackEdge(desks[0], app.watched, app.rules, settings),
            SlackEdge(desks[1], app.watched, app.rules, settings),
        )
        for edge in edges:
            await edge.start()
        yield Twins(place, edges, session)
        for edge in edges:
            await edge.stop()


def command(text: str, trigger: str, *, user: str = REQUESTER) -> bytes:
    return urlencode(
        {
            "command": "/502",
            "text": text,
            "team_id": "T0LOCAL",
            "user_id": user,
            "channel_id": CHANNEL,
            "trigger_id": trigger,
        }
    ).encode()


async def test_the_same_bytes_to_two_processes_open_one_incident(twins: Twins) -> None:
    raw = command("web-01 web-02", "1.2.abc")
    headers = signed(twins.secret, raw)

    statuses = [await twins.post(raw, headers, to=to) for to in (0, 1, 0, 1)]
    await twins.served()

    assert statuses == [200] * 4
    ledger = twins.place.bot.app.ledger
    assert len(await ledger.incidents()) == 2
    for name in await ledger.incidents():
        opened = [one for one in await ledger.entries(name) if isinstance(one.event, IncidentOpened)]
        assert len(opened) == 1
    told = [one for one in await twins.place.people.messages() if one["ephemeral_to"]]
    assert told == []


async def test_two_requests_in_the_same_words_are_two(twins: Twins) -> None:
    for trigger in ("1.2.abc", "1.2.abd"):
        raw = command("web-01", trigger)
        await twins.post(raw, signed(twins.secret, raw), to=0)
    await twins.served()

    assert len(await twins.place.bot.app.ledger.incidents()) == 2


async def test_many_replays_of_one_request_have_one_effect(twins: Twins) -> None:
    raw = command("web-03", "9.9.zzz")
    now = int(time.time())

    for at in range(20):  # signed anew each time, as only Slack itself could
        await twins.post(raw, signed(twins.secret, raw, at=now - at), to=at % 2)
    await twins.served()

    assert len(await twins.place.bot.app.ledger.incidents()) == 1


async def test_a_note_that_is_delivered_to_both_stands_once(twins: Twins) -> None:
    raw = command("web-01", "1.2.abc")
    await twins.post(raw, signed(twins.secret, raw), to=0)
    await twins.served()
    (incident,) = await twins.place.bot.app.ledger.incidents()
    note = command(f"note {incident} pager went at 02:58", "1.2.note", user=APPROVER)

    for to in (0, 1, 1):
        await twins.post(note, signed(twins.secret, note), to=to)
    await twins.served()

    entries = await twins.place.bot.app.ledger.entries(incident)
    assert len([one for one in entries if isinstance(one.event, Noted)]) == 1
