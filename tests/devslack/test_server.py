"""Starting and stopping."""

import asyncio

from bot.devslack import DevSlack, Options
from tests.devslack.office import office, plain_slack
from tests.support.kept_port import kept_port
from tests.support.turning import running


async def test_stop_ends_open_pages_and_sockets_at_once() -> None:
    async with plain_slack() as (slack, client, page):
        opened = await client.apps_connections_open(app_token=slack.app_token)
        socket = await page._session.ws_connect(opened["url"])
        await socket.receive_json()
        news = await page._session.get(f"{slack.page_url}local/events")

        async with running(5):
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


async def test_a_stopped_workspace_comes_back_as_it_was_and_the_sdk_finds_it() -> None:
    with kept_port() as port:
        async with office(port=port) as place:
            await place.connect(1)
            await place.page.act("message", text="before")

            await place.slack.stop()
            await place.slack.start(port=port)
            await place.slack.parts.sockets.until_handshakes(2)
            await place.slack.parts.sockets.until(1)

            assert [message["text"] for message in await place.page.messages()] == ["before"]
            async with place.page._session.get(f"{place.slack.page_url}local/events?after=0") as news:
                assert (await news.content.readline()).startswith(b"id: ")


async def test_two_workspaces_have_their_own_tokens() -> None:
    first, second = DevSlack(), DevSlack()

    assert len({first.bot_token, second.bot_token, first.app_token, first.signing_secret}) == 4
    assert first.bot_token.startswith("xoxb-")
    assert first.app_token.startswith("xapp-")
