"""conversations.*: channels, members, what was said."""

from bot.devslack.errors import SlackError
from bot.devslack.message import Message
from bot.devslack.methods.paging import page_of
from bot.devslack.methods.registry import method
from bot.devslack.objects import channel_object
from bot.devslack.parts import Parts
from bot.devslack.posting import channel_of
from bot.devslack.wire import Payload, is_yes, text_of
from bot.devslack.world import Channel

_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")


@method("conversations.info", scopes=_READ, tier=3)
def info(parts: Parts, args: Payload) -> Payload:
    """One channel."""
    return {"channel": channel_object(channel_of(parts, text_of(args, "channel")))}


@method("conversations.list", scopes=_READ, tier=2)
def list_(parts: Parts, args: Payload) -> Payload:
    """Channels the bot can see."""
    seen = [item for item in parts.world.channels.values() if item.has_bot or not item.is_private]
    page, more = page_of(args, seen)
    return {"channels": [channel_object(item) for item in page]} | more


@method("conversations.members", scopes=_READ, tier=4)
def members(parts: Parts, args: Payload) -> Payload:
    """Who is in a channel."""
    page, more = page_of(args, channel_of(parts, text_of(args, "channel")).members)
    return {"members": page} | more


@method("conversations.open", scopes=("im:write",), tier=3)
def open_(parts: Parts, args: Payload) -> Payload:
    """The direct-message channel with somebody."""
    user = text_of(args, "users").split(",")[0]
    if user not in parts.world.people:
        raise SlackError("user_not_found")
    return {"channel": {"id": parts.world.im_with(user).id}}


@method("conversations.history", scopes=_HISTORY, tier=3)
def history(parts: Parts, args: Payload) -> Payload:
    """Messages of a channel, the newest first, without replies."""
    channel = _read(parts, args)
    found = [
        item for item in parts.world.in_channel(channel.id) if item.thread_ts is None or item.is_broadcast
    ]
    page, more = page_of(args, [item for item in reversed(found) if _is_between(item, args)])
    return {"messages": [_shown(parts, args, item) for item in page]} | more


@method("conversations.replies", scopes=_HISTORY, tier=3)
def replies(parts: Parts, args: Payload) -> Payload:
    """A thread: its parent, then the replies in order."""
    channel = _read(parts, args)
    parent = parts.world.find(channel.id, text_of(args, "ts"))
    if parent is None or parent.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    found = [parent, *(item for item in parts.world.replies(parent) if _is_between(item, args))]
    page, more = page_of(args, found)
    return {"messages": [_shown(parts, args, item) for item in page]} | more


def _read(parts: Parts, args: Payload) -> Channel:
    channel = channel_of(parts, text_of(args, "channel"))
    if not channel.has_bot and parts.strict.on("in_channel"):
        raise SlackError("not_in_channel")
    return channel


def _is_between(message: Message, args: Payload) -> bool:
    oldest, latest = text_of(args, "oldest"), text_of(args, "latest")
    if message.ts in (oldest, latest):
        return is_yes(args.get("inclusive"))
    return (not oldest or float(message.ts) > float(oldest)) and (
        not latest or float(message.ts) < float(latest)
    )


def _shown(parts: Parts, args: Payload, message: Message) -> Payload:
    shown = message.for_slack(parts.base, parts.world.replies(message))
    if not is_yes(args.get("include_all_metadata")):
        shown.pop("metadata", None)
    return shown
