"""The bot's server as a process of its own, under a file ledger and the local Slack."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.devslack import DevSlack

#: Bounds a hang.
_WITHIN_S = 120.0


async def ended(process: asyncio.subprocess.Process) -> None:
    """Kill it unless it has ended, and read its pipes to their end: one left open fails a later test."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.communicate()


@asynccontextmanager
async def server_process(
    folder: Path, fleet: Path, slack: DevSlack, *, is_ready: Callable[[], Awaitable[bool]], **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Ready when the block begins, killed when it ends; `settings` are variables without their prefix.

    Its ledger is `ledger.db` in the folder, its log `bot.log`.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "RUNBOOK_BOT_FLEET": str(fleet),
        "RUNBOOK_BOT_LEDGER": str(folder / "ledger.db"),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        **{f"RUNBOOK_BOT_{name.upper()}": value for name, value in settings.items()},
    }
    with (folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=environment, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(_WITHIN_S):
            while not await is_ready():  # noqa: ASYNC110 - another process cannot set an event here
                await asyncio.sleep(0.05)
        yield process
    finally:
        await ended(process)
