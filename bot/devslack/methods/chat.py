"""chat.*: posting, updating, deleting."""

from bot.devslack.content import content_of
from bot.devslack.errors import SlackError
from bot.devslack.message import Message
from bot.devslack.methods.registry import method
from bot.devslack.parts import Parts
from bot.devslack.posting import channel_of, compose, replace, thread_of, writable
from bot.devslack.seed import APP_USER
from bot.devslack.wire import Payload, is_yes, text_of
from bot.devslack.world import Channel

_WRITE = ("chat:write", "chat:write.public")


@method("chat.postMessage", scopes=_WRITE)
def post_message(parts: Parts, args: Payload) -> Payload:
    """A new message in a channel or thread. Its rate is per channel, not per tier."""
    channel = writable(parts, text_of(args, "channel"))
    content = content_of(parts, args)
    thread_ts = thread_of(parts, channel, text_of(args, "thread_ts"))
    is_broadcast = thread_ts is not None and is_yes(args.get("reply_broadcast"))
    metadata = args.get("metadata") if isinstance(args.get("metadata"), dict) else None
    message = compose(
        parts, channel, content, thread_ts=thread_ts, is_broadcast=is_broadcast, metadata=metadata
    )
    parts.world.add(message)
    return _posted(parts, message, content.warnings)


@method("chat.update", scopes=_WRITE, tier=3)
def update(parts: Parts, args: Payload) -> Payload:
    """New content for one of the bot's own messages."""
    channel = channel_of(parts, text_of(args, "channel"))
    message = _own(parts, channel, text_of(args, "ts"), "cant_update_message")
    # Slack keeps blocks and attachments that an update does not name; an empty list removes them
    kept = {"blocks": message.blocks, "attachments": message.attachments}
    content = content_of(parts, kept | args, has_files=bool(message.files))
    replace(parts, message, content)
    return _posted(parts, message, content.warnings) | {"text": message.text}


@method("chat.delete", scopes=_WRITE, tier=3)
def delete(parts: Parts, args: Payload) -> Payload:
    """Remove one of the bot's own messages."""
    channel = channel_of(parts, text_of(args, "channel"))
    message = _own(parts, channel, text_of(args, "ts"), "cant_delete_message")
    parts.world.remove(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", scopes=_WRITE, tier=4)
def post_ephemeral(parts: Parts, args: Payload) -> Payload:
    """A message that one member of the channel sees."""
    channel = writable(parts, text_of(args, "channel"))
    user = text_of(args, "user")
    if user not in parts.world.people:
        raise SlackError("user_not_found")
    if user not in channel.members and parts.strict.on("user_in_channel"):
        raise SlackError("user_not_in_channel")
    content = content_of(parts, args)
    thread_ts = thread_of(parts, channel, text_of(args, "thread_ts"))
    message = compose(parts, channel, content, thread_ts=thread_ts, ephemeral_to=user)
    parts.world.add(message)
    return {"message_ts": message.ts}


@method("chat.getPermalink")
def get_permalink(parts: Parts, args: Payload) -> Payload:
    """An address that shows the message on the local page."""
    channel = channel_of(parts, text_of(args, "channel"))
    ts = text_of(args, "message_ts")
    if parts.world.find(channel.id, ts) is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": f"{parts.base}/?channel={channel.id}&ts={ts}"}


def _own(parts: Parts, channel: Channel, ts: str, error: str) -> Message:
    message = parts.world.find(channel.id, ts)
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.user != APP_USER and parts.strict.on("own_message"):
        raise SlackError(error)
    return message


def _posted(parts: Parts, message: Message, warnings: tuple[str, ...]) -> Payload:
    shown = message.for_slack(parts.base, parts.world.replies(message))
    answer: Payload = {"channel": message.channel, "ts": message.ts, "message": shown}
    if warnings:
        answer |= {"warning": warnings[0], "response_metadata": {"warnings": list(warnings)}}
    return answer
