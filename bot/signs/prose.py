"""What people write between the logs: what they asked past the proxy, and what came of it."""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_ASKED = (
    r"\b(?:connect(?:ing)? to|open(?:ing)?|visit(?:ing)?|access(?:ing)?|brows(?:e|ing) to|curl"
    r"(?:ing)?|go(?:ing)? to"
    r"|hit(?:ting)?|reach(?:ing)?|via|through|using|on|at)\s+[`'\"<(]?(?:https?://)?"
    r"(?P<target>[\w.-]+:\d{2,5})"
)
_WELL = (
    r"(?:I can (?:connect|reach|access)|\bworks?\b|\bwork(?:s|ed|ing) fine|responds|loads|is reachable"
    r"|returns 200|is fine)"
)
_NOT = r"(?!.{0,80}(?:\bnot\b|n't\b|\bno\b|\bfails?\b|refused|502|\bcannot\b))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "answers",
        _ASKED + _NOT + r"\S*.{0,40}" + _WELL,
        "work",
        "i can",
        "responds",
        "loads",
        "reachable",
        "fine",
    ),
    says(
        "answers",
        r"^(?!.{0,200}(?:\bnot\b|n't\b|\bcannot\b)).*\b(?:works?|accessible|reachable|respond(?:s"
        r"|ing)?)(?: fine| well| ok)?"
        r" (?:on|at|via|from|with|when using|directly on|through) [`'\"<(]?(?:https?://)?"
        r"(?P<target>[\w.-]+:\d{2,5})",
        "work",
        "accessible",
        "reachable",
        "respond",
    ),
)
READERS: tuple[Reader, ...] = ()
