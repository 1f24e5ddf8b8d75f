"""Who sent something, from where, and how to answer them: read from Slack's signed payloads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

#: A payload of Slack's. Its shape differs by kind and is read with care below: the reason for Any.
Body = Mapping[str, Any]
#: No id of Slack's is longer.
_ID_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The sender of a command, click, mention, shortcut or form."""

    user: str
    #: Team of the person, not of the installation; None when Slack does not say.
    team: str | None
    channel: str
    thread: str | None = None
    #: Where one-person answers go for half an hour; None for mentions.
    response_url: str | None = None
    #: Opens a modal within three seconds.
    trigger: str | None = None
    #: Ts of the message that was clicked.
    message: str | None = None
    #: Workspace the click came from; None when Slack does not say.
    workspace: str | None = None
    #: False when parts of the payload name different messages or channels.
    is_of_one_piece: bool = True
    #: Tells this request from every other one, also where Slack delivers it again to another process.
    request: str = ""


def of_command(body: Body) -> Caller:
    """The sender of a slash command; it has no thread."""
    return Caller(
        user=_text(body.get("user_id")) or "",
        team=_text(body.get("team_id")),
        channel=_text(body.get("channel_id")) or "",
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
    )


def of_click(body: Body) -> Caller:
    """The sender of a button's click or a message shortcut."""
    user, message, container = _map(body, "user"), _map(body, "message"), _map(body, "container")
    told = (body.get("message_ts"), container.get("message_ts"), message.get("ts"))
    stamps = [one for one in map(_text, told) if one]
    places = (_map(body, "channel").get("id"), container.get("channel_id"))
    channels = [one for one in map(_text, places) if one]
    ts = stamps[0] if stamps else None
    return Caller(
        user=_text(user.get("id")) or "",
        team=_text(user.get("team_id")),
        channel=channels[0] if channels else "",
        thread=_text(message.get("thread_ts")) or _text(container.get("thread_ts")) or ts,
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
        message=ts,
        workspace=_text(_map(body, "team").get("id")),
        is_of_one_piece=len(set(stamps)) <= 1 and len(set(channels)) <= 1,
    )


def of_mention(body: Body, actor_team: str | None) -> Caller:
    """The sender of a mention; `actor_team` as Bolt resolved it from the event."""
    event = _map(body, "event")
    return Caller(
        user=_text(event.get("user")) or "",
        team=actor_team,
        channel=_text(event.get("channel")) or "",
        thread=_text(event.get("thread_ts")),
        message=_text(event.get("ts")),
    )


def of_form(body: Body, *, channel: str, thread: str | None) -> Caller:
    """The sender of a modal, which remembers where it was opened."""
    user = _map(body, "user")
    return Caller(
        user=_text(user.get("id")) or "",
        team=_text(user.get("team_id")),
        channel=channel,
        thread=thread,
        trigger=_text(body.get("trigger_id")),
    )


def of_misshapen(body: object) -> Caller:
    """Whoever is named by a payload that is not as Slack makes it; what it does not name stays empty."""
    found: Body = body if isinstance(body, Mapping) else {}
    if "command" in found:
        caller = of_command(found)
    else:
        caller = of_mention(found, None) if "event" in found else of_click(found)
    return replace(caller, user=caller.user[:_ID_LENGTH], channel=caller.channel[:_ID_LENGTH])


def _map(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
