"""What the app may do, read from its manifest: scopes, commands, shortcuts, events."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.devslack.wire import Payload

#: What a runbook bot needs; used when no manifest is handed in.
DEFAULT_MANIFEST: Payload = {
    "display_information": {"name": "runbook-bot"},
    "features": {
        "bot_user": {"display_name": "runbook"},
        "slash_commands": [
            {"command": "/502", "description": "Check hosts that answer 502", "usage_hint": "HOST"},
            {"command": "/runbook", "description": "Run a runbook", "usage_hint": "502 HOST | help"},
        ],
        "shortcuts": [
            {
                "name": "Note in incident",
                "type": "message",
                "callback_id": "note",
                "description": "Add this message to the timeline",
            },
            {
                "name": "Export incident",
                "type": "message",
                "callback_id": "export",
                "description": "Export the timeline of this thread",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "assistant:write",
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "groups:history",
                "groups:read",
                "im:write",
                "reactions:write",
                "team:read",
                "usergroups:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@dataclass(frozen=True, kw_only=True)
class Rights:
    """The manifest's content that Slack acts on."""

    name: str
    scopes: frozenset[str]
    commands: Mapping[str, Payload]
    shortcuts: Mapping[str, Payload]
    events: frozenset[str]


def rights_of(manifest: Payload) -> Rights:
    """Read scopes, commands by name, shortcuts by callback id and bot events; missing parts are empty."""
    features = manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    return Rights(
        name=str(manifest.get("display_information", {}).get("name", "app")),
        scopes=frozenset(scopes),
        commands={item["command"]: item for item in features.get("slash_commands", [])},
        shortcuts={item["callback_id"]: item for item in features.get("shortcuts", [])},
        events=frozenset(events),
    )
