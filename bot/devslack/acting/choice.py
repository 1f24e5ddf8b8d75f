"""Turns what a person chose into the value Slack sends for that element."""

from bot.devslack.errors import PageError
from bot.devslack.wire import Payload

_BY_ID = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_ONE = ("static_select", "external_select", "radio_buttons", "overflow")
_MANY = ("checkboxes", "multi_static_select", "multi_external_select")


def chosen(element: Payload, choice: object) -> Payload:
    """`{"type": …, "value"/"selected_…": …}`; PageError `no_such_option` for a choice that is not there."""
    kind = str(element["type"])
    if kind in _ONE:
        picked = None if choice in (None, "") else _option(element, choice)
        return {"type": kind, "selected_option": picked}
    if kind in _MANY:
        wanted = choice if isinstance(choice, list) else []
        return {"type": kind, "selected_options": [_option(element, item) for item in wanted]}
    if kind in _BY_ID:
        return {"type": kind, _BY_ID[kind]: choice or None}
    if kind == "button":
        return {"type": kind}
    return {"type": kind, "value": str(choice) if choice not in (None, "") else None}


def initial(element: Payload) -> object:
    """The choice that an element starts with."""
    option = element.get("initial_option")
    if isinstance(option, dict):
        return option.get("value")
    if isinstance(element.get("initial_options"), list):
        return [item.get("value") for item in element["initial_options"]]
    found = [value for key, value in element.items() if key.startswith("initial_")]
    return found[0] if found else None


def is_empty(state: Payload) -> bool:
    """True when nothing was chosen or typed."""
    return not any(value for key, value in state.items() if key != "type")


def options_of(element: Payload) -> list[Payload]:
    """Options, those in groups too."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def _option(element: Payload, value: object) -> Payload:
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise PageError("no_such_option", f"There is no option {value!r} any more.")
