"""People's own messages and files, and the events they cause."""

from bot.devslack.acting import payloads
from bot.devslack.acting.composer import typed
from bot.devslack.acting.who import actor, seen_channel
from bot.devslack.errors import PageError
from bot.devslack.message import File, Message
from bot.devslack.parts import Parts
from bot.devslack.seed import APP_USER, Person
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import Channel


def post(parts: Parts, body: Payload) -> Payload:
    """Write in a channel or thread; a mention of the app becomes an event."""
    person = actor(parts, body)
    channel = seen_channel(parts, person, text_of(body, "channel"))
    text = text_of(body, "text").strip()
    if not text:
        raise PageError("no_text", "There is nothing to send.")
    if text.startswith("/"):
        raise PageError("use_command", "A text that begins with / is a command.")
    message = Message(
        ts=parts.ids.ts(),
        channel=channel.id,
        user=person.id,
        text=typed(parts.world, text),
        thread_ts=_thread(parts, channel, text_of(body, "thread_ts")),
    )
    parts.world.add(message)
    _tell_app(parts, person, channel, message)
    return {"ok": True, "ts": message.ts}


def upload(parts: Parts, body: Payload) -> Payload:
    """Share a text file."""
    person = actor(parts, body)
    channel = seen_channel(parts, person, text_of(body, "channel"))
    content = text_of(body, "text").encode()
    name = text_of(body, "name") or "file.txt"
    file = File(
        id=parts.ids.next("F"),
        name=name,
        title=name,
        user=person.id,
        announced_bytes=len(content),
        content=content,
        channel=channel.id,
        thread_ts=_thread(parts, channel, text_of(body, "thread_ts")),
        ts=parts.ids.ts(),
    )
    parts.world.add_file(file)
    parts.world.add(
        Message(ts=file.ts, channel=channel.id, user=person.id, thread_ts=file.thread_ts, files=[file])
    )
    parts.world.share(file)
    return {"ok": True, "file": file.for_page()}


def dismiss(parts: Parts, body: Payload) -> Payload:
    """Take an ephemeral message away."""
    person = actor(parts, body)
    message = parts.world.find(text_of(body, "channel"), text_of(body, "ts"))
    if message is None or message.ephemeral_to != person.id:
        raise PageError("message_not_found", "That message is gone.", status=404)
    parts.world.remove(message)
    return {"ok": True}


def _thread(parts: Parts, channel: Channel, thread_ts: str) -> str | None:
    if not thread_ts:
        return None
    parent = parts.world.find(channel.id, thread_ts)
    if parent is None or parent.thread_ts is not None or parent.ephemeral_to is not None:
        raise PageError("thread_not_found", "That thread is gone.", status=404)
    return thread_ts


def _tell_app(parts: Parts, person: Person, channel: Channel, message: Message) -> None:
    if not channel.has_bot:
        return
    inner: Payload = {
        "user": person.id,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": parts.ids.secret(),
        "team": person.team,
        "user_team": person.team,
        "source_team": person.team,
        "channel": channel.id,
        "event_ts": message.ts,
    } | ({"thread_ts": message.thread_ts} if message.thread_ts else {})
    if f"<@{APP_USER}>" in message.text:
        _event(parts, channel, "app_mention", inner | {"type": "app_mention"})
    scope = "message.im" if channel.is_im else "message.groups" if channel.is_private else "message.channels"
    kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
    _event(parts, channel, scope, inner | {"type": "message", "channel_type": kind})


def _event(parts: Parts, channel: Channel, name: str, inner: Payload) -> None:
    if name in parts.rights.events or not parts.strict.on("event_subscribed"):
        parts.delivery.event(payloads.event(parts, channel, inner))
