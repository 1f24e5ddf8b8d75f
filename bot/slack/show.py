"""What this process is doing for one incident in Slack, between the ledger and the sender."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.model.event import ChannelChanged, Shown
from bot.model.incident import Incident
from bot.slack.failures import Refused

#: Told when Slack refuses to show an incident for good, e.g. because the bot is not in the channel.
OnRefused = Callable[[Refused], Awaitable[None]]


@dataclass
class Show:
    """What this process is doing for one incident."""

    is_dirty: bool = True
    task: "asyncio.Task[None] | None" = None
    #: Message key -> its send; until it is done the key is left alone, but for newer versions.
    under_way: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    #: Where messages stand that this process sent or found, before the ledger tells.
    known: dict[str, Shown] = field(default_factory=dict)
    #: Messages that somebody deleted; they are posted anew.
    lost: set[str] = field(default_factory=set)
    #: What became of the incident's channels, as far as was acted on here.
    changes: tuple[ChannelChanged, ...] = ()
    #: How often in a row Slack refused what must be heard.
    refused: int = 0
    is_looked_up: bool = False
    on_refused: OnRefused | None = None

    @property
    def is_over(self) -> bool:
        """True when the ledger knows all that is known here, so that nothing need be remembered."""
        waits = self.is_dirty or self.refused or self.on_refused
        return not (waits or self.known or self.under_way or self.lost)

    def forget_recorded(self, incident: Incident) -> None:
        """Drop what the ledger has by now."""
        self.known = {key: one for key, one in self.known.items() if incident.shown.get(key) != one}
        if "root" in incident.shown:
            self.on_refused = None

    def follow(self, incident: Incident) -> tuple[ChannelChanged, ...]:
        """What became of channels since this was last asked; what is known here goes along."""
        news = incident.channel_changes[len(self.changes) :]
        self.changes = incident.channel_changes
        self.known = {
            key: replace(one, channel=incident.channel_now(one.channel)) for key, one in self.known.items()
        }
        return news

    def has_left(self, channel: str) -> bool:
        """Whether the channel has another id by now."""
        return any(one.channel == channel != one.now for one in self.changes)

    def stands(self, incident: Incident, key: str) -> Shown | None:
        """Where the message stands, as far as is known."""
        if key in self.lost:
            return None
        return self.known.get(key) or incident.shown.get(key)
