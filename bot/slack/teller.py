"""Answers one person, and nobody else, with a sentence."""

import logging

import aiohttp

from bot.errors import ChatError
from bot.slack.api import Api
from bot.slack.blocks.text import escape
from bot.slack.caller import Caller

_log = logging.getLogger(__name__)


class Teller:
    """Uses the response URL or an ephemeral message, whichever suits; one stands in for the other."""

    def __init__(self, api: Api, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session

    async def tell(self, caller: Caller, text: str, *, is_marked_up: bool = False) -> None:
        """Show the sentence. Never raises: when nothing gets through it is logged.

        `is_marked_up`: the text is ours and its marks are meant; otherwise they are made literal.
        """
        said = text if is_marked_up else escape(text)
        # A command may come from a channel that the bot is not in; a click or mention never does.
        is_command = caller.response_url is not None and caller.thread is None
        ways = [self._respond, self._whisper] if is_command else [self._whisper, self._respond]
        for way in ways:
            if await way(caller, said[:3500]):
                return
        _log.warning("could not answer %s in %s", caller.user, caller.channel)

    async def _respond(self, caller: Caller, text: str) -> bool:
        if caller.response_url is None:
            return False
        body = {"response_type": "ephemeral", "replace_original": False, "text": text}
        try:
            async with self._session.post(caller.response_url, json=body) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def _whisper(self, caller: Caller, text: str) -> bool:
        if not caller.channel or not caller.user:
            return False
        try:
            await self._api.whisper(caller.channel, caller.user, thread=caller.thread, text=text)
        except ChatError:
            return False
        return True
