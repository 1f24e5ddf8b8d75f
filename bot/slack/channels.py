"""What becomes of channels: shared with another organisation, no longer, or under another id.

It is written down in each incident that is shown there. So every process knows, and the thread goes on at
once: where it is now, or where something may be said again.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.errors import LedgerError
from bot.model.event import ChannelChange, ChannelChanged
from bot.model.incident import Incident, fold
from bot.slack.caller import Body
from bot.slack.counter import Office
from bot.slack.delivery import is_kept_up

_log = logging.getLogger(__name__)
#: How many incidents back is looked for those that are shown in a channel.
_LATEST = 500
_RETRY_S = 5.0
#: Slack's names of the events.
CHANGES = {
    "channel_shared": ChannelChange.SHARED,
    "channel_unshared": ChannelChange.UNSHARED,
    "channel_id_changed": ChannelChange.MOVED,
}


class Channels:
    """Serves the events that Slack sends of channels."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def note(self, changed: ChannelChanged) -> None:
        """Write it down and show what waited; waits itself for a ledger that is away."""
        for channel in {changed.channel, changed.now}:
            self._office.directory.forget(channel)
        if changed.change is ChannelChange.MOVED:
            # The policy is a file of the operator's: it names channels by the ids they had.
            _log.warning(
                "channel %s is %s from now on; say so in the fleet file", changed.channel, changed.now
            )
        while True:
            try:
                async for incident in self._shown_there(changed):
                    await self._office.ledger.append(incident, [changed])
                    self._office.presenter.changed(incident)
            except LedgerError as error:
                _log.warning("cannot note what became of channel %s: %s", changed.channel, error)
                await self._office.time.sleep(_RETRY_S)
            else:
                return

    async def _shown_there(self, changed: ChannelChanged) -> AsyncIterator[str]:
        """Incidents that are shown in the channel and do not know of it yet."""
        now = await self._office.ledger.now()
        for name in await self._office.ledger.incidents(limit=_LATEST):
            incident = fold(await self._office.ledger.entries(name))
            # Also of an old one the buttons must be known again in a channel that has another id.
            is_meant = changed.change is ChannelChange.MOVED or is_kept_up(incident, now)
            is_news = incident.channel_changes[-1:] != (changed,)
            if is_meant and is_news and changed.channel in _channels_of(incident):
                yield name


def channel_changed(body: Body) -> ChannelChanged | None:
    """What an event says; None when it does not name a channel."""
    event: Mapping[str, Any] = body.get("event") or {}
    change = CHANGES[event["type"]]
    channel = event.get("old_channel_id" if change is ChannelChange.MOVED else "channel")
    now = event.get("new_channel_id") if change is ChannelChange.MOVED else channel
    if not (isinstance(channel, str) and isinstance(now, str) and channel and now):
        return None
    return ChannelChanged(channel=channel, change=change, now=now)


def _channels_of(incident: Incident) -> frozenset[str]:
    """Where anything of it stands or is to stand, by today's ids."""
    stand = {one.channel for one in incident.shown.values()}
    told = {incident.channel_now(vote.event.alert) for vote in incident.broken_glass}
    return frozenset({*stand, *told, *([incident.place.channel] if incident.place else [])})
