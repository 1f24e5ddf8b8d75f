"""Socket Mode connections come back by themselves."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.slack.setup import SystemTime
from bot.slack.socket import Sockets
from tests.support.turning import until


class Held(SystemTime):
    """Everybody's patience lasts until `let_go`, however slow the machine is; pauses are as they are."""

    def __init__(self) -> None:
        self._held_at: float | None = time.monotonic()
        self._behind_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() - self._behind_s if self._held_at is None else self._held_at

    def let_go(self) -> None:
        """From now on time passes."""
        assert self._held_at is not None
        self._behind_s, self._held_at = time.monotonic() - self._held_at, None


@pytest.fixture
async def slack() -> AsyncIterator[DevSlack]:
    made = DevSlack()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> Held:
    return Held()


@pytest.fixture
async def sockets(slack: DevSlack, clock: Held) -> AsyncIterator[Sockets]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, session=session)
        made = Sockets(
            AsyncApp(client=client),
            slack.app_token,
            clock,
            lambda _body, _flaw: None,
            connections=2,
            # The SDK leaves a good connection that was silent for four of these, and a machine that stands
            # still makes all of them silent.
            ping_interval_s=1.0,
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
    await until(lambda: sockets.silent_s is not None)  # Slack's hello comes after the handshake
    assert sockets.silent_s is not None and sockets.silent_s < 60


async def test_killed_sockets_are_replaced(slack: DevSlack, sockets: Sockets) -> None:
    await sockets.start()

    await fault(slack, kind="drop_sockets")

    await slack.parts.sockets.until_handshakes(4)
    await slack.parts.sockets.until(2)


async def test_a_failed_handshake_does_not_end_in_retries_of_a_dead_address(
    slack: DevSlack, sockets: Sockets, clock: Held
) -> None:
    await fault(slack, kind="handshake", count=2)

    starting = asyncio.create_task(sockets.start())
    await until_an_address_is_tried_again(slack)
    clock.let_go()
    await starting

    assert sockets.up == 2


async def until_an_address_is_tried_again(slack: DevSlack) -> None:
    """Return when the SDK has tried a used-up address, so that only the watchdog can get it out."""
    tried: list[str] = []
    while len(set(tried)) == len(tried):
        await slack.parts.sockets.until_handshakes(len(tried) + 1)
        tried = [one.ticket for one in slack.parts.sockets.handshakes]
