"""Whether a payload has the shape that Slack gives it: asked before Bolt reads it.

Bolt and the bot take the shape for granted; a text where an object is due makes Bolt fail with status 500.
Only what one of them reads is described here, anything else may stand beside it.
Source: docs.slack.dev, interaction payloads, slash commands, Events API.
"""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

#: Told of a payload that is not as Slack makes it, and where it is not.
OnMisshapen = Callable[[object, str], None]
Text = str | None


class _Part(BaseModel):
    """Base of every part: nothing is coerced, names that nobody reads are left alone."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Named(_Part):
    """A person, team, enterprise, channel or authorization by its ids."""

    id: Text = None
    team_id: Text = None
    enterprise_id: Text = None


class Told(_Part):
    """An event and what it is about; Bolt looks for the same names at every depth."""

    type: Text = None
    user: str | Named | None = None
    user_id: Text = None
    user_team: Text = None
    team: str | Named | None = None
    team_id: Text = None
    enterprise: str | Named | None = None
    enterprise_id: Text = None
    channel: str | Named | None = None
    channel_id: Text = None
    old_channel_id: Text = None
    new_channel_id: Text = None
    bot_id: Text = None
    text: Text = None
    ts: Text = None
    thread_ts: Text = None
    authorizations: list[Named] | None = None
    item: "Told | None" = None
    message: "Told | None" = None
    previous_message: "Told | None" = None
    assistant_thread: "Told | None" = None


class Action(_Part):
    """A button that was clicked."""

    action_id: str
    block_id: Text = None
    value: Text = None
    action_ts: Text = None


class File(_Part):
    """A file of a message."""

    name: Text = None
    url_private: Text = None
    url_private_download: Text = None


class Message(_Part):
    """The message that a button or shortcut was used on."""

    user: str | Named | None = None
    text: Text = None
    ts: Text = None
    thread_ts: Text = None
    files: list[File] | None = None


class Container(_Part):
    """Where the button stands."""

    channel_id: Text = None
    message_ts: Text = None
    thread_ts: Text = None


class Box(_Part):
    """What somebody typed into one field of a form."""

    value: Text = None


class State(_Part):
    """All fields: block, then field."""

    values: dict[str, dict[str, Box]] | None = None


class View(_Part):
    """A form."""

    type: str
    callback_id: str
    id: Text = None
    hash: Text = None
    private_metadata: Text = None
    team_id: Text = None
    app_installed_team_id: Text = None
    state: State | None = None


class Reply(_Part):
    """Where an answer to a form may go."""

    response_url: Text = None


class Payload(_Part):
    """All of it: a command, a click, a shortcut, a form or an event. None: Slack left it out."""

    type: (
        Literal[
            "block_actions",
            "block_suggestion",
            "shortcut",
            "message_action",
            "view_submission",
            "view_closed",
            "event_callback",
            "url_verification",
            "app_rate_limited",
        ]
        | None
    ) = None
    command: Text = None
    text: Text = None
    callback_id: Text = None
    trigger_id: Text = None
    response_url: Text = None
    response_urls: list[Reply] = Field(default_factory=list)
    event_id: Text = None
    user: Named | None = None
    user_id: Text = None
    team: Named | None = None
    team_id: Text = None
    enterprise: Named | None = None
    enterprise_id: Text = None
    channel: Named | None = None
    channel_id: Text = None
    thread_ts: Text = None
    message_ts: Text = None
    message: Message | None = None
    container: Container | None = None
    actions: list[Action] | None = None
    view: View | None = None
    event: Told = Field(default_factory=Told)
    authorizations: list[Named] | None = None
    item: Told | None = None
    previous_message: Told | None = None
    assistant_thread: Told | None = None

    @model_validator(mode="after")
    def _has_what_its_type_is_about(self) -> "Payload":
        if self.type == "block_actions" and not self.actions:
            raise ValueError("no actions")
        if self.type in ("view_submission", "view_closed") and self.view is None:
            raise ValueError("no view")
        if self.type == "event_callback" and self.event.type is None:
            raise ValueError("no event")
        return self


def flaw_of(body: object) -> str | None:
    """The first part that is not as Slack makes it, e.g. `actions.0.action_id`; None when all is."""
    try:
        Payload.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return ".".join(map(str, first["loc"]))[:80] or first["msg"][:80]
    return None
