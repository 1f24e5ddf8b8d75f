"""A long head of a request, told or shown: who asks with a long cookie or header fails.

App servers and the connectors before them take a head of 4 KB to 16 KB; a request of more is dropped, and the
proxy sees only that.

Source: Jetty HttpConfiguration requestHeaderSize, HttpClient requestBufferSize (4096, its proxy servlet's);
Tomcat AJP connector packetSize (8192), mod_jk max_packet_size; uWSGI buffer-size (4096); Node
--max-http-header-size; RFC 6265 (cookies travel in heads); common phrases of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "long_request_head": "it fails with a long header or cookie of the request; fields: what",
}
_LONG = (
    r"(?:(?:long|large|big|huge)(?:er)?\b|too (?:long|large|big|many)\b|(?:more|longer|larger|bigger) than\b"
    r"|\d{4,6} ?(?:characters|chars|bytes|letters)\b|\d{1,2}(?:\.\d)? ?(?:KB?|kilobytes)\b"
    r"|len(?:gth)? ?\d{4,6}\b)"
)
_HEAD = (
    r"(?:request(?:'s)? headers?|cookie headers?|request cookies?|authorization headers?"
    r"|(?:bearer|full|long) tokens?|\?token="
    r"|query strings?|headers? of the request)"
)
_FAILS = (
    r"(?:\b50[0234]\b|bad gateway|\bfail\w*|\b(?:communication|connection) error\b|\bresets?\b|\bdropped\b"
    r"|\bdoes(?:n't| not) (?:work|get through|answer)\b|\bget an? .{0,20}error\b)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "long_request_head",
        rf"^(?!.*\b(?:response|answer|set-cookie|upstream sent|4(?:00|13|14|31))\b)"
        rf"(?P<what>.*?\b(?:when|if|once|as soon as|with|requests?|sending)\b.{{0,50}}?"
        rf"(?:{_HEAD}.{{0,40}}?{_LONG}|{_LONG}.{{0,30}}?{_HEAD}).{{0,80}}?{_FAILS})",
        "header",
        "cookie",
        "token",
        "query string",
    ),
    says(
        "long_request_head",
        rf"^(?!.*\b(?:response|answer|set-cookie|upstream sent|4(?:00|13|14|31))\b)"
        rf"(?P<what>.*?{_FAILS}.{{0,80}}?\b(?:only|just|one|with|when|if)\b.{{0,60}}?"
        rf"(?:\btokens?|\bcookies?|\bheaders?|\bquery|\breferr?er)\b.{{0,30}}?{_LONG})",
        "token",
        "cookie",
        "header",
        "query",
        "refer",
    ),
    says(
        "long_request_head",
        r"(?P<what>\b(?:tokens?|cookies?|headers?)\b.{0,20}\blen(?:gth)?\W{0,3}\d{5,6}\b)",
        " len",
        "(len",
    ),
    says(
        "long_request_head",
        r"\b(?P<what>(?:fewer|shorter|smaller|less) (?:request headers?|cookies?|headers?)\b.{0,30}"
        r"\b(?:works?|fine|succeeds?|gets? through|answers?|ok)\b)",
        "fewer",
        "shorter",
        "smaller",
        "less",
    ),
)
#: A header that is given by hand: curl -H, --header, -b, --cookie.
_GIVEN = re.compile(r"(?:^|\s)(?:-H|--header|-b|--cookie)[ =]?(?P<quote>['\"])")
#: Letters of one header above which somebody made it long on purpose.
_LONGER = 900


def _asked(piece: Piece) -> Iterator[Sign]:
    """A command that asks with one very long header, which nobody types for another reason."""
    if "curl" not in piece.text:
        return
    for line in piece.text.split("\n"):
        for given in _GIVEN.finditer(line) if "curl" in line else ():
            length = (line.find(given["quote"], given.end()) + 1 or len(line) + 1) - given.end()
            is_token = "authorization" in line[given.end() : given.end() + 20].lower()
            if length > _LONGER and not is_token:
                yield Sign(kind="long_request_head", line=line.strip()[:200], fields={"what": "shown"})
                return


READERS: tuple[Reader, ...] = (_asked,)
