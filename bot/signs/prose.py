"""What people write between the logs: what they asked past the proxy, and what came of it."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "cut_off": "asked past the proxy, the connection is taken and then cut; fields: reason",
    "works_outside": "somebody writes that it works without the container; fields: name",
    "loopback_fails": "somebody writes that the proxy fails with a loopback address; fields: target",
}
#: Nothing that a program logs.
_BY_HAND = r"^(?!.*(?:\[error[\] ]|connect\(\)|dial tcp|for url|\"[A-Z]{3,7} /))"
#: What a browser opens is the proxy itself.
_NOT_ASKED = (
    r"(?!(?:\W{0,3}|.*\b(?:open|visit|access|curl|brows|load|hit|navigat|go)\w*\b.{0,20})"
    r"https?://(?:127\.0\.0\.1|localhost)\b)"
)
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
_NOT = r"(?!.{0,80}(?:\b(?:not|never)\b|n't\b|\bno\b|\bfails?\b|refused|502|\bcannot\b|\bhangs?\b))"
#: Nothing in the sentence that tells of trouble.
_ALL_WELL = (
    r"^(?!.*(?:\bnot\b|n't\b|\bno\b|\bfail|refused|\b[45]\d\d\b|\bcannot\b|\bhang|\bempty\b|\breset\b|time-?out"
    r"|timed out|\berror))"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "cut_off",
        r"(?P<reason>Empty reply from server|Recv failure: Connection reset|Read error \(Connection reset"
        r"|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|socket hang up)",
        "empty reply",
        "recv failure",
        "read error",
        "err_empty_response",
        "err_connection_reset",
        "socket hang up",
    ),
    says(
        "works_outside",
        r"^(?!.{0,200}\b(?:not|doesn't|fails?)\b).*\b(?P<name>\w+) (?:directly )?(?:on (?:the|my) "
        r"host|outside (?:of )?(?:the )?"
        r"(?:docker|container)|without docker)\b.{0,60}\bwork",
        "host",
        "outside",
        "without docker",
    ),
    says(
        "works_outside",
        r"\bwork(?:s|ed|ing)?\b.{0,60}\b(?:via|as|with|from|using|running) (?:the |a )?(?:\w+ )?"
        r"(?P<name>binary|executable)\b.{0,30}"
        r"\b(?:instead of|rather than)\b.{0,20}"
        r"\b(?:docker|container)",
        "docker",
        "container",
    ),
    says(
        "loopback_fails",
        _BY_HAND + _NOT_ASKED + r".*(?P<target>127\.0\.0\.1|localhost)\b.{0,100}\b502\b",
        "502",
    ),
    says(
        "loopback_fails",
        _BY_HAND + r".*\b502\b.{0,100}(?:use|using|with|dial|point)\w* .{0,40}"
        r"(?P<target>127\.0\.0\.1|localhost)\b",
        "502",
    ),
    says(
        "loopback_fails",
        _BY_HAND
        + r".*\b(?:if|when|once|after) (?:i |we |you )?(?:chang|replac|switch|swap|put|us|enter|set)\w* "
        r"(?:the )?(?P<target>127\.0\.0\.1|localhost) (?:to|with|by|for) .{0,60}"
        r"\b(?:ip|address|hostname|name)\b"
        r".{0,40}\bwork\w*",
        "127.0.0.1",
        "localhost",
    ),
    says(
        "loopback_fails",
        _BY_HAND
        + r".*\b(?:inaccessible|unreachable|not reachable|fail\w*|bad gateway)\b.{0,60}\b(?:through|via|by"
        r"|with"
        r"|using) (?:the )?[`'\"]?(?P<target>127\.0\.0\.1|localhost)[`'\"]?",
        "127.0.0.1",
        "localhost",
    ),
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
        r"\b(?:I|we) (?:can )?(?:get|see|receive) (?:an? |the )?(?:\w+ )?(?:successful|valid|correct|proper"
        r"|good|expected|normal|200)\b[^.]{0,60}?\b(?:curl|wget)\b[^.]{0,20}? [`'\"]?(?:https?://)?"
        r"(?P<target>(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+):\d{2,5})",
        "curl",
        "wget",
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
    says(
        "answers",
        _ALL_WELL + r".*\b(?:curl(?:ing)?|wget|lynx|telnet)\b[^.]{0,20}?[`'\"<( ](?:https?://)?"
        r"(?P<target>(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+:\d{2,5})[^\s`'\"<>)]{0,60})[^.]{0,80}"
        # What it returns may stand below, and be an error.
        r"\b(?:(?:returns?|gives?|shows?|gets?|prints?|displays?)\b(?!\W*\Z)"
        r"|(?:loads?|serves?|responds?|answers?|works?|succeeds?)\b)",
        "curl",
        "wget",
        "lynx",
        "telnet",
    ),
    says(
        "answers",
        _ALL_WELL + r".*\b(?:works?|working|fine|responds?|answers?|loads?|reachable|accessible)\b[^.]{0,40}"
        r"\b(?:when (?:asked|accessed|called|opened|requested|hit|going)|by going|if (?:I|we|you) (?:go"
        r"|access|open"
        r"|call|hit)|when (?:I|we) (?:go|access|open|call|hit|bypass))\b[^.]{0,30}\b(?:direct(?:ly)?|straight"
        r"|past the proxy|bypass\w*|without (?:the )?(?:proxy|nginx|varnish|balancer))\b",
        "direct",
        "straight",
        "proxy",
        "bypass",
        "without",
    ),
    says(
        "answers",
        r"\bcurl\b[^>=]{0,60}?(?:https?://)?(?P<target>[\w.-]+:\d{2,5})\S*\s*(?:->|=>|:|returns?|gives?)\s+"
        r"(?:HTTP )?(?P<status>[1-5]\d\d)\b",
        "curl",
    ),
)
_CURL = re.compile(
    r"\A\W{0,4}\w*@?\S*\s?curl (?:-\S+ )*[\"']?(?:https?://)?(?P<target>[\w.-]+:\d{2,5})[\w/.?=&\"'-]*\s*\Z"
)
_NO_PAGE = re.compile(
    r"^HTTP/|curl:|refused|timed out|reset|50[0234]|^\s*[$#*%]|% Total|error|not found|empty reply"
    # PHP-FPM without the script, and a port of TLS asked in plain HTTP
    r"|no input file|to (?:an )?HTTPS (?:server|port)",
    re.I,
)
#: The title of a proxy's own page stands a few lines below the command.
_FAILS = re.compile(r"<title>\s*50[0234]\b", re.I)
_NEAR = 4


@given(_CURL)
def _asked(piece: Piece) -> Iterator[Sign]:
    """`curl localhost:5000` with a page under it."""
    lines = [line for line in piece.text.split("\n") if line.strip()]
    for at, (line, after) in enumerate(pairwise(lines)):
        found = _CURL.match(line)
        if found and not _NO_PAGE.search(after) and not _FAILS.search("\n".join(lines[at : at + _NEAR])):
            yield Sign(kind="answers", line=line.strip(), fields={"target": found["target"]})


READERS: tuple[Reader, ...] = (_asked,)
