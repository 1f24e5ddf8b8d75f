"""users.* and usergroups.*."""

from bot.devslack.errors import SlackError
from bot.devslack.methods.paging import page_of
from bot.devslack.methods.registry import method
from bot.devslack.objects import user_object
from bot.devslack.parts import Parts
from bot.devslack.seed import TEAM, Kind
from bot.devslack.wire import Payload, is_yes, text_of
from bot.devslack.world import Group


@method("users.info", scopes=("users:read",), tier=4)
def user_info(parts: Parts, args: Payload) -> Payload:
    """One person; people of other companies only through a shared channel with the bot."""
    person = parts.world.people.get(text_of(args, "user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": user_object(person)}


@method("users.list", scopes=("users:read",), tier=2)
def users_list(parts: Parts, args: Payload) -> Payload:
    """People of this workspace, deactivated ones too; no strangers."""
    own = [
        item for item in parts.world.people.values() if item.team == TEAM and item.kind is not Kind.STRANGER
    ]
    page, more = page_of(args, own)
    return {"members": [user_object(person) for person in page]} | more


@method("usergroups.list", scopes=("usergroups:read",), tier=2)
def usergroups_list(parts: Parts, args: Payload) -> Payload:
    """All user groups; their members with `include_users`."""
    with_users = is_yes(args.get("include_users"))
    return {"usergroups": [_group(item, with_users=with_users) for item in parts.world.groups.values()]}


@method("usergroups.users.list", scopes=("usergroups:read",), tier=2)
def usergroup_users(parts: Parts, args: Payload) -> Payload:
    """Who is in a user group now; deactivated people left out."""
    group = parts.world.groups.get(text_of(args, "usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    people = parts.world.people
    return {"users": [user for user in group.users if people[user].kind is not Kind.DEACTIVATED]}


def _group(group: Group, *, with_users: bool) -> Payload:
    shown: Payload = {
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "user_count": len(group.users),
        "date_delete": 0,
    }
    return shown | ({"users": list(group.users)} if with_users else {})
