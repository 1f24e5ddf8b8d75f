"""Cursor pages of a list."""

from collections.abc import Sequence
from typing import TypeVar

from bot.devslack.errors import SlackError
from bot.devslack.wire import Payload, text_of, whole_number

T = TypeVar("T")


def page_of(args: Payload, items: Sequence[T], *, most: int = 200) -> tuple[list[T], Payload]:
    """The page that `cursor` and `limit` ask for, and `response_metadata` with the next cursor."""
    limit = min(most, whole_number(args.get("limit"), most))
    cursor = text_of(args, "cursor")
    if limit < 1:
        raise SlackError("invalid_limit")
    start = whole_number(cursor, -1) if cursor else 0
    if start < 0:
        raise SlackError("invalid_cursor")
    end = start + limit
    following = str(end) if end < len(items) else ""
    return list(items[start:end]), {
        "response_metadata": {"next_cursor": following},
        "has_more": bool(following),
    }
