"""Finds messages that an earlier process posted and could not write down."""

from collections.abc import Sequence

from bot.model.event import Place, Shown
from bot.model.incident import Incident
from bot.slack.api import Api
from bot.slack.blocks import Message, Upload
from bot.slack.delivery import thread_of
from bot.slack.show import Show


async def leftovers(
    api: Api, incident: Incident, place: Place, show: Show, wanted: Sequence[Message | Upload]
) -> tuple[Shown, ...]:
    """Where those of the wanted messages stand that neither the ledger nor this process knows of.

    Their digest is empty: what they say is not known. Raises what `Api.posted` raises.
    """
    since = incident.opened_at
    if since is None or not place.channel or all(message.key in incident.shown for message in wanted):
        return ()
    thread = thread_of(place, show.stands(incident, "root"))
    found = await api.posted(place.channel, incident.id, thread=thread, since=since)
    if thread is None and "root" in found:
        found |= await api.posted(place.channel, incident.id, thread=found["root"], since=since)
    stands = {message.key: found.get(_name(message)) for message in wanted}
    return tuple(
        Shown(key=key, channel=place.channel, ts=ts, digest="")
        for key, ts in stands.items()
        if ts is not None and show.stands(incident, key) is None
    )


def _name(message: Message | Upload) -> str:
    return f"title:{message.title}" if isinstance(message, Upload) else message.key
