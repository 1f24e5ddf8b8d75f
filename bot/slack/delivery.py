"""Turns a message that should stand somewhere into a job for the sender."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.event import Place, Shown
from bot.model.incident import Incident, IncidentStatus
from bot.slack.api import Api
from bot.slack.blocks import Message, Upload, full_output
from bot.slack.evidence import Texts
from bot.slack.sender import Job

#: Incidents older than this are left as they stand, unless work is unfinished.
RECENT_S = 24 * 3600.0
#: Where the message of a key stands, as far as is known.
Stands = Callable[[Incident, str], Shown | None]
_PLAIN = "(Slack refused the full message; `export` has everything.)"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a message is to stand."""

    channel: str
    #: None: in the channel itself.
    thread: str | None
    #: The message it replaces; None: it is new.
    shown: Shown | None = None
    #: Place among the incident's messages.
    order: int = 0


def digest_of(message: Message | Upload) -> str:
    """SHA-256 of what the message says, hex."""
    if isinstance(message, Upload):
        said = json.dumps([message.name, message.title])
    else:
        said = json.dumps([message.text, message.blocks], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def is_shown(incident: Incident, wanted: Sequence[Message | Upload]) -> bool:
    """Whether Slack shows all of it as it is now, by the ledger."""
    return all(
        message.key in incident.shown
        and (isinstance(message, Upload) or incident.shown[message.key].digest == digest_of(message))
        for message in wanted
    )


def is_kept_up(incident: Incident, now: datetime) -> bool:
    """False when what stands in Slack is left as it is: nothing is unfinished and it is a day old."""
    age_s = (now - incident.clock_at).total_seconds() if incident.clock_at else 0.0
    return age_s < RECENT_S or incident.status is not IncidentStatus.DONE


def thread_of(place: Place, root: Shown | None) -> str | None:
    """The thread that an incident's messages stand in; None while its root does not stand."""
    return place.thread or (root.ts if root else None)


def spot_of(
    incident: Incident, place: Place, message: Message | Upload, *, stands: Stands, order: int
) -> Spot | None:
    """Where a message is to stand; None for one of a thread that does not stand yet."""
    shown = stands(incident, message.key)
    elsewhere = message.channel if isinstance(message, Message) else None
    if elsewhere is not None:
        return Spot(channel=incident.channel_now(elsewhere), thread=None, shown=shown, order=order)
    thread = thread_of(place, stands(incident, "root"))
    if thread is None and not (isinstance(message, Message) and message.is_root):
        return None
    return Spot(channel=place.channel, thread=thread, shown=shown, order=order)


def job_of(api: Api, texts: Texts, incident: Incident, message: Message | Upload, spot: Spot) -> Job:
    """The job that makes the message stand at the spot as it is now."""
    if isinstance(message, Upload):
        return _upload(api, texts, incident, message, spot)
    if spot.shown is not None:
        return _update(api, incident, message, spot, spot.shown.ts)
    return _post(api, incident, message, spot)


def _post(api: Api, incident: Incident, message: Message, spot: Spot) -> Job:
    mark = {"incident": incident.id, "key": message.key}

    async def send() -> str:
        return await api.post(
            spot.channel, thread=spot.thread, text=message.text, blocks=message.blocks, mark=mark
        )

    async def send_plain() -> str:
        said = f"{message.text} {_PLAIN}"
        return await api.post(spot.channel, thread=spot.thread, text=said, blocks=(), mark=mark)

    return Job(
        name=(incident.id, message.key),
        what="post",
        channel=spot.channel,
        urgency=message.urgency,
        order=spot.order,
        send=send,
        send_plain=send_plain,
        find=_finder(api, incident, message.key, spot),
        digest=digest_of(message),
    )


def _update(api: Api, incident: Incident, message: Message, spot: Spot, ts: str) -> Job:
    async def send() -> str:
        await api.update(spot.channel, ts, text=message.text, blocks=message.blocks)
        return ts

    async def send_plain() -> str:
        await api.update(spot.channel, ts, text=f"{message.text} {_PLAIN}", blocks=())
        return ts

    return Job(
        name=(incident.id, message.key),
        what="update",
        channel=spot.channel,
        urgency=message.urgency,
        send=send,
        send_plain=send_plain,
        digest=digest_of(message),
    )


def _upload(api: Api, texts: Texts, incident: Incident, upload: Upload, spot: Spot) -> Job:
    async def send() -> str:
        run = next(one for one in incident.runs if one.number == upload.run)
        wanted = [step.event.evidence for step in run.steps if step.event.evidence]
        content = full_output(incident, run, await texts.of(wanted))
        return await api.upload(
            spot.channel, thread=spot.thread, name=upload.name, title=upload.title, content=content
        )

    return Job(
        name=(incident.id, upload.key),
        what="upload",
        channel=spot.channel,
        urgency=upload.urgency,
        order=spot.order,
        send=send,
        find=_finder(api, incident, f"title:{upload.title}", spot),
        digest=digest_of(upload),
    )


def _finder(api: Api, incident: Incident, key: str, spot: Spot) -> Callable[[], Awaitable[str | None]]:
    async def find() -> str | None:
        since = incident.opened_at
        if since is None:
            return None
        return (await api.posted(spot.channel, incident.id, thread=spot.thread, since=since)).get(key)

    return find
