"""Starting and stopping."""

import asyncio

from bot.devslack import DevSlack, Options
from tests.devslack.office import plain_slack


async def test_stop_ends_open_pages_and_sockets_at_once() -> None:
    async with plain_slack() as (slack, client, page):
        opened = await client.apps_connections_open(app_token=slack.app_token)
        socket = await page._session.ws_connect(opened["url"])
        await socket.receive_json()
        news = await page._session.get(f"{slack.page_url}local/events")

        async with asyncio.timeout(5):
            await asyncio.gather(slack.stop(), socket.receive())
            await news.content.read()

        assert socket.closed


async def test_stop_works_twice_and_before_start() -> None:
    slack = DevSlack(Options())
    await slack.stop()
    await slack.start("localhost")
    assert slack.api_url.endswith("/api/")
    await slack.stop()
    await slack.stop()


async def test_two_workspaces_have_their_own_tokens() -> None:
    first, second = DevSlack(), DevSlack()

    assert len({first.bot_token, second.bot_token, first.app_token, first.signing_secret}) == 4
    assert first.bot_token.startswith("xoxb-")
    assert first.app_token.startswith("xapp-")
