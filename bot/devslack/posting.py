"""Putting messages of the app into channels: shared by methods, response URLs and acknowledgements."""

from bot.devslack.content import Content, content_of
from bot.devslack.errors import SlackError
from bot.devslack.message import Message
from bot.devslack.parts import Parts
from bot.devslack.seed import APP_USER
from bot.devslack.wire import Payload, is_yes, text_of
from bot.devslack.world import APP_ID, BOT_ID, Channel


def channel_of(parts: Parts, name: str) -> Channel:
    """A channel by id, `#name` or a user's id (a direct message); SlackError `channel_not_found`."""
    world = parts.world
    if name in world.people and name != APP_USER:
        return world.im_with(name)
    channel = world.channels.get(name) or next(
        (item for item in world.channels.values() if f"#{item.name}" == name), None
    )
    if channel is None:
        raise SlackError("channel_not_found")
    if channel.is_private and not channel.has_bot and parts.strict.on("channel_known"):
        raise SlackError("channel_not_found")
    return channel


def writable(parts: Parts, name: str) -> Channel:
    """A channel the bot may post in; SlackError `not_in_channel`."""
    channel = channel_of(parts, name)
    may = channel.has_bot or "chat:write.public" in parts.rights.scopes
    if not may and parts.strict.on("in_channel"):
        raise SlackError("not_in_channel")
    return channel


def thread_of(parts: Parts, channel: Channel, thread_ts: str) -> str | None:
    """The parent's ts, or None for the channel; SlackError `thread_not_found`."""
    if not thread_ts:
        return None
    parent = parts.world.find(channel.id, thread_ts)
    is_parent = parent is not None and parent.thread_ts is None and parent.ephemeral_to is None
    if not is_parent and parts.strict.on("thread_parent"):
        raise SlackError("thread_not_found")
    return thread_ts


def compose(parts: Parts, channel: Channel, content: Content, **more: object) -> Message:
    """A message of the app, not yet in the channel."""
    message = Message(
        ts=parts.ids.ts(),
        channel=channel.id,
        user=APP_USER,
        bot_id=BOT_ID,
        app_id=APP_ID,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
    )
    for name, value in more.items():
        setattr(message, name, value)
    return message


def answer_hook(parts: Parts, token: str, body: object) -> None:
    """What a POST to a response URL does; SlackError when it may not."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    hook = parts.hooks.use(token)
    channel = channel_of(parts, hook.channel)
    original = parts.world.find(hook.channel, hook.message_ts) if hook.message_ts else None
    if is_yes(body.get("delete_original")) and original is not None:
        parts.world.remove(original)
        return
    if is_yes(body.get("replace_original")) and original is not None:
        replace(parts, original, content_of(parts, body))
        return
    respond(parts, channel, hook.user, body | {"thread_ts": body.get("thread_ts") or hook.thread_ts})


def respond(parts: Parts, channel: Channel, user: str, body: Payload) -> None:
    """An answer to a command or click: ephemeral unless `response_type` is `in_channel`."""
    content = content_of(parts, body)
    to = None if body.get("response_type") == "in_channel" else user
    thread_ts = text_of(body, "thread_ts") or None
    parts.world.add(compose(parts, channel, content, ephemeral_to=to, thread_ts=thread_ts))


def replace(parts: Parts, message: Message, content: Content) -> None:
    """New content for a message that stands."""
    message.text = content.text
    message.blocks = content.blocks
    message.attachments = content.attachments
    message.edited = {"user": message.user, "ts": parts.ids.ts()}
    parts.world.show(message)
