"""The workspace as one person sees it, for the page."""

from bot.devslack.parts import Parts
from bot.devslack.seed import APP_USER, TEAM, Person
from bot.devslack.wire import Payload
from bot.devslack.world import APP_ID, BOT_ID, Group


def snapshot(parts: Parts, user: str) -> Payload:
    """Everything `/local/state` answers."""
    world = parts.world
    return {
        "ok": True,
        "seq": parts.feed.seq,
        "me": user,
        "team": {"id": TEAM, "name": "Local", "domain": "local"},
        "app": app_of(parts),
        "users": [_user(person) for person in world.people.values()],
        "channels": [channel.for_page() for channel in world.channels.values()],
        "groups": groups_of(parts),
        "messages": [message.for_page(world.replies(message)) for message in world.seen_by(user)],
        "files": [file.for_page() for file in world.files.values() if _is_seen(parts, user, file.channel)],
        "views": [view.for_page() for view in world.views.get(user, [])],
        "commands": [_command(item) for item in parts.rights.commands.values()],
        "shortcuts": [_shortcut(item) for item in parts.rights.shortcuts.values()],
        "faults": parts.faults.for_page(),
    }


def app_of(parts: Parts) -> Payload:
    """The app under test and how it is connected."""
    return {
        "id": APP_ID,
        "name": parts.rights.name,
        "user": APP_USER,
        "bot_id": BOT_ID,
        "mode": "http" if parts.is_http else "socket",
        "connections": parts.sockets.count,
    }


def groups_of(parts: Parts) -> list[Payload]:
    """User groups with their members."""
    return [_group(group) for group in parts.world.groups.values()]


def _is_seen(parts: Parts, user: str, channel: str | None) -> bool:
    return channel is not None and user in parts.world.channels[channel].members


def _user(person: Person) -> Payload:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "kind": person.kind.value,
        "team_id": person.team,
        "tz": person.tz,
        "is_bot": person.kind.value in {"bot", "app"},
        "is_deleted": person.kind.value == "deactivated",
    }


def _group(group: Group) -> Payload:
    return {"id": group.id, "handle": group.handle, "name": group.name, "users": list(group.users)}


def _command(item: Payload) -> Payload:
    return {key: item.get(key, "") for key in ("command", "description", "usage_hint")}


def _shortcut(item: Payload) -> Payload:
    return {key: item.get(key, "") for key in ("name", "type", "callback_id", "description")}
