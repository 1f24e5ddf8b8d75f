"""Commands that speak Slack: serve, demo, manifest."""

import asyncio
import json
import signal

from bot import app as root
from bot.commands.say import say
from bot.demo.run import run_demo, run_local_slack
from bot.log import set_up
from bot.memory import keep_private
from bot.redact import KnownValues
from bot.serving import serve_until
from bot.settings import Settings
from bot.slack.manifest import manifest as manifest_of


def manifest(settings: Settings, http_url: str | None) -> int:
    """Print the Slack app manifest."""
    say(
        json.dumps(
            manifest_of(commands=settings.commands, is_socket=http_url is None, request_url=http_url),
            indent=2,
        )
    )
    return 0


async def serve(settings: Settings, *, around: root.Around | None = None) -> int:
    """Answer Slack until a signal says stop."""
    keep_private()
    set_up(settings.log_format, known=KnownValues.of(settings.secrets()))
    stop = _stop_on_signal()
    async with root.wired(settings, around=around) as app:
        await serve_until(app, stop)
    return 0


async def demo(*, port: int) -> int:
    """Everything embedded, until a signal says stop."""
    await run_demo(port=port, stop=_stop_on_signal(), say=say)
    return 0


async def local_slack(*, port: int, bot_token: str | None, app_token: str | None) -> int:
    """The local Slack alone, until a signal says stop."""
    await run_local_slack(port=port, tokens=(bot_token, app_token), stop=_stop_on_signal(), say=say)
    return 0


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
