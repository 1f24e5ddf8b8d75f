"""Keeps a message under the sum that Slack accepts, and says when something had to go."""

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.slack.blocks.message import Block, Message
from bot.slack.blocks.rich import context

#: Slack refuses messages above about 13,200 characters although each block is legal.
BUDGET = 12_000
MOST_BLOCKS = 45
_KEPT = frozenset({"header", "actions"})


def size(blocks: Sequence[Block]) -> int:
    """Characters of the blocks as they travel."""
    return len(json.dumps(list(blocks)))


def fitted(message: Message) -> Message:
    """The message, without its last details if it is too big; headlines and buttons always stay."""
    blocks = list(message.blocks)
    if size(blocks) <= BUDGET and len(blocks) <= MOST_BLOCKS:
        return message
    note = context(
        "cut", "_Some of this was left out here: too much for one message. The file has all of it._"
    )
    while size([*blocks, note]) > BUDGET or len(blocks) >= MOST_BLOCKS:
        details = [block for block in blocks if block["type"] not in _KEPT]
        if not details:
            break
        blocks.remove(details[-1])
    return replace(message, blocks=(*blocks, note))
