"""A pasted text as lines without what others put before, around and between them."""

import re

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")


def of(text: str) -> list[str]:
    """Lines without colours and without control characters; empty ones stay, they part blocks."""
    clean = _COLOUR.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return ["".join(c for c in line if c == "\t" or c.isprintable()) for line in clean.split("\n")]
