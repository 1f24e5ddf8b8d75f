"""Who vouches for accounts: the operating system for logins, Slack for its own."""

import os
import pwd
import socket
from collections.abc import Callable
from typing import Protocol

from bot.model.person import Account, Actor, Origin, Standing
from bot.policy import Policy, person_of
from bot.ports import Directory


def terminal_actor(policy: Policy) -> Actor:
    """Whoever typed the command, by this machine's word."""
    login = pwd.getpwuid(os.getuid()).pw_name
    account = Account(origin=Origin.TERMINAL, id=login, team=socket.gethostname(), shown_as=login)
    return Actor(
        account=account,
        standing=Standing.MEMBER,
        person=person_of(policy, account),
        timezone=_local_zone(),
    )


class Logins:
    """Logins of this machine."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def look_up(self, account: Account) -> Actor | None:
        """A member as long as the login is there; None for a login of another machine."""
        if account.team != socket.gethostname():
            return None
        try:
            pwd.getpwnam(account.id)
        except KeyError:
            return self._actor(account, Standing.DEACTIVATED)
        return self._actor(account, Standing.MEMBER)

    def _actor(self, account: Account, standing: Standing) -> Actor:
        return Actor(account=account, standing=standing, person=person_of(self._policy, account))


class Connected(Directory, Protocol):
    """A directory with a connection to close."""

    async def aclose(self) -> None:
        """Close it."""
        ...


class Accounts:
    """Asks whoever vouches for the account. Implements `bot.ports.Directory`."""

    def __init__(self, terminal: Logins, slack: Callable[[], Connected]) -> None:
        """`slack` is called when the first of Slack's accounts or channels is asked for."""
        self._terminal, self._make_slack = terminal, slack
        self._slack: Connected | None = None

    async def look_up(self, account: Account) -> Actor | None:
        """See `bot.ports.Directory`; nobody votes as the bot itself."""
        match account.origin:
            case Origin.TERMINAL:
                return await self._terminal.look_up(account)
            case Origin.SLACK:
                return await self._in_slack().look_up(account)
            case Origin.BOT:
                return None

    async def is_public(self, channel: str) -> bool:
        """See `bot.ports.Directory`."""
        return await self._in_slack().is_public(channel)

    def _in_slack(self) -> Connected:
        self._slack = self._slack or self._make_slack()
        return self._slack

    async def aclose(self) -> None:
        """Close the connection to Slack if there is one."""
        if self._slack is not None:
            await self._slack.aclose()


def _local_zone() -> str:
    """The machine's IANA zone; UTC when it does not say."""
    zone = os.environ.get("TZ", "").lstrip(":")
    if not zone and os.path.islink("/etc/localtime"):  # noqa: PTH114 - a plain question, no path work
        zone = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return zone or "UTC"
