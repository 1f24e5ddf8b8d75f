"""One bad payload for every Block Kit check; nothing else is wrong with it."""

import json
from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("x")} | more


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("x")} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements or (button(),))}


def confirm(**more: Any) -> Json:
    return {"title": plain("x"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")} | more


def option(**more: Any) -> Json:
    return {"text": plain("x"), "value": "x"} | more


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": [option()]} | more


def inputs(**more: Any) -> Json:
    return {"type": "input", "label": plain("x"), "element": {"type": "plain_text_input"} | more}


def table(rows: int = 1, columns: int = 1, **more: Any) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows} | more


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("x"), "submit": plain("x"), "blocks": list(blocks)} | more


def message(*blocks: Json, **more: Any) -> Json:
    return {"text": "x", "blocks": list(blocks)} | more


def sized(characters: int) -> list[Json]:
    """Five sections that are that many characters as compact JSON."""
    empty = json.dumps([section(text=mrkdwn(""))] * 5, separators=(",", ":"))
    each, rest = divmod(characters - len(empty), 5)
    return [section(text=mrkdwn("x" * (each + (rest if number == 0 else 0)))) for number in range(5)]


RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]}],
}
TASK: Json = {"type": "task_card", "task_id": "a", "title": "x", "status": "complete"}
IMAGE: Json = {"type": "image", "alt_text": "x", "image_url": "http://127.0.0.1/x.png"}

#: Check -> (surface, payload just over it).
MESSAGE_LINES: dict[str, Json] = {
    "message_blocks": message(*[{"type": "divider"}] * 51),
    "blocks_size": message(*sized(13_201)),
    "markdown_total": message(
        {"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}
    ),
    "attachments": message(attachments=[{"text": "x"}] * 101),
    "one_table": message(table(), table()),
    "two_charts": message(*[{"type": "data_visualization"}] * 3),
    "text_length": {"text": "x" * 40_001},
    "block_id": message(section(block_id="x" * 256)),
    "action_id": message(actions(button(action_id="x" * 256))),
    "block_id_unique": message(section(block_id="a"), section(block_id="a")),
    "action_id_unique": message(actions(button(action_id="a"), button(action_id="a"))),
    "block_type": message({"type": "sparkles"}),
    "element_type": message(actions({"type": "lever"})),
    "surface": message({"type": "alert", "text": plain("x")}),
    "unknown_field": message(section(colour="red")),
    "missing_field": message({"type": "header"}),
    "value_type": message(actions(button(value=7))),
    "text_type": message({"type": "header", "text": mrkdwn("x")}),
    "enum": message(actions(button(style="loud"))),
    "section_text": message(section(text=mrkdwn("x" * 3001))),
    "section_fields": message(section(fields=[mrkdwn("x")] * 11)),
    "section_field": message(section(fields=[mrkdwn("x" * 2001)])),
    "section_empty": message({"type": "section"}),
    "header_text": message({"type": "header", "text": plain("x" * 151)}),
    "context_elements": message({"type": "context", "elements": [mrkdwn("x")] * 11}),
    "context_text": message({"type": "context", "elements": [mrkdwn("x" * 3001)]}),
    "context_actions": message(
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x")}] * 6,
        }
    ),
    "actions_elements": message(actions(*[button()] * 26)),
    "markdown_text": message({"type": "markdown", "text": ""}),
    "image_alt": message(IMAGE | {"alt_text": "x" * 2001}),
    "image_title": message(IMAGE | {"title": plain("x" * 2001)}),
    "image_source": message({"type": "image", "alt_text": "x"}),
    "url": message(actions(button(url="x" * 3001))),
    "input_label": message(inputs() | {"label": plain("x" * 2001)}),
    "input_hint": message(inputs() | {"hint": plain("x" * 2001)}),
    "table_rows": message(table(rows=101)),
    "table_columns": message(table(columns=21)),
    "data_table_rows": message(table(rows=202, type="data_table")),
    "data_table_two_rows": message(table(rows=1, type="data_table")),
    "data_table_columns": message(table(rows=2, columns=21, type="data_table")),
    "data_table_page": message(table(rows=2, type="data_table", page_size=101)),
    "card_title": message({"type": "card", "title": plain("x" * 151)}),
    "card_body": message({"type": "card", "body": plain("x" * 201)}),
    "card_actions": message({"type": "card", "actions": [button()] * 4}),
    "carousel_elements": message({"type": "carousel", "elements": [{"type": "card"}] * 11}),
    "container_title": message({"type": "container", "title": plain("x" * 151), "child_blocks": [section()]}),
    "container_children": message({"type": "container", "child_blocks": [section()] * 11}),
    "plan_tasks": message({"type": "plan", "title": "x", "tasks": [TASK] * 51}),
    "task_alone_pending": message(TASK | {"status": "pending"}),
    "button_text": message(actions(button(text=plain("x" * 76)))),
    "button_value": message(actions(button(value="x" * 2001))),
    "accessibility_label": message(actions(button(accessibility_label="x" * 76))),
    "confirm_title": message(actions(button(confirm=confirm(title=plain("x" * 101))))),
    "confirm_text": message(actions(button(confirm=confirm(text=plain("x" * 301))))),
    "confirm_button": message(actions(button(confirm=confirm(deny=plain("x" * 31))))),
    "overflow_options": message(actions({"type": "overflow", "options": [option()] * 6})),
    "select_options": message(actions(select(options=[option()] * 101))),
    "few_options": message(actions({"type": "radio_buttons", "options": [option()] * 11})),
    "option_groups": message(
        actions(
            {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()]}] * 101}
        )
    ),
    "option_text": message(actions(select(options=[option(text=plain("x" * 76))]))),
    "option_description": message(actions(select(options=[option(description=plain("x" * 76))]))),
    "option_value": message(actions(select(options=[option(value="x" * 76)]))),
    "placeholder": message(actions(select(placeholder=plain("x" * 151)))),
    "input_max_length": message(inputs(max_length=3001)),
    "select_source": message(actions({"type": "static_select"})),
}

VIEW_LINES: dict[str, Json] = {
    "view_blocks": modal(*[{"type": "divider"}] * 101),
    "alert_text": modal({"type": "alert", "text": plain("x" * 201)}),
    "modal_title": modal(title=plain("x" * 25)),
    "modal_button": modal(submit=plain("x" * 25)),
    "private_metadata": modal(private_metadata="x" * 3001),
    "callback_id": modal(callback_id="x" * 256),
    "external_id": modal(external_id="x" * 256),
    "submit_with_input": modal(inputs()) | {"submit": None},
}

#: Sums cannot be passed without a part being long too: the parts' own checks are named beside them.
WITH_PARTS: dict[str, tuple[Json, str]] = {
    "data_table_size": (
        message(
            {
                "type": "data_table",
                "rows": [[{"type": "raw_text", "text": "x" * 2000}] * 11] * 2,
            }
        ),
        "blocks_size",
    ),
}

GOOD: dict[str, Json] = {
    "every part at its limit": message(
        {"type": "header", "text": plain("x" * 150)},
        section(text=mrkdwn("x" * 3000), fields=[mrkdwn("x")] * 10, accessory=button()),
        {"type": "context", "elements": [mrkdwn("x")] * 10},
        actions(*[button(action_id=str(number)) for number in range(25)]),
    ),
    "fifty blocks": message(*[{"type": "divider"}] * 50),
    "a table and rich text": message(table(rows=100), RICH),
    "a confirm dialog": message(
        actions(button(confirm=confirm(style="danger"), style="danger", value="x" * 2000))
    ),
    "a plan with a pending task": message({"type": "plan", "title": "x", "tasks": [TASK]}),
    "text alone": {"text": "x" * 40_000},
    "a container": message({"type": "container", "title": plain("x"), "child_blocks": [section()] * 10}),
}
