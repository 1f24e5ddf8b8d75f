"""Sizes as people tell them: the answer's head was measured, large uploads alone fail, a 413 was seen.

Source: curl(1) -D, -I with wc(1) -c; RFC 9110 section 15.5.14 (413); AWS API Gateway ("Request Too Long"),
Lambda targets (LambdaRequestTooLarge), Kong request-size-limiting, Apache mod_ssl AH02018
(SSLRenegBufferSize); common phrases of reports, a browser's message on CORS for an answer that nginx made
itself.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "long_answer_head": "the head of an answer is long, as measured or told; fields: size",
    "big_bodies_fail": "large bodies fail and small ones pass; fields: what",
    "cors_blocked": "a browser misses the CORS header, which an error page of the proxy has not",
}
_SMALL = r"\b(?:small|smaller|little|tiny|short|kleine\w*|petits?|peque\w+)\b"
_BIG = (
    r"(?:\b(?:large|larger|big|bigger|huge|gro(?:ss|ß)e\w*|gros(?:ses)?|grandes)\b"
    r"|(?:above|over|than|>|from) ?~?(?:some|about|around|\d+(?:[.,]\d+)?) ?(?:MB|MiB|M\b|GB|KB|megabytes)"
    r"|\b\d+(?:[-–.]\d+)? ?(?:MB|MiB)\b)"
)
_THING = (
    r"\b(?:files?|uploads?|attachments?|pictures?|photos?|images?|videos?|screenshots?|bod(?:y|ies)"
    r"|posts?|scans?"
    r"|documents?|dateien|fichiers|archivos)\b"
)
_WELL = (
    r"\b(?:ok|okay|works?|working|fine|go(?:es)?|pass(?:es)?|attach|upload|succeeds?"
    r"|gehen|geht|klappt|marchent)\b"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "big_bodies_fail",
        rf"^(?!.*\b(?:response|download)s?\b)(?=.*{_BIG})(?=.*{_THING})"
        rf"(?P<what>.*{_SMALL}.{{0,40}}{_WELL}.*)",
        "small",
        "little",
        "tiny",
        "short",
        "kleine",
        "petit",
        "peque",
    ),
    says(
        "big_bodies_fail",
        r"(?P<what>\bvideos? (?:fail|stop|break|do(?:n't| not))\b.{0,30}"
        r"\b(?:photos?|pictures?|images?)\b.{0,20}"
        r"\b(?:ok|fine|work|go)\b)",
        "video",
    ),
    says("cors_blocked", r"blocked by CORS policy: No 'Access-Control-Allow-Origin'", "blocked by cors"),
    says(
        "body_too_big",
        r"\bLambdaRequestTooLarge\b|\{\"message\": ?\"Request size limit exceeded\"|\"Request Too Long\""
        r"|AH02018: request body exceeds maximum size|AH02257: could not buffer message body",
        "lambdarequesttoolarge",
        "size limit exceeded",
        "request too long",
        "ah02018",
        "ah02257",
    ),
    says(
        "page",
        r"^(?!.*(?:upstream: \"|\[error\])).*?(?:^(?=\s*413 in )\s*|\bHTTP/\d(?:\.\d)? "
        r"|\b(?:status|status_code|code|answers?|returns?"
        r"|responds?|gets?|got|gives?|receives?)\W{1,4}(?:an? |with |HTTP )?|(?:->|=>) )(?P<status>413)\b"
        r"(?! ?(?:ms|s|sec|req|KB|MB)\b)(?! request)"
        r"(?! ?(?:m?s\b|[KMG]i?B\b|bytes|users|requests|times|%))",
        "413",
    ),
)
_MEASURED = re.compile(
    r"curl[^\n]{0,60}\s-(?:s?S?[ID]|sD|D|I)\b[^\n]{0,80}wc -c\W{0,4}[^\n\d]{0,20}(?P<size>\d{4,6})\b"
)
_SIZED = re.compile(
    r"\b(?:set-cookie|(?:response|answer)(?:'s)? heads?|(?:response|answer) headers?|link headers?)\b"
    r"[^\n.;]{0,40}?\b(?P<size>\d+(?:[.,]\d+)?) ?(?P<unit>k(?:i?b)?|bytes|chars|characters)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:\d{2,3}|many|lots of|dozens of|hundreds of|a lot of) (?:\w+ )?(?:Link|Set-Cookie)\b:?(?: preload)?"
    r" (?:headers?|lines?|fields?)",
    re.IGNORECASE,
)
#: One memory page: the smallest of the buffers that proxies have for a head.
_PAGE = 4096


@given((_MEASURED, _SIZED, _MANY))
def _heads(piece: Piece) -> Iterator[Sign]:
    """The answer's head as somebody measured it, or says how much stands in it."""
    for line in piece.text.split("\n"):
        size = 0.0
        if found := _MEASURED.search(line) or _SIZED.search(line):
            size = float(found["size"].replace(",", "."))
            unit = found.groupdict().get("unit") or ""
            size *= 1024 if unit.lower().startswith("k") else 1
        if size > _PAGE or _MANY.search(line):
            yield Sign(
                kind="long_answer_head", line=line.strip(), fields={"size": str(int(size)) if size else ""}
            )


READERS: tuple[Reader, ...] = (_heads,)
