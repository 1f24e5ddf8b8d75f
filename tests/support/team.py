"""The whole bot with a team's policy over the sample hosts: real app, real Bolt, the local Slack."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml

from bot import yamlfile
from bot.demo import SampleHosts
from bot.devslack.transport import Sort
from bot.model.event import Entry, Shown
from bot.model.incident import Incident
from tests.support.people import NO_TLS, PATIENCE_S, REQUESTER, has_button, words_of
from tests.support.served import Served, served

Found = TypeVar("Found")


class Team:
    """People around a served bot, and what became of their hosts."""

    def __init__(self, bot: Served, hosts: SampleHosts) -> None:
        self.bot, self.hosts, self.people = bot, hosts, bot.people

    @property
    def ran(self) -> int:
        """Orders that the hosts carried out."""
        return sum(one.ran for one in self.hosts.samples.values())

    async def card(
        self, host: str = "web-01", *, user: str = REQUESTER, action: str = "approve"
    ) -> dict[str, Any]:
        """Ask about a host; its card once it can be decided."""
        await self.people.command(f"/502 {host}", user=user)
        found = await self.until_seen(lambda one: has_button(one, action) and host in words_of(one))
        # Its clocks run from when it is written down, which is just after it can be seen.
        return await self.until_written(found)

    async def until_written(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message, once the bot has written down that it stands; a click before may come too soon."""
        await self.until(partial(self._is_written_down, message["ts"]))
        return message

    async def _is_written_down(self, ts: str) -> bool:
        return any(isinstance(one.event, Shown) and one.event.ts == ts for one in await self.entries())

    async def send_click(self, message: dict[str, Any], action: str, value: str, *, user: str) -> None:
        """A click as Slack would deliver it, also of a button that the message does not have."""
        await self.deliver(click_of(message, action, value, user=user))

    async def deliver(self, body: dict[str, Any]) -> None:
        """A payload as Slack would deliver it."""
        await self.bot.slack.parts.delivery.interaction(Sort.INTERACTIVE, body)

    async def entries(self) -> list[Entry]:
        """All entries of all incidents."""
        ledger = self.bot.app.ledger
        return [one for name in await ledger.incidents() for one in await ledger.entries(name)]

    async def state(self) -> Incident:
        """The incident that was appended to last."""
        return await self.bot.app.desk.incident((await self.bot.app.ledger.incidents(limit=1))[0])

    async def until_seen(
        self, wanted: Callable[[dict[str, Any]], bool], *, user: str = REQUESTER
    ) -> dict[str, Any]:
        """The first message like this that the person sees."""
        found = await self.people.until(lambda seen: next(filter(wanted, seen), None), user=user)
        return dict(found)

    async def until_said(self, words: str, *, user: str = REQUESTER) -> dict[str, Any]:
        """The first message with these words that the person sees."""
        return await self.until_seen(lambda one: words in words_of(one) or words in one["text"], user=user)

    async def until(self, ask: Callable[[], Awaitable[Found]]) -> Found:
        """Ask until there is an answer; the test's own time limit ends it."""
        while True:
            found = await ask()
            if found:
                return found
            await asyncio.sleep(0.05)

    async def act(self, path: str, **body: Any) -> dict[str, Any]:
        """A call of the local Slack's page; refused ones fail the test."""
        page = self.bot.slack.page_url
        async with httpx.AsyncClient(
            base_url=page, trust_env=False, verify=NO_TLS, timeout=PATIENCE_S
        ) as client:
            answer = dict((await client.post(f"local/{path}", json=body)).json())
        assert answer["ok"], answer
        return answer


def click_of(message: dict[str, Any], action: str, value: str, *, user: str) -> dict[str, Any]:
    """The payload of a click on a message."""
    thread = message["thread_ts"] or message["ts"]
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": "T0LOCAL"},
        "team": {"id": "T0LOCAL"},
        "channel": {"id": message["channel"]},
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
        "message": {"ts": message["ts"], "thread_ts": thread},
        "actions": [
            {"action_id": action, "block_id": "decide", "value": value, "action_ts": str(time.time())}
        ],
    }


@asynccontextmanager
async def team(
    folder: Path, change: Callable[[dict[str, Any]], None], **settings: object
) -> AsyncIterator[Team]:
    """Everything up, with the demo's policy after `change`."""
    async with SampleHosts(folder) as hosts:
        fleet: Any = yamlfile.read(hosts.fleet_path)
        change(fleet["policy"])
        hosts.fleet_path.write_text(yaml.safe_dump(fleet))
        async with served(folder, hosts.fleet_path, **settings) as bot:
            yield Team(bot, hosts)
