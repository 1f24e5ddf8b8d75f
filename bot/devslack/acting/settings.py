"""Changing the workspace itself: faults, groups, membership, starting over."""

from bot.devslack.acting import payloads
from bot.devslack.errors import PageError
from bot.devslack.parts import Parts
from bot.devslack.seed import OTHER_TEAM
from bot.devslack.snapshot import groups_of
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import Channel


async def set_fault(parts: Parts, body: Payload) -> Payload:
    """Set a fault; those that strike at once strike now."""
    fault = parts.faults.set(body)
    if fault.kind in ("drop_sockets", "away"):
        await parts.sockets.drop()
    if fault.kind == "disconnect":
        await parts.sockets.disconnect(fault.error)
    return {"ok": True, "fault": fault.for_page()}


def clear_fault(parts: Parts, body: Payload) -> Payload:
    """Clear one fault, or all."""
    parts.faults.clear(text_of(body, "id") or None)
    return {"ok": True}


def change_group(parts: Parts, body: Payload) -> Payload:
    """A user group's new members."""
    group = parts.world.groups.get(text_of(body, "group"))
    users = body.get("users")
    if group is None or not isinstance(users, list):
        raise PageError(
            "group_not_found", "Name a group of this workspace and the list of its users.", status=404
        )
    unknown = [user for user in users if not isinstance(user, str) or user not in parts.world.people]
    if unknown:
        raise PageError("user_not_found", f"There is no person {unknown[0]!r}.", status=404)
    group.users = list(users)
    parts.feed.tell({"type": "groups", "groups": groups_of(parts)})
    return {"ok": True}


def change_channel(parts: Parts, body: Payload) -> Payload:
    """Somebody joins or leaves a channel; the app too."""
    channel = parts.world.channels.get(text_of(body, "channel"))
    user = text_of(body, "user")
    if channel is None or user not in parts.world.people:
        raise PageError("channel_not_found", "Name a channel and a person of this workspace.", status=404)
    if body.get("is_member") is True and user not in channel.members:
        channel.members.append(user)
    if body.get("is_member") is False and user in channel.members:
        channel.members.remove(user)
    parts.world.show_channels()
    return {"ok": True}


def share_channel(parts: Parts, body: Payload) -> Payload:
    """Slack Connect begins or ends in a channel; the app in it is told when it subscribed.

    A private channel that is shared gets another id, and keeps it. Source: docs.slack.dev,
    event channel_id_changed.
    """
    channel, is_shared = parts.world.channels.get(text_of(body, "channel")), body.get("is_shared")
    if channel is None or not isinstance(is_shared, bool):
        raise PageError("channel_not_found", "Name a channel and whether it is shared.", status=404)
    if channel.is_shared == is_shared:
        return {"ok": True, "channel": channel.id}
    channel.is_shared = is_shared
    if is_shared and channel.is_private:
        old = channel.id
        parts.world.move(channel, parts.ids.next("C"))
        _tell(parts, channel, "channel_id_changed", {"old_channel_id": old, "new_channel_id": channel.id})
    parts.world.show_channels()
    if is_shared:
        _tell(parts, channel, "channel_shared", {"channel": channel.id, "connected_team_id": OTHER_TEAM})
    else:
        said = {"previously_connected_team_id": OTHER_TEAM, "is_ext_shared": False}
        _tell(parts, channel, "channel_unshared", said | {"channel": channel.id})
    return {"ok": True, "channel": channel.id}


def _tell(parts: Parts, channel: Channel, name: str, said: Payload) -> None:
    if channel.has_bot and (name in parts.rights.events or not parts.strict.on("event_subscribed")):
        inner = {**said, "type": name, "event_ts": parts.ids.ts()}
        parts.delivery.event(payloads.event(parts, channel, inner))


def reset(parts: Parts, _body: Payload) -> Payload:
    """Back to the seed, without faults."""
    parts.faults.clear()
    parts.world.reset()
    return {"ok": True}


def deliveries(parts: Parts) -> list[Payload]:
    """Every payload that was sent to the app."""
    return [
        {
            "n": number,
            "type": record.parcel.payload.get("type") or record.parcel.sort.value,
            "id": record.parcel.payload.get("event_id") or record.parcel.payload.get("trigger_id"),
            "attempt": record.parcel.attempt,
            "ack_ms": round(record.ack.ms, 1),
            "outcome": record.ack.outcome.value,
        }
        for number, record in enumerate(parts.delivery.records, start=1)
    ]
