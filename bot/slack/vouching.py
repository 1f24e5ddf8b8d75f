"""Slack asked about an account by whoever is about to act: the server, or a command in a terminal."""

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ChatError
from bot.model.person import Account, Actor
from bot.policy import Policy
from bot.slack.api import Api
from bot.slack.identity import Directory, Home, directory_for
from bot.slack.setup import SlackSettings, SystemTime

#: An action waits for this; what Slack does not say by then counts as not said.
DEADLINE_S = 5.0


class SlackVouches:
    """Signs in when it is first asked. Implements `bot.ports.Directory`."""

    def __init__(self, policy: Policy, settings: SlackSettings) -> None:
        self._policy, self._api_url = policy, settings.slack_api_url
        secret = settings.slack_bot_token
        self._token = secret.get_secret_value() if secret else ""
        self._session: aiohttp.ClientSession | None = None
        self._directory: Directory | None = None

    async def look_up(self, account: Account) -> Actor | None:
        """See `bot.ports.Directory`; None also without a token, or when Slack takes too long."""
        if not self._token:
            return None
        try:
            async with asyncio.timeout(DEADLINE_S):
                directory = self._directory or await self._sign_in()
                return await directory.look_up(account)
        except (TimeoutError, ChatError):
            return None

    async def is_public(self, channel: str) -> bool:
        """See `bot.ports.Directory`; False also without a token, or when Slack takes too long."""
        if not self._token:
            return False
        try:
            async with asyncio.timeout(DEADLINE_S):
                directory = self._directory or await self._sign_in()
                directory.forget(channel)
                return await directory.is_public(channel)
        except (TimeoutError, ChatError):
            return False

    async def aclose(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()

    async def _sign_in(self) -> Directory:
        self._session = self._session or aiohttp.ClientSession()
        client = AsyncWebClient(
            token=self._token, base_url=self._api_url, session=self._session, retry_handlers=[]
        )
        api = Api(client)
        home = Home.of(await api.self_test())
        self._directory = directory_for(self._policy, api, SystemTime(), home)
        return self._directory
