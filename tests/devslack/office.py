"""A local Slack with the real Bolt app attached, and a person's hand on the page API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack, Options
from bot.devslack.clock import PATIENCE_S
from bot.devslack.seed import APPROVER, EVERYBODY, REQUESTER
from tests.support.unhurried import UNHURRIED

INCIDENTS = "C0INCIDENTS"


class Page:
    """Calls of the page API, as the page makes them."""

    def __init__(self, slack: DevSlack, session: aiohttp.ClientSession) -> None:
        self._slack = slack
        self._session = session

    async def act(self, path: str, **body: Any) -> dict[str, Any]:
        """POST `/local/PATH`; the requester in #incidents unless said otherwise."""
        given = {"user": REQUESTER.id, "channel": INCIDENTS} | body
        async with self._session.post(f"{self._slack.page_url}local/{path}", json=given) as answer:
            return dict(await answer.json())

    async def get(self, path: str) -> dict[str, Any]:
        """GET `/local/PATH`."""
        async with self._session.get(f"{self._slack.page_url}local/{path}") as answer:
            return dict(await answer.json())

    async def messages(self, user: str = REQUESTER.id) -> list[dict[str, Any]]:
        """All messages this person sees, oldest first."""
        return list((await self.get(f"state?user={user}"))["messages"])

    async def until(self, wanted: Any, user: str = REQUESTER.id) -> dict[str, Any]:
        """The first message for which `wanted(message)` holds, waiting for news as the page does."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                seq = self._slack.parts.feed.seq
                for message in await self.messages(user):
                    if wanted(message):
                        return message
                await self._slack.parts.feed.wait(seq)


class Office:
    """The whole: Slack, Bolt app, page."""

    def __init__(self, slack: DevSlack, app: AsyncApp, page: Page, closing: AsyncExitStack) -> None:
        self.slack = slack
        self.app = app
        self.page = page
        self.handlers: list[AsyncSocketModeHandler] = []
        self._closing = closing

    async def connect(self, count: int = 1, *, ping_interval: float = 1) -> None:
        """Open Socket Mode connections of the app."""
        for _ in range(count):
            handler = AsyncSocketModeHandler(
                self.app, self.slack.app_token, web_client=self.app.client, ping_interval=ping_interval
            )
            self.handlers.append(handler)
            self._closing.push_async_callback(handler.close_async)
            await handler.connect_async()
        await self.slack.parts.sockets.until(count)


@asynccontextmanager
async def office(mode: str = "socket", *, port: int = 0, **options: Any) -> AsyncIterator[Office]:
    """Slack with an app that has no listeners yet; in `socket` mode call `connect`."""
    # On a hand's clock nothing is late by chance, and Slack is as strict as it is.
    usual: dict[str, Any] = {} if "clock" in options else UNHURRIED
    slack = DevSlack(Options(**({"seed": EVERYBODY} | usual | options)))
    async with AsyncExitStack() as closing:
        sdk_session = await closing.enter_async_context(aiohttp.ClientSession())
        session = await closing.enter_async_context(aiohttp.ClientSession())
        closing.push_async_callback(slack.stop)
        await slack.start(port=port)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, session=sdk_session)
        app = AsyncApp(name="office", client=client, signing_secret=slack.signing_secret)
        if mode == "http":
            runner = web.AppRunner(app.server(path="/slack/events").web_app)
            closing.push_async_callback(runner.cleanup)
            await _serve(runner, slack)
            closing.push_async_callback(slack.stop)  # before whom it posts to; a second stop is fine
        yield Office(slack, app, Page(slack, session), closing)


async def _serve(runner: web.AppRunner, slack: DevSlack) -> None:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")


@asynccontextmanager
async def plain_slack(**options: Any) -> AsyncIterator[tuple[DevSlack, AsyncWebClient, Page]]:
    """Slack, the SDK's client with the bot token, and the page; no app."""
    async with office(**options) as place:
        yield place.slack, place.app.client, place.page


__all__ = ["APPROVER", "INCIDENTS", "REQUESTER", "Office", "Page", "office", "plain_slack"]
