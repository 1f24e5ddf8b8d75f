"""Payloads as Slack builds them for commands, clicks, shortcuts, views and events."""

from bot.devslack.parts import Parts
from bot.devslack.seed import APP_USER, TEAM, Person
from bot.devslack.wire import Payload
from bot.devslack.world import APP_ID, Channel

#: Slack's deprecated verification token; present in every payload, good for nothing.
TOKEN = "local-verification"  # noqa: S105 - a fixed word, no secret


def hook_address(parts: Parts, token: str) -> str:
    """The response URL."""
    return f"{parts.base}/response/{token}"


def command(parts: Parts, person: Person, channel: Channel, name: str, text: str) -> Payload:
    """A slash command; there is no thread in it."""
    return {
        "token": TOKEN,
        "team_id": person.team,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": hook_address(parts, parts.hooks.issue(user=person.id, channel=channel.id)),
        "trigger_id": parts.triggers.issue(person.id),
    }


def interaction(parts: Parts, person: Person, kind: str) -> Payload:
    """What clicks, shortcuts and views have in common."""
    return {
        "type": kind,
        "token": TOKEN,
        "api_app_id": APP_ID,
        "team": {"id": TEAM, "domain": "local"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team,
        },
        "trigger_id": parts.triggers.issue(person.id),
    }


def event(parts: Parts, channel: Channel, inner: Payload) -> Payload:
    """An event as the Events API wraps it."""
    return {
        "type": "event_callback",
        "token": TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": inner,
        "event_id": parts.ids.next("Ev"),
        "event_time": int(parts.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": APP_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel.is_shared,
    }
