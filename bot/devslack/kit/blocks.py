"""Blocks: shape and limits of each type."""

from bot.devslack.kit.checkers import anything, flag, items, one_of, plain, shape, string, text, typed
from bot.devslack.kit.elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION, element
from bot.devslack.kit.look import Checker, Look
from bot.devslack.kit.rich import RICH_TEXT_ELEMENTS
from bot.devslack.kit.tables import data_table, table


def _block(required: tuple[str, ...] = (), **fields: Checker) -> Checker:
    common: dict[str, Checker] = {"type": anything, "block_id": string("block_id")}
    return shape(common | fields, required=required)


_SECTION = _block(
    text=text("section_text"),
    fields=items("section_fields", text("section_field")),
    accessory=element(*IN_SECTION),
    expand=flag,
)


def _section(look: Look, value: object, pointer: str) -> None:
    _SECTION(look, value, pointer)
    if isinstance(value, dict) and not value.get("text") and not value.get("fields"):
        look.report("section_empty", pointer, "missing required field: text or fields", code="missing_field")


_IMAGE = _block(
    ("alt_text",),
    image_url=string("url"),
    slack_file=anything,
    alt_text=string("image_alt"),
    title=plain("image_title"),
)


def _image(look: Look, value: object, pointer: str) -> None:
    _IMAGE(look, value, pointer)
    if isinstance(value, dict) and bool(value.get("image_url")) == bool(value.get("slack_file")):
        look.report("image_source", pointer, "must have either image_url or slack_file")


_MARKDOWN = _block(("text",), text=string("markdown_text"))


def _markdown(look: Look, value: object, pointer: str) -> None:
    _MARKDOWN(look, value, pointer)
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        look.markdown_size += len(value["text"])


_INPUT = _block(
    ("label", "element"),
    label=plain("input_label"),
    element=element(*IN_INPUT),
    hint=plain("input_hint"),
    optional=flag,
    dispatch_action=flag,
)


def _input(look: Look, value: object, pointer: str) -> None:
    look.has_input = True
    _INPUT(look, value, pointer)


def _context_element(look: Look, value: object, pointer: str) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](look, value, pointer)
    else:
        text("context_text")(look, value, pointer)


def _chart(look: Look, _value: object, _pointer: str) -> None:
    look.charts += 1


TASK_STATES = ("pending", "in_progress", "complete", "error")
_TASK = _block(
    ("task_id", "title"),
    task_id=string("block_id"),
    title=anything,
    status=one_of(*TASK_STATES),
    details=anything,
    output=anything,
    sources=anything,
)


def _task(look: Look, value: object, pointer: str) -> None:
    _TASK(look, value, pointer)
    if isinstance(value, dict) and value.get("status") == "pending":
        look.report("task_alone_pending", f"{pointer}/status", "a task card alone may not be pending")


_CARD = _block(
    title=text("card_title"),
    subtitle=text("card_title"),
    body=text("card_body"),
    actions=items("card_actions", element("button")),
    icon=anything,
    hero_image=anything,
)

BLOCKS: dict[str, Checker] = {
    "actions": _block(("elements",), elements=items("actions_elements", element(*IN_ACTIONS))),
    "alert": _block(
        ("text",), text=text("alert_text"), level=one_of("default", "info", "warning", "error", "success")
    ),
    "card": _CARD,
    "carousel": _block(
        ("elements",), elements=items("carousel_elements", typed("block_type", {"card": _CARD}))
    ),
    "context": _block(("elements",), elements=items("context_elements", _context_element)),
    "context_actions": _block(
        ("elements",), elements=items("context_actions", element("feedback_buttons", "icon_button"))
    ),
    "data_table": data_table(_block),
    "data_visualization": _chart,
    "divider": _block(),
    "file": _block(("external_id", "source"), external_id=string("external_id"), source=one_of("remote")),
    "header": _block(("text",), text=plain("header_text")),
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _block(
        ("title",), plan_id=string("block_id"), title=anything, tasks=items("plan_tasks", _TASK, minimum=0)
    ),
    "rich_text": _block(("elements",), elements=RICH_TEXT_ELEMENTS),
    "section": _section,
    "table": table(_block),
    "task_card": _task,
    "video": _block(
        ("alt_text", "thumbnail_url", "title", "video_url"),
        **dict.fromkeys(
            (
                "alt_text",
                "author_name",
                "description",
                "provider_icon_url",
                "provider_name",
                "thumbnail_url",
                "title",
                "title_url",
                "video_url",
            ),
            anything,
        ),
    ),
}

_CHILDREN = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)
BLOCKS["container"] = _block(
    ("child_blocks",),
    title=plain("container_title"),
    subtitle=plain("container_title"),
    child_blocks=items("container_children", typed("block_type", BLOCKS, *_CHILDREN)),
    is_collapsible=flag,
    default_collapsed=flag,
    has_header_divider=flag,
    rich_text_title=anything,
    width=anything,
    icon=anything,
)
