"""Socket Mode connections come back by themselves."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.slack.edge import SystemTime
from bot.slack.socket import Sockets


@pytest.fixture
async def slack() -> AsyncIterator[DevSlack]:
    made = DevSlack()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def sockets(slack: DevSlack) -> AsyncIterator[Sockets]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, session=session)
        made = Sockets(
            AsyncApp(client=client),
            slack.app_token,
            SystemTime(),
            lambda _body, _flaw: None,
            connections=2,
            ping_interval_s=0.2,
            patience_s=0.4,
        )
        yield made
        await made.stop()


async def fault(slack: DevSlack, **what: object) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.page_url}local/fault", json=what) as answer,
    ):
        assert answer.status == 200


async def test_a_start_returns_when_all_connections_are_up(slack: DevSlack, sockets: Sockets) -> None:
    await sockets.start()

    assert sockets.up == 2
    assert slack.parts.sockets.count == 2
    assert sockets.silent_s is not None and sockets.silent_s < 60


async def test_killed_sockets_are_replaced(slack: DevSlack, sockets: Sockets) -> None:
    await sockets.start()

    await fault(slack, kind="drop_sockets")

    await slack.parts.sockets.until_handshakes(4)
    await slack.parts.sockets.until(2)


async def test_a_failed_handshake_does_not_end_in_retries_of_a_dead_address(
    slack: DevSlack, sockets: Sockets
) -> None:
    await fault(slack, kind="handshake", count=2)

    await sockets.start()

    tickets = [one.ticket for one in slack.parts.sockets.handshakes]
    assert sockets.up == 2
    # The SDK did try a used-up address again, so the watchdog was what got us out.
    assert len(set(tickets)) < len(tickets)
