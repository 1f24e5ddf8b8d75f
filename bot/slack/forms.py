"""Where a modal was opened, carried through Slack in its `private_metadata`."""

import json
from dataclasses import dataclass
from typing import Any

from bot.slack.caller import Body, Caller, of_form


@dataclass(frozen=True, kw_only=True)
class Form:
    """A submitted note, reason or justification."""

    caller: Caller
    #: None: the incident of the thread the form was opened in.
    incident: str | None
    text: str
    #: The approval it is about; empty when it is about none.
    approval: str = ""
    #: What stands in the box for a signature; empty when there is none.
    signature: str = ""


def where_of(caller: Caller, incident: str | None, *, approval: str = "") -> str:
    """The place of a form, to be read back by `form_of`."""
    place = {"channel": caller.channel, "thread": caller.thread, "incident": incident}
    return json.dumps({**place, "approval": approval} if approval else place)


def form_of(body: Body, *, box: str = "note") -> Form:
    """A submitted form with one box; missing parts are empty."""
    view: dict[str, Any] = dict(body.get("view") or {})
    where = _where(view.get("private_metadata"))
    values = (view.get("state") or {}).get("values") or {}
    text, signed = ((values.get(name) or {}).get("text") or {} for name in (box, "signature"))
    return Form(
        caller=of_form(body, channel=where.get("channel", ""), thread=where.get("thread")),
        incident=where.get("incident"),
        text=str(text.get("value") or ""),
        approval=where.get("approval", ""),
        signature=str(signed.get("value") or ""),
    )


def _where(metadata: object) -> dict[str, str]:
    """What `where_of` wrote; the parts that are texts."""
    try:
        found = json.loads(str(metadata))
    except (ValueError, RecursionError):
        return {}
    parts = found.items() if isinstance(found, dict) else ()
    return {name: part for name, part in parts if isinstance(part, str)}
