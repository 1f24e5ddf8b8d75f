"""api.test, auth.test, apps.connections.open, team.info, bots.info, blocks.validate."""

import json

from bot.devslack.errors import SlackError
from bot.devslack.methods.registry import method
from bot.devslack.parts import Parts
from bot.devslack.seed import APP_USER, TEAM
from bot.devslack.validator import Problem, validate_blocks, validate_message, validate_view
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import APP_ID, BOT_ID


@method("api.test", tier=4)
def api_test(_parts: Parts, args: Payload) -> Payload:
    """Echo, or the error that was asked for."""
    if text_of(args, "error"):
        raise SlackError(text_of(args, "error"), args=args)
    return {"args": args}


@method("auth.test")
def auth_test(parts: Parts, _args: Payload) -> Payload:
    """Who the bot token is."""
    return {
        "url": f"{parts.base}/",
        "team": "Local",
        "user": parts.world.people[APP_USER].name,
        "team_id": TEAM,
        "user_id": APP_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", wants_app=True)
def connections_open(parts: Parts, _args: Payload) -> Payload:
    """A WebSocket address with a ticket that opens it once."""
    if parts.is_http:
        raise SlackError("socket_mode_not_enabled")
    address = parts.base.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={parts.sockets.issue_ticket()}&app_id={APP_ID}"}


@method("team.info", scopes=("team:read",), tier=3)
def team_info(_parts: Parts, _args: Payload) -> Payload:
    """The workspace."""
    return {"team": {"id": TEAM, "name": "Local", "domain": "local"}}


@method("bots.info", scopes=("users:read",), tier=3)
def bots_info(parts: Parts, args: Payload) -> Payload:
    """The app's bot."""
    if text_of(args, "bot") not in ("", BOT_ID):
        raise SlackError("bot_not_found")
    name = parts.world.people[APP_USER].name
    return {"bot": {"id": BOT_ID, "name": name, "app_id": APP_ID, "user_id": APP_USER, "deleted": False}}


@method("blocks.validate", tier=3)
def blocks_validate(parts: Parts, args: Payload) -> Payload:
    """What Slack would refuse in `blocks`, `message` or `view`."""
    given = [name for name in ("blocks", "message", "view") if args.get(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", "[ERROR] exactly one of blocks, message, view is required")
    value = args[given[0]]
    try:
        payload = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise SlackError("invalid_json") from error
    problems = _problems(parts, given[0], payload)
    shown = [
        {"pointer": item.pointer, "code": item.code, "message": item.message, "severity": "error"}
        for item in problems
    ]
    return {"valid": not shown, "errors": shown}


def _problems(parts: Parts, name: str, payload: object) -> tuple[Problem, ...]:
    without = parts.strict.without
    if name == "blocks":
        return validate_blocks(payload, without=without)
    if not isinstance(payload, dict):
        raise SlackError("invalid_arguments", f"[ERROR] {name} must be an object")
    return (
        validate_message(payload, without=without)
        if name == "message"
        else validate_view(payload, without=without)
    )
