"""What is missing on a host or in Slack, each with its mend. Reads only; nothing is changed."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.finding import Finding, Health
from bot.doctor.guarded import guard
from bot.doctor.host import needs
from bot.doctor.key import key
from bot.fleet import host_named
from bot.hostkit import todays_kit
from bot.model.host import Mode
from bot.settings import Settings
from bot.ssh import SshShell
from bot.work import Rules


async def examine(rules: Rules, shell: SshShell, settings: Settings, hosts: Sequence[str]) -> list[Finding]:
    """Files and Slack, then each host in turn. Raises UnknownHost."""
    known = [host_named(rules.fleet, name) for name in hosts]
    findings = [*_files(rules, settings), *await _slack(settings)]
    for host in known:
        findings += await needs(host, rules.catalog, shell, identity=rules.fleet.ssh.identity)
        if host.mode is Mode.GUARDED:
            kit = todays_kit(host, rules.fleet, rules.catalog)
            findings += await guard(host, rules.catalog, shell, kit=kit.id)
        else:
            findings += await key(host, shell)
    return findings


def _files(rules: Rules, settings: Settings) -> Iterable[Finding]:
    fleet, books = rules.fleet, rules.catalog.runbooks
    yield Finding(
        about=str(settings.fleet),
        health=Health.OK,
        says=f"{_counted(len(fleet.hosts), 'host')}, {_counted(len(books), 'runbook')}",
    )
    if Path(fleet.ssh.identity).stat().st_mode & 0o077:
        yield Finding(
            about="ssh.identity",
            health=Health.MISSING,
            says="others may read the private key",
            mend=f"chmod 600 {shlex.quote(fleet.ssh.identity)}",
        )
    if not rules.policy.rules:
        yield Finding(
            about="policy",
            health=Health.LESS,
            says="no rules, so checks run and no remedy can be approved",
            mend="add a policy section to the fleet file; see docs/howto/policy.md",
        )


def _counted(number: int, thing: str) -> str:
    """`1 host`, `2 hosts`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_bot_token is None:
        return [
            Finding(
                about="slack",
                health=Health.LESS,
                says="no bot token, so only the terminal works",
                mend="set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; see docs/howto/slack.md",
            )
        ]
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url
    )
    try:
        me = await client.auth_test()
        found = [Finding(about="slack", health=Health.OK, says=f"{me['user']} in {me['team']}")]
        if settings.slack_app_token is not None and settings.slack_mode == "socket":
            await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
            found.append(Finding(about="slack", health=Health.OK, says="Socket Mode opens"))
    except SlackApiError as error:
        said = str(error.response.get("error"))
        return [_slack_trouble(f"refuses: {said}", "check tokens and scopes against `runbook-bot manifest`")]
    except (SlackClientError, OSError, TimeoutError) as error:
        return [_slack_trouble(f"cannot be reached: {error}", f"check {settings.slack_api_url}")]
    return found


def _slack_trouble(says: str, mend: str) -> Finding:
    return Finding(about="slack", health=Health.MISSING, says=says, mend=mend)
