"""Unix sockets in people's words: the name that is not there, the one that is, a mode that keeps others out.

Source: common phrases of reports; packages' names of PHP-FPM's sockets; unix(7), connecting needs write
permission on the socket.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_NAME = r"(?P<path>/?(?:[\w.-]{1,60}/){0,8}[\w.-]{1,80}\.sock(?:et)?\b)"
_QUOTE = r"[`'\"]{0,2}"
_NOT = r"(?!.{0,20}(?:\bnot\b|n't\b|missing|mysql|redis|docker\.sock|supervisor))"
#: No program's line.
_BY_HAND = r"^(?!.*(?:connect\(\)|\[(?:crit|error|emerg)\]|while connecting))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "dial_missing",
        _BY_HAND + rf".*\b(?:errors?|logs?|nginx|apache|complain\w*|502|gateway)\b.{{0,80}}?{_QUOTE}"
        rf"(?P<target>/(?:[\w.-]{{1,60}}/){{1,8}}[\w.-]{{1,80}}\.sock){_QUOTE}(?: file| socket)? "
        r"(?:not (?:existing|being there|being present|available)|(?:is|was|being) (?:absent|non-?existent)"
        r"|(?:is|was)(?:n't| not) there)",
        ".sock",
        proxy="",
    ),
    # "… did not exist, but X did": the one that is there.
    says(
        "socket_named",
        _BY_HAND
        + rf".*\b(?:but|while|instead|only|whereas|however)\b(?: \w+){{0,3}}? {_QUOTE}{_NAME}{_QUOTE}"
        r" (?:did|does|do|exists?|existed|(?:is|was) (?:there|present|what|the one)|is)\b(?! not|n't)",
        ".sock",
    ),
    says(
        "socket_named",
        _BY_HAND + r".*\b(?:real|actual|correct|right|existing|true|new) (?:socket|sock|file|path|name)"
        rf"(?: file| name| path)? (?:is|was|should be|would be|:) ?{_QUOTE}{_NAME}",
        ".sock",
    ),
    says(
        "socket_named",
        _BY_HAND
        + r".*\b(?:there (?:is|was)|it(?:'s| is| was)|file|socket|which is) (?:called|named)"
        + rf":? {_QUOTE}{_NAME}{_NOT}",
        ".sock",
    ),
    says(
        "socket_named",
        _BY_HAND
        + r".*(?:\bls\b|\bdirectory\b|\bfolder\b|/run\b).{0,60}?\b(?:shows?|contains?|lists?|has|only)\b"
        rf"(?: (?!no\b|not\b|missing\b)\w+){{0,3}}? {_QUOTE}{_NAME}{_NOT}",
        ".sock",
    ),
    # Neither its group nor others may write to it.
    says(
        "socket_owner_told",
        _BY_HAND + r".*(?P<what>\b(?:permissions?|mode|chmod)\b.{0,60}\bsocket\b.{0,80}?"
        r"\b(?:0?[0-7][0145][0145]\b|s?rw[x-][r-]-[x-][r-]-[x-]).{0,60})",
        "socket",
    ),
    says(
        "socket_owner_told",
        _BY_HAND + r".*(?P<what>\bsocket\b.{0,60}\b(?:permissions?|mode)\b.{0,30}?"
        r"\b(?:0?[0-7][0145][0145]\b|s?rw[x-][r-]-[x-][r-]-[x-]).{0,60})",
        "socket",
    ),
)
_SAYS_SO = re.compile(
    r"\b(?:there (?:is|was)|exists?|called|named|contains?|shows?|see|find|found|has|have|only|instead)\b"
    r"(?:(?!\bnot\b|n't\b).){0,40}[.:]?\s*\Z",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\A\s*[-*>`]{{0,3}}\s?{_NAME}`{{0,3}}\s*\Z")


@given(_ALONE, _SAYS_SO)
def _below(piece: Piece) -> Iterator[Sign]:
    """A sentence that says what is there, and a socket's name on a line of its own below it."""
    before = ""
    for line in piece.text.split("\n"):
        if (found := _ALONE.match(line)) and _SAYS_SO.search(before):
            yield Sign(kind="socket_named", line=line.strip(), fields={"path": found["path"]})
        before = line if line.strip() and line.strip() != "```" else before


READERS: tuple[Reader, ...] = (_below,)
