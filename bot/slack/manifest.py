"""The app's manifest: what to paste at api.slack.com to get an app with exactly these rights."""

from collections.abc import Mapping, Sequence

#: Scope -> what it is for. The app asks for nothing else.
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "hear mentions in threads, where commands do not exist",
    "channels:history": "find its own messages again after a crash",
    "channels:read": "refuse channels shared with other organisations, tell public ones from private",
    "chat:write": "post and update incidents",
    "commands": "answer commands and message shortcuts",
    "files:read": "read the log files of a message it is asked to diagnose",
    "files:write": "share full output and timelines",
    "groups:history": "the same in private channels",
    "groups:read": "the same in private channels",
    "usergroups:read": "ask who may approve",
    "users:read": "refuse guests, bots and deactivated accounts",
}


def manifest(
    *,
    name: str = "runbook-bot",
    commands: Sequence[str] = ("/runbook", "/502"),
    is_socket: bool = True,
    request_url: str | None = None,
) -> dict[str, object]:
    """An app manifest as Slack's schema wants it. `request_url` is needed when `is_socket` is False."""
    address: dict[str, object] = {"request_url": request_url} if request_url and not is_socket else {}
    return {
        "display_information": {
            "name": name[:35],
            "description": "Says what is broken on a host and why; acts only with consent",
            "background_color": "#1d2b36",
        },
        "features": {
            "bot_user": {"display_name": name[:80], "always_online": True},
            "slash_commands": [_command(command, address) for command in commands],
            "shortcuts": [
                _shortcut("Export timeline", "export", "Share the timeline of this incident"),
                _shortcut("Diagnose this", "diagnose", "Say what the log text of this message tells of"),
                _shortcut("Add note", "note", "Put this message into the incident's timeline"),
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                "bot_events": ["app_mention", "channel_id_changed", "channel_shared", "channel_unshared"],
                **address,
            },
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": is_socket,
            "token_rotation_enabled": False,
        },
    }


def _command(command: str, address: Mapping[str, object]) -> dict[str, object]:
    hint = "502 HOST… | status | help" if command == "/runbook" else "HOST… | status | help"
    made: dict[str, object] = {
        "command": command,
        "description": "Find out what is broken on a host",
        "usage_hint": hint,
        "should_escape": False,
    }
    return made | ({"url": address["request_url"]} if address else {})


def _shortcut(name: str, callback: str, description: str) -> dict[str, object]:
    return {"name": name, "type": "message", "callback_id": callback, "description": description}
