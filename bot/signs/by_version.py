"""The same request fails by one version of HTTP and passes by another: the proxy's handling of that version.

Source: curl(1) --http1.0, --http1.1, --http2, --http3; RFC 9113 section 8.1 (what HTTP/2 forbids in a head).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "version_decides": "one version of HTTP works, another does not; fields: version (the one that works)",
}
_V = r"(?:HTTP/?|h)(?P<version>1\.[01]|1|2|3)(?:\.0)?"
_OTHER = r"(?:HTTP/?|h)(?:1\.[01]|1|2|3)"
#: 1.1 stands in every line of an access log; of two versions the other one is another.
_WORDS = ("http/2", "http2", "http/3", "http3", "http/1.0", "http1.0", "h2", "h3")
_FAILS = r"(?:fails?|does(?:n't| not)|breaks?|gives?|returns?|errors?|50\d|do(?:n't| not))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "version_decides",
        rf"\b(?:works?|working|fine|ok|succeeds?|200)\b.{{0,30}}\b(?:with|over|via|using|on|in|by|to)\s+{_V}\b.{{0,60}}"
        rf"\b(?:but|and|while|whereas|not)\b.{{0,60}}\b{_OTHER}\b",
        *_WORDS,
    ),
    says(
        "version_decides",
        rf"\b{_FAILS}\b.{{0,40}}\b(?:with|over|via|using|on|only)\s+{_OTHER}\b.{{0,60}}\b{_V}\b.{{0,30}}"
        r"\b(?:works?|fine|ok|succeeds?)\b",
        *_WORDS,
    ),
    says(
        "version_decides",
        r"\b(?:disabl\w+|turn\w* off|remov\w+|without) (?:the )?(?:HTTP/?|h)[23]\b.{0,60}\b(?:works?"
        r"|fix\w*|solv\w*"
        r"|help\w*|gone|goes away)\b",
        *_WORDS,
    ),
)

_CURL = re.compile(r"\bcurl\b(?P<rest>.{0,300})")
_FLAG = re.compile(r"--http(?P<version>1\.[01]|2|3)")
_STATUS = re.compile(
    r"(?:HTTP/[\d.]+\"?\s+|(?:->|=>|→|returns?|gives?|:|\()\s*(?:HTTP )?)(?P<status>[1-5]\d\d)\b"
)


@given(_CURL, _FLAG, _STATUS)
def _curls(piece: Piece) -> Iterator[Sign]:
    """Two calls of curl that differ in the version: one answered well, one with a gateway's error."""
    asked: list[tuple[str, str, str]] = []
    version = None
    for line in piece.text.split("\n"):
        call = _CURL.search(line)
        if call:
            flag = _FLAG.search(call["rest"])
            version = flag["version"] if flag else ""
        status = _STATUS.search(line)
        if version is not None and status:
            asked.append((version, status["status"], line.strip()))
            version = None
    well = next((one for one in asked if one[1][0] in "23"), None)
    if well and any(one[0] != well[0] and one[1][0] == "5" for one in asked):
        yield Sign(kind="version_decides", line=well[2], fields={"version": well[0]})


READERS: tuple[Reader, ...] = (_curls,)
