"""What the edge needs before it can start: settings, tokens, commands, a clock."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import SecretStr

from bot.errors import SettingsError


class SystemTime:
    """`pace.Time` by this machine."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class SlackSettings(Protocol):
    """The settings this edge reads."""

    @property
    def slack_bot_token(self) -> SecretStr | None:
        """`xoxb-…`."""

    @property
    def slack_app_token(self) -> SecretStr | None:
        """`xapp-…`; for Socket Mode."""

    @property
    def slack_signing_secret(self) -> SecretStr | None:
        """For HTTP mode."""

    @property
    def slack_api_url(self) -> str:
        """Base address of Slack's Web API."""

    @property
    def slack_mode(self) -> str:
        """`socket` or `http`."""

    @property
    def slack_connections(self) -> int:
        """Socket Mode connections."""

    @property
    def http_host(self) -> str:
        """Address of HTTP mode."""

    @property
    def http_port(self) -> int:
        """Port of HTTP mode."""

    @property
    def commands(self) -> Sequence[str]:
        """Slash commands to answer."""


def commands_of(names: Sequence[str], runbooks: Mapping[str, object]) -> dict[str, str | None]:
    """Command -> the runbook of the same name, or None when the first word names one."""
    return {name: (name[1:] if name[1:] in runbooks else None) for name in names}


def tokens_of(settings: SlackSettings) -> dict[str, str]:
    """The secrets that the mode needs. Raises SettingsError naming the one that is missing."""
    found = {
        "bot": _plain(settings.slack_bot_token),
        "app": _plain(settings.slack_app_token),
        "secret": _plain(settings.slack_signing_secret),
    }
    if not found["bot"].startswith("xoxb-"):
        raise SettingsError("SLACK_BOT_TOKEN is missing or no bot token; it begins with xoxb-")
    if settings.slack_mode == "socket" and not found["app"].startswith("xapp-"):
        raise SettingsError("SLACK_APP_TOKEN is missing or no app token; Socket Mode needs one, xapp-…")
    if settings.slack_mode == "http" and not found["secret"].strip():
        raise SettingsError("SLACK_SIGNING_SECRET is empty; HTTP mode needs it, or use Socket Mode")
    return found


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
