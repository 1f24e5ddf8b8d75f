"""Response URLs: five answers within half an hour, each interaction its own."""

from dataclasses import dataclass

from bot.devslack.checks import Strict
from bot.devslack.clock import Clock
from bot.devslack.errors import SlackError
from bot.devslack.ids import Ids

USES = 5
LIFE_S = 1800.0


@dataclass(kw_only=True)
class Hook:
    """What a response URL answers to."""

    user: str
    channel: str
    at: float
    #: The message that was clicked; None for a command.
    message_ts: str | None = None
    #: Thread of that message.
    thread_ts: str | None = None
    uses: int = 0


class Hooks:
    """Issued with every command and click in a channel."""

    def __init__(self, clock: Clock, ids: Ids, strict: Strict) -> None:
        self._clock = clock
        self._ids = ids
        self._strict = strict
        self._known: dict[str, Hook] = {}

    def issue(
        self, *, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """The secret part of a fresh URL."""
        token = self._ids.secret(24)
        self._known[token] = Hook(
            user=user, channel=channel, at=self._clock.now(), message_ts=message_ts, thread_ts=thread_ts
        )
        return token

    def use(self, token: str) -> Hook:
        """Count one use. SlackError `expired_url`, `used_url`, or `no_such_url` when unknown."""
        hook = self._known.get(token)
        if hook is None:
            raise SlackError("no_such_url")
        if self._clock.now() - hook.at > LIFE_S and self._strict.on("response_url_age"):
            raise SlackError("expired_url")
        if hook.uses >= USES and self._strict.on("response_url_uses"):
            raise SlackError("used_url")
        hook.uses += 1
        return hook
