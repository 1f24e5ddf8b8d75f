"""`runbook-bot demo`: the bot, a local Slack with its page, and sample hosts, all on loopback."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import app as root
from bot.demo import SampleHosts
from bot.devslack import DevSlack, Options
from bot.devslack.seed import DEMO, with_app_named
from bot.errors import SettingsError
from bot.serving import serve_until
from bot.settings import Settings, load
from bot.slack.manifest import manifest

#: What people call the bot there.
NAME = "runbook-bot"


async def run_local_slack(
    *, port: int, tokens: tuple[str | None, str | None], stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """The local Slack alone, for a bot that is started apart; `tokens` are the bot's and the app's.

    Raises SettingsError when the port is taken.
    """
    slack = _slack(bot_token=tokens[0], app_token=tokens[1])
    await _open(slack, port)
    try:
        say(
            f"the local Slack is open: {slack.page_url}\nSLACK_API_URL={slack.api_url} "
            f"SLACK_BOT_TOKEN={slack.bot_token} SLACK_APP_TOKEN={slack.app_token}"
        )
        await stop.wait()
    finally:
        await slack.stop()


async def run_demo(*, port: int, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Run until `stop`; everything lives in a temporary folder that goes with it.

    Raises SettingsError when the page's port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="runbook-bot-demo-") as name:
        folder = Path(name)
        slack = _slack()
        await _open(slack, port)
        try:
            async with SampleHosts(folder) as hosts:
                settings = _settings(folder, hosts.fleet_path, slack)
                async with root.wired(settings) as app:
                    await serve_until(app, stop, on_ready=lambda: say(_welcome(slack.page_url)))
        finally:
            await slack.stop()


def _slack(*, bot_token: str | None = None, app_token: str | None = None) -> DevSlack:
    return DevSlack(
        Options(
            manifest=manifest(name=NAME),
            seed=with_app_named(DEMO, NAME),
            bot_token=bot_token,
            app_token=app_token,
        )
    )


async def _open(slack: DevSlack, port: int) -> None:
    try:
        await slack.start(port=port)
    except OSError as error:
        raise SettingsError(
            f"port {port} cannot be used ({error.strerror}); give another with --port"
        ) from error


def _settings(folder: Path, fleet: Path, slack: DevSlack) -> Settings:
    return load(
        fleet=fleet,
        ledger=str(folder / "ledger.db"),
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        slack_mode="socket",
    )


def _welcome(page: str) -> str:
    return f"""
  The local Slack is open:   {page}

  Type there:                /502 web-01        a bad release: needs a rollback
                             /502 web-02        healthy, with old errors in its log
                             /502 web-03        the app is stopped
  Then switch to the other person (top left) and approve.
  Export with the button, or `@runbook-bot export` in the thread.

  These are sample hosts that replay recorded incidents; nothing runs on this machine.
  Ctrl-C ends it all.
"""
