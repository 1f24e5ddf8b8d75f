"""Who sent something, from where, and how to answer them: read from Slack's signed payloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A payload of Slack's. Its shape differs by kind and is read with care below: the reason for Any.
Body = Mapping[str, Any]


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


def of_command(body: Body) -> Caller:
    """The sender of a slash command; it has no thread."""
    return Caller(
        user=str(body.get("user_id") or ""),
        team=_text(body.get("team_id")),
        channel=str(body.get("channel_id") or ""),
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
    )


def of_click(body: Body) -> Caller:
    """The sender of a button's click or a message shortcut."""
    user, message, container = _map(body, "user"), _map(body, "message"), _map(body, "container")
    ts = _text(body.get("message_ts")) or _text(container.get("message_ts")) or _text(message.get("ts"))
    channel = _text(_map(body, "channel").get("id")) or _text(container.get("channel_id"))
    return Caller(
        user=str(user.get("id") or ""),
        team=_text(user.get("team_id")),
        channel=channel or "",
        thread=_text(message.get("thread_ts")) or _text(container.get("thread_ts")) or ts,
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
        message=ts,
    )


def of_mention(body: Body, actor_team: str | None) -> Caller:
    """The sender of a mention; `actor_team` as Bolt resolved it from the event."""
    event = _map(body, "event")
    return Caller(
        user=str(event.get("user") or ""),
        team=actor_team,
        channel=str(event.get("channel") or ""),
        thread=_text(event.get("thread_ts")),
        message=_text(event.get("ts")),
    )


def of_form(body: Body, *, channel: str, thread: str | None) -> Caller:
    """The sender of a modal, which remembers where it was opened."""
    user = _map(body, "user")
    return Caller(
        user=str(user.get("id") or ""),
        team=_text(user.get("team_id")),
        channel=channel,
        thread=thread,
        trigger=_text(body.get("trigger_id")),
    )


def _map(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
