"""A cookie that the app sets makes its answer fail, as people write: the answer's head does not fit.

Source: RFC 6265 section 6.1 (4096 bytes a cookie), ngx_http_proxy_module `proxy_buffer_size` (a page, 4k or
8k, for the whole head); the frameworks' calls: Express res.cookie, PHP setcookie, Django
and Flask set_cookie.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_CALL = r"(?:\bres(?:ponse|p)?\.cookie\(|\bset_?cookies?\(|\.cookies?\.(?:set|append|add)\(|\bSet-Cookie\b)"
_SETS = re.compile(
    rf"{_CALL}"
    r"|\b(?:set|save|write|add|send|store)(?:s|ting|ing)? (?:a |the |an? \w{1,20} |this )?cookies?\b",
    re.IGNORECASE,
)
_BAD = re.compile(r"(?<!\w)502(?!\w)|\bbad gateway\b", re.IGNORECASE)
_WELL_WITHOUT = re.compile(
    r"\b(?:remov\w{1,3}|comment\w{0,3}|delet\w{1,3}|drop\w{0,4}|leav\w{1,3} out|tak\w{1,3} out|without"
    r"|skip\w{0,4})\b.{0,20}\b(?:that|this|the|these|those)\b.{0,20}\b(?:line|call|cookie|code|header)s?\b.{0,80}"
    r"\b(?:works?|fine|ok|okay|loads?|goes away|is gone|no (?:502|error))\b(?!.{0,10}\bnot\b)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:when(?:ever)?|if|as soon as|once|after|every time|each time)\b.{0,40}"
    r"\b(?:set|save|write|add|send|store)(?:s|ting|ing)? (?:a |the |an? \w{1,20} |this )?cookies?\b",
    re.IGNORECASE,
)


@given(_SETS, _BAD)
def _breaks(piece: Piece) -> Iterator[Sign]:
    """It is a 502 with the line that sets a cookie and none without, or only when a cookie is set."""
    lines = [line.strip() for line in piece.text.split("\n")]
    sets = next((line for line in lines if _SETS.search(line)), None)
    if sets is None or not any(_BAD.search(line) for line in lines):
        return
    told = next((line for line in lines if _WELL_WITHOUT.search(line) or _WHEN.search(line)), None)
    if told is not None:
        yield Sign(kind="with_cookies", line=told, fields={"what": sets[:120]})


READERS: tuple[Reader, ...] = (_breaks,)
