"""Says what Slack would refuse in a message or view, and what a message would fire. Pure.

The bot's own unit tests run every message it can produce through this.
"""

import json
from typing import Literal

from bot.devslack.kit.limits import LIMITS
from bot.devslack.kit.look import Look, Problem
from bot.devslack.kit.mentions import Mention, live_mentions
from bot.devslack.kit.surface import BLOCK_LIST
from bot.devslack.kit.views import view_shape
from bot.devslack.wire import Payload

__all__ = ["Mention", "Problem", "live_mentions", "validate_blocks", "validate_message", "validate_view"]

Surface = Literal["message", "view", "home"]


def validate_message(payload: Payload, *, without: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """Problems of a chat.postMessage-like payload, in document order; empty when Slack would take it.

    Reads `text`, `blocks`, `attachments`. `without` leaves checks out by their name in `LIMITS`.
    """
    look = Look("message")
    text = payload.get("text")
    if isinstance(text, str) and len(text) > LIMITS["text_length"]:
        look.length("text_length", len(text), "/text", minimum=0)
    _blocks(look, payload.get("blocks"), "/blocks")
    _attachments(look, payload.get("attachments"))
    _totals(look)
    return _kept(look, without)


def validate_blocks(
    blocks: object, *, surface: Surface = "message", without: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Problems of a list of blocks on a surface; pointers begin with `/blocks`."""
    look = Look(surface)
    _blocks(look, blocks, "/blocks")
    _totals(look)
    return _kept(look, without)


def validate_view(view: Payload, *, without: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """Problems of a modal or home view; pointers begin at the view."""
    look = Look("home" if view.get("type") == "home" else "view")
    view_shape(look, view, "")
    if look.surface == "view" and not view.get("title"):
        look.report("missing_field", "", "missing required field: title", code="missing_field")
    _blocks(look, view.get("blocks"), "/blocks")
    if look.surface == "view" and look.has_input and not view.get("submit"):
        look.report("submit_with_input", "/submit", "submit is required when there is an input block")
    _totals(look)
    return _kept(look, without)


def _blocks(look: Look, blocks: object, pointer: str) -> None:
    if blocks is None:
        return
    BLOCK_LIST(look, blocks, pointer)
    if not isinstance(blocks, list):
        return
    check = "message_blocks" if look.surface == "message" else "view_blocks"
    look.count(check, len(blocks), pointer, minimum=0)
    size = serialised_size(blocks)
    if look.surface == "message" and size > LIMITS["blocks_size"]:
        look.report("blocks_size", pointer, f"blocks are {size} characters, too long", code="too_large")


def serialised_size(blocks: object) -> int:
    """Characters of the blocks as compact JSON: what counts towards msg_blocks_too_long."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _attachments(look: Look, attachments: object) -> None:
    if not isinstance(attachments, list):
        return
    look.count("attachments", len(attachments), "/attachments", minimum=0)
    for index, item in enumerate(attachments):
        if look.kind(item, dict, f"/attachments/{index}") and item.get("blocks") is not None:
            _blocks(look, item["blocks"], f"/attachments/{index}/blocks")


def _totals(look: Look) -> None:
    if look.markdown_size > LIMITS["markdown_total"]:
        look.report(
            "markdown_total", "/blocks", "markdown blocks are over 12000 characters", code="too_large"
        )
    if look.tables > LIMITS["one_table"]:
        look.report("one_table", "/blocks", "only one table block is allowed", code="too_many")
    if look.charts > LIMITS["two_charts"]:
        look.report(
            "two_charts", "/blocks", "only two data_visualization blocks are allowed", code="too_many"
        )


def _kept(look: Look, without: frozenset[str]) -> tuple[Problem, ...]:
    return tuple(problem for problem in look.problems if problem.check not in without)
