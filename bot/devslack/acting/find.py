"""Finds interactive elements in blocks."""

from collections.abc import Iterator

from bot.devslack.wire import Payload


def elements(blocks: list[Payload]) -> Iterator[tuple[Payload, Payload]]:
    """Each interactive element with its block, in order; children of containers too."""
    for block in blocks:
        if block["type"] in ("actions", "context_actions"):
            for item in block["elements"]:
                yield block, item
        for key in ("accessory", "element"):
            if isinstance(block.get(key), dict) and "action_id" in block[key]:
                yield block, block[key]
        yield from elements(block.get("child_blocks") or [])
        yield from elements(
            [block | {"type": "actions", "elements": block["actions"]}]
            if block["type"] == "card" and block.get("actions")
            else []
        )


def element_at(blocks: list[Payload], block_id: str, action_id: str) -> Payload | None:
    """The element with these ids; None when it is not there."""
    for block, item in elements(blocks):
        if block.get("block_id") == block_id and item.get("action_id") == action_id:
            return item
    return None
