"""Trigger ids: good for one view within three seconds."""

from dataclasses import dataclass

from bot.devslack.checks import Strict
from bot.devslack.clock import Clock
from bot.devslack.errors import SlackError
from bot.devslack.ids import Ids

LIFE_S = 3.0


@dataclass(kw_only=True)
class Trigger:
    """Who did something, when, and whether a view was opened for it."""

    user: str
    at: float
    is_used: bool = False


class Triggers:
    """Given out with every interaction, traded in for a view."""

    def __init__(self, clock: Clock, ids: Ids, strict: Strict) -> None:
        self._clock = clock
        self._ids = ids
        self._strict = strict
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str) -> str:
        """A fresh trigger id for this person."""
        trigger_id = f"{self._ids.next('')}.{self._ids.secret(8)}"
        self._known[trigger_id] = Trigger(user=user, at=self._clock.now())
        return trigger_id

    def trade(self, trigger_id: str) -> str:
        """The person it was for. SlackError when it is unknown, used or older than 3 s."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used and self._strict.on("trigger_once"):
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.at > LIFE_S and self._strict.on("trigger_age"):
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger.user
