"""Marks and tables that the pages share."""

import re
from collections.abc import Sequence

from bot.explain import LABELS


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(" ".join(cell.split()) for cell in line) + " |\n" for line in lines)


def marked(told: str) -> str:
    """A docstring with its labelled lines as paragraphs of their own."""
    lines = told.splitlines()
    marked = [re.sub(rf"^({'|'.join(LABELS)}):(?= )", r"\n**\1:**", line) for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(marked)).strip()
