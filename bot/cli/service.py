"""Commands that start the bot, or tell Slack of it."""

from typing import Annotated

import typer

from bot.cli.run import Fleet, Ledger, Runbooks, run


def manifest(
    http_url: Annotated[str | None, typer.Option(help="Request URL for HTTP mode.")] = None,
) -> None:
    """Print the Slack app manifest to paste at api.slack.com/apps; Socket Mode without a URL."""
    run("serve", lambda do, settings: do.manifest(settings, http_url))


def serve(fleet: Fleet = None, runbooks: Runbooks = None, ledger: Ledger = None) -> None:
    """Answer Slack."""
    run("serve", lambda do, settings: do.serve(settings), fleet=fleet, runbooks=runbooks, ledger=ledger)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the local Slack's page.")] = 8502,
) -> None:
    """Start everything embedded: the bot, a local Slack with its page, and three sample hosts."""
    run("serve", lambda do, _: do.demo(port=port))


def local_slack(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback.")] = 8502,
    bot_token: Annotated[
        str | None, typer.Option(envvar="LOCAL_SLACK_BOT_TOKEN", help="By default one is made and printed.")
    ] = None,
    app_token: Annotated[str | None, typer.Option(envvar="LOCAL_SLACK_APP_TOKEN", help="Likewise.")] = None,
) -> None:
    """Start the local Slack alone; a bot that is started apart talks to it."""
    run("serve", lambda do, _: do.local_slack(port=port, bot_token=bot_token, app_token=app_token))
