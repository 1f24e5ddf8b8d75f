"""Where a modal was opened, carried through Slack in its `private_metadata`."""

import json
from dataclasses import dataclass
from typing import Any

from bot.slack.caller import Body, Caller, of_form


@dataclass(frozen=True, kw_only=True)
class Form:
    """A submitted note."""

    caller: Caller
    #: None: the incident of the thread the form was opened in.
    incident: str | None
    text: str


def where_of(caller: Caller, incident: str | None) -> str:
    """The place of a form, to be read back by `form_of`."""
    return json.dumps({"channel": caller.channel, "thread": caller.thread, "incident": incident})


def form_of(body: Body) -> Form:
    """A submitted note form; missing parts are empty."""
    view: dict[str, Any] = dict(body.get("view") or {})
    where = _where(view.get("private_metadata"))
    box = ((view.get("state") or {}).get("values") or {}).get("note", {}).get("text", {})
    return Form(
        caller=of_form(body, channel=str(where.get("channel") or ""), thread=where.get("thread")),
        incident=where.get("incident"),
        text=str(box.get("value") or ""),
    )


def _where(metadata: object) -> dict[str, Any]:
    try:
        found = json.loads(str(metadata))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
