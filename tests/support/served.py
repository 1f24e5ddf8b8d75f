"""The whole bot in this process: real ledger, real SSH, real Bolt app, the local Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import app as root
from bot.devslack import DevSlack, Options
from bot.serving import serve_until
from bot.settings import load
from bot.slack import manifest
from tests.support.people import People
from tests.support.unhurried import UNHURRIED


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running bot and the people around it."""

    app: root.App
    slack: DevSlack
    people: People


@asynccontextmanager
async def served(
    folder: Path, fleet: Path, *, slack: DevSlack | None = None, **settings: object
) -> AsyncIterator[Served]:
    """Serve until the block ends, at a Slack of its own or one that runs already and is stopped then."""
    async with AsyncExitStack() as closing:
        if slack is None:
            slack = DevSlack(Options(manifest=manifest(), **UNHURRIED))
            closing.push_async_callback(slack.stop)
            await slack.start()
        else:
            closing.push_async_callback(slack.stop)
        people = People(slack.page_url)
        closing.push_async_callback(people.aclose)
        given = load(
            fleet=fleet,
            ledger=str(folder / "ledger.db"),
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            **settings,
        )
        app = await closing.enter_async_context(root.wired(given))
        await closing.enter_async_context(_serving(app))
        yield Served(app=app, slack=slack, people=people)


@asynccontextmanager
async def _serving(app: root.App) -> AsyncIterator[None]:
    """Begins once it serves; raises what kept it from that."""
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(serve_until(app, stop, on_ready=ready.set))
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        yield
    finally:
        waiting.cancel()
        stop.set()
        await serving
