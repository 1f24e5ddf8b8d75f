"""A message's content as an app sends it: checked, cut, ids filled in."""

import json
from dataclasses import dataclass

from bot.devslack.errors import SlackError
from bot.devslack.kit.limits import LIMITS
from bot.devslack.parts import Parts
from bot.devslack.validator import Problem, validate_message, validate_view
from bot.devslack.wire import Payload, text_of


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is kept of a message that passed."""

    text: str
    blocks: list[Payload]
    attachments: list[Payload]
    warnings: tuple[str, ...] = ()


def content_of(parts: Parts, args: Payload, *, has_files: bool = False) -> Content:
    """Check text, blocks and attachments as chat.postMessage does; SlackError with Slack's names."""
    text = text_of(args, "text")
    blocks = listed(args, "blocks", "invalid_blocks_format")
    attachments = listed(args, "attachments", "invalid_attachments")
    if not (text or blocks or attachments or has_files) and parts.strict.on("no_text"):
        raise SlackError("no_text")
    _refuse(parts, {"blocks": blocks, "attachments": attachments})
    warnings: tuple[str, ...] = ()
    if len(text) > LIMITS["text_length"] and parts.strict.on("text_cut"):
        text, warnings = text[: LIMITS["text_length"]], ("message_truncated",)
    return Content(text=text, blocks=with_ids(parts, blocks), attachments=attachments, warnings=warnings)


def checked_view(parts: Parts, args: Payload) -> Payload:
    """The `view` argument when Slack would take it; SlackError `invalid_arguments` else."""
    view = _decoded(args.get("view"))
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view")
    problems = validate_view(view, without=parts.strict.without)
    if problems and parts.strict.on("view_valid"):
        raise SlackError("invalid_arguments", *(problem.as_slack() for problem in problems))
    return view | {"blocks": with_ids(parts, view.get("blocks") or [])}


def listed(args: Payload, name: str, error: str) -> list[Payload]:
    """A list that came as JSON or as JSON text; empty when missing."""
    value = _decoded(args.get(name))
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise SlackError(error)
    return value


def with_ids(parts: Parts, blocks: list[Payload]) -> list[Payload]:
    """Blocks with a `block_id` each, elements with an `action_id` each, as Slack fills them in."""
    return [_block_with_ids(parts, block) for block in blocks]


def _block_with_ids(parts: Parts, block: Payload) -> Payload:
    filled = dict(block)
    filled["block_id"] = block.get("block_id") or parts.ids.next("b")
    if block.get("type") == "actions":
        filled["elements"] = [_with_action_id(parts, item) for item in block.get("elements", [])]
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict) and block[key].get("type") != "image":
            filled[key] = _with_action_id(parts, block[key])
    if block.get("type") == "container":
        filled["child_blocks"] = with_ids(parts, block.get("child_blocks", []))
    return filled


def _with_action_id(parts: Parts, element: Payload) -> Payload:
    return element if element.get("action_id") else element | {"action_id": parts.ids.next("a")}


def _refuse(parts: Parts, payload: Payload) -> None:
    problems = validate_message(payload, without=parts.strict.without)
    total = [problem for problem in problems if problem.check == "blocks_size"]
    others = [problem for problem in problems if problem.check != "blocks_size"]
    if others and parts.strict.on("blocks_valid"):
        raise SlackError(_name(others), *(problem.as_slack() for problem in others))
    if total and parts.strict.on("blocks_total"):
        raise SlackError("msg_blocks_too_long")


def _name(problems: list[Problem]) -> str:
    if all(problem.check == "attachments" for problem in problems):
        return "too_many_attachments"
    return "invalid_blocks"


def _decoded(value: object) -> object:
    if not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
