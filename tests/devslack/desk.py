"""What the lines of the strictness table work with."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.devslack.clock import PATIENCE_S, HandClock
from bot.devslack.seed import REQUESTER
from tests.devslack.office import INCIDENTS, Page


class Desk:
    """What a line works with: Slack on a clock moved by hand, the SDK's client, the page."""

    def __init__(self, slack: DevSlack, client: AsyncWebClient, page: Page, clock: HandClock) -> None:
        self.slack = slack
        self.client = client
        self.page = page
        self.clock = clock
        self.session = page._session

    async def refused(self, method: str, **args: Any) -> str:
        """The error name of a call; empty when it was taken."""
        return await refusal_of(self.client, method, **args)

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        """A raw Socket Mode connection, its hello read."""
        opened = await self.client.apps_connections_open(app_token=self.slack.app_token)
        patience = aiohttp.ClientWSTimeout(ws_receive=PATIENCE_S, ws_close=PATIENCE_S)
        socket = await self.session.ws_connect(opened["url"], timeout=patience)
        await socket.receive_json()
        return socket

    async def handshake(self, url: str) -> int:
        """The status a handshake ends with; 101 when it is accepted."""
        try:
            await self.session.ws_connect(url)
        except aiohttp.WSServerHandshakeError as error:
            return error.status
        return 101

    async def respond(self, token: str) -> dict[str, Any]:
        """POST to a response URL."""
        url = f"{self.slack.page_url}response/{token}"
        async with self.session.post(url, json={"text": "x"}) as answer:
            text = await answer.text()
            return {"ok": True} if text == "ok" else dict(json.loads(text))

    async def post(self, **more: Any) -> str:
        """A message of the app in #incidents; its ts."""
        return str((await self.client.chat_postMessage(**({"channel": INCIDENTS, "text": "x"} | more)))["ts"])

    async def open_view(self, view: dict[str, Any] | None = None) -> dict[str, Any]:
        """A modal for the requester."""
        trigger = self.slack.parts.triggers.issue(REQUESTER.id)
        return dict((await self.client.views_open(trigger_id=trigger, view=view or MODAL)).get("view", {}))

    async def settled(self, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """The answer; when it waits for the clock, let the clock pass."""
        task = asyncio.ensure_future(work)
        asleep = asyncio.ensure_future(self.clock.until_asleep())
        await asyncio.wait({task, asleep}, return_when=asyncio.FIRST_COMPLETED)
        asleep.cancel()
        if not task.done():
            self.clock.advance(10)
        return await task


Line = Callable[[Desk], Awaitable[None]]
LINES: dict[str, Line] = {}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def line(check: str) -> Callable[[Line], Line]:
    """Put a line into the table under the check it is tied to."""

    def put(function: Line) -> Line:
        assert check not in LINES
        LINES[check] = function
        return function

    return put


async def refusal_of(client: AsyncWebClient, method: str, **args: Any) -> str:
    try:
        await client.api_call(method, json=args)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


def button(**more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Restart"}
    element = {"type": "button", "action_id": "go", "text": text} | more
    return {"type": "actions", "block_id": "card", "elements": [element]}


CONFIRM = {
    "title": {"type": "plain_text", "text": "Sure?"},
    "text": {"type": "plain_text", "text": "Restarts myapp"},
    "confirm": {"type": "plain_text", "text": "Yes"},
    "deny": {"type": "plain_text", "text": "No"},
}
