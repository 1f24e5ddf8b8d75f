"""People and channels as Slack's Web API shows them to the app."""

from bot.devslack.seed import TEAM, Kind, Person
from bot.devslack.wire import Payload
from bot.devslack.world import Channel


def user_object(person: Person) -> Payload:
    """Slack's user object."""
    is_guest = person.kind is Kind.GUEST
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": person.kind is Kind.DEACTIVATED,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset_s,
        "is_bot": person.kind in {Kind.BOT, Kind.APP},
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": is_guest,
        "is_ultra_restricted": False,
        "is_stranger": person.kind is Kind.STRANGER,
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "team": person.team,
        },
    }


def channel_object(channel: Channel) -> Payload:
    """Slack's conversation object as the app sees it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private and not channel.is_im,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": False,
        "is_member": channel.has_bot,
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_org_shared": False,
        "context_team_id": TEAM,
        "num_members": len(channel.members),
    }
