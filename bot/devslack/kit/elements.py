"""Interactive elements: buttons, menus, pickers, inputs, and the objects they are made of."""

from collections.abc import Mapping

from bot.devslack.kit.checkers import (
    anything,
    flag,
    items,
    listed,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
    typed,
)
from bot.devslack.kit.limits import LIMITS
from bot.devslack.kit.look import Checker, Look

CONFIRM = shape(
    {
        "title": plain("confirm_title"),
        "text": text("confirm_text"),
        "confirm": plain("confirm_button"),
        "deny": plain("confirm_button"),
        "style": one_of("primary", "danger"),
    },
    required=("title", "text", "confirm", "deny"),
)

OPTION = shape(
    {
        "text": text("option_text"),
        "value": string("option_value"),
        "description": text("option_description"),
        "url": string("url"),
    },
    required=("text", "value"),
)

OPTION_GROUP = shape(
    {"label": plain("option_text"), "options": items("select_options", OPTION)},
    required=("label", "options"),
)


def _element(required: tuple[str, ...] = (), /, **fields: Checker) -> Checker:
    common: dict[str, Checker] = {
        "type": anything,
        "action_id": string("action_id"),
        "confirm": CONFIRM,
        "focus_on_load": flag,
    }
    return shape(common | fields, required=required)


def _menu(**fields: Checker) -> Checker:
    inner = _element(placeholder=plain("placeholder"), **fields)

    def look_at(look: Look, value: object, pointer: str) -> None:
        inner(look, value, pointer)
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            look.report("select_source", pointer, "must define either options or option_groups")

    return look_at


def _picker(**fields: Checker) -> Checker:
    return _element(placeholder=plain("placeholder"), **fields)


_FEW: dict[str, Checker] = {"options": items("few_options", OPTION)}
_CHOICES: dict[str, Checker] = {
    "options": items("select_options", OPTION),
    "option_groups": items("option_groups", OPTION_GROUP),
}
_MANY: dict[str, Checker] = {"max_selected_items": number(minimum=1)}


def _text_input(look: Look, value: object, pointer: str) -> None:
    _TEXT_INPUT(look, value, pointer)
    if isinstance(value, dict) and isinstance(value.get("max_length"), int):
        low = value.get("min_length", 0)
        if (
            not max(1, low if isinstance(low, int) else 0)
            <= value["max_length"]
            <= LIMITS["input_max_length"]
        ):
            look.report("input_max_length", f"{pointer}/max_length", "must be between 1 and 3000")


_TEXT_INPUT = _picker(
    initial_value=string("input_max_length", minimum=0),
    multiline=flag,
    min_length=number(),
    max_length=number(),
    dispatch_action_config=anything,
)

ELEMENTS: Mapping[str, Checker] = {
    "button": _element(
        ("text",),
        text=plain("button_text"),
        value=string("button_value"),
        url=string("url"),
        style=one_of("primary", "danger"),
        accessibility_label=string("accessibility_label"),
        visible_to_user_ids=anything,
        agent_prompt=anything,
        agent_prompt_display=anything,
    ),
    "overflow": _element(("options",), options=items("overflow_options", OPTION)),
    "static_select": _menu(initial_option=OPTION, **_CHOICES),
    "multi_static_select": _menu(initial_options=listed(OPTION), **_CHOICES, **_MANY),
    "external_select": _picker(initial_option=OPTION, min_query_length=number()),
    "multi_external_select": _picker(initial_options=listed(OPTION), min_query_length=number(), **_MANY),
    "users_select": _picker(initial_user=anything),
    "multi_users_select": _picker(initial_users=anything, **_MANY),
    "channels_select": _picker(initial_channel=anything, response_url_enabled=flag),
    "multi_channels_select": _picker(initial_channels=anything, **_MANY),
    "conversations_select": _picker(
        initial_conversation=anything,
        default_to_current_conversation=flag,
        response_url_enabled=flag,
        filter=anything,
    ),
    "multi_conversations_select": _picker(
        initial_conversations=anything, default_to_current_conversation=flag, filter=anything, **_MANY
    ),
    "radio_buttons": _element(("options",), initial_option=OPTION, **_FEW),
    "checkboxes": _element(("options",), initial_options=listed(OPTION), **_FEW),
    "datepicker": _picker(initial_date=anything),
    "timepicker": _picker(initial_time=anything, timezone=anything),
    "datetimepicker": _element(initial_date_time=number()),
    "plain_text_input": _text_input,
    "email_text_input": _picker(initial_value=anything, dispatch_action_config=anything),
    "url_text_input": _picker(initial_value=anything, dispatch_action_config=anything),
    "number_input": _picker(
        is_decimal_allowed=flag,
        initial_value=anything,
        min_value=anything,
        max_value=anything,
        dispatch_action_config=anything,
    ),
    "rich_text_input": _picker(
        initial_value=anything, dispatch_action_config=anything, min_lines=number(), max_lines=number()
    ),
    "file_input": _element(filetypes=anything, max_files=number(minimum=1)),
    "workflow_button": _element(
        ("text", "workflow"),
        text=plain("button_text"),
        workflow=anything,
        style=anything,
        accessibility_label=string("accessibility_label"),
    ),
    "feedback_buttons": _element(
        ("positive_button", "negative_button"), positive_button=anything, negative_button=anything
    ),
    "icon_button": _element(
        ("icon", "text"),
        icon=anything,
        text=plain("button_text"),
        value=string("button_value"),
        accessibility_label=string("accessibility_label"),
        visible_to_user_ids=anything,
    ),
    "image": shape(
        {
            "type": anything,
            "image_url": string("url"),
            "slack_file": anything,
            "alt_text": string("image_alt"),
        },
        required=("alt_text",),
    ),
}

_SELECTS = (
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
)
_PICKERS = ("datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes")

IN_ACTIONS = ("button", "overflow", "workflow_button", "rich_text_input", *_SELECTS, *_PICKERS)
IN_SECTION = ("button", "overflow", "image", "workflow_button", *_SELECTS, *_PICKERS)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    *_SELECTS,
    *_PICKERS,
)


def element(*allowed: str) -> Checker:
    """An element of one of these types."""
    return typed("element_type", ELEMENTS, *allowed)
