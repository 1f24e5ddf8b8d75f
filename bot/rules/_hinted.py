"""Expressions that a whole text is looked through for: only where the words of each of their matches stand.

Looking for an expression takes tens of times as long as seeing that none of its words is there, and of most
expressions none is.
"""

import re
from functools import cached_property

from bot.signs.needed import Needed, all_there, needed


class Hinted:
    """An expression that is looked for only where the words stand that bot.signs.needed reads out of it."""

    def __init__(self, regex: re.Pattern[str]) -> None:
        self.regex = regex

    @cached_property
    def _needed(self) -> Needed:
        return needed(self.regex)

    def search(self, text: str, lowered: str) -> re.Match[str] | None:
        """As the expression's own; `lowered` is the text folded, made once for many expressions."""
        return self.regex.search(text) if all_there(self._needed, lowered) else None
