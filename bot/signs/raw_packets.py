"""The first bytes that Node's HTTP parser could not read: `rawPacket: <Buffer 15 03 03 ...>`.

They tell what speaks at the far end, whichever side it is: a TLS alert or hello, HTTP/2's settings, a
greeting.

Source: Node lib/_http_client.js, _http_server.js (rawPacket, HPE_ codes of llhttp); RFC 8446 section 5.1
(records 15, 16), RFC 9113 section 4.1, RFC 4253; HAProxy's proxy-protocol.txt (first letters).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()
_BYTES = re.compile(r"<Buffer (?P<bytes>(?:[0-9a-f]{2} ?){3,64})")
#: First bytes -> what they are of.
_FIRST: tuple[tuple[str, str], ...] = (
    ("15 03", "TLS"),
    ("16 03", "TLS"),
    ("00 00 06 04", "HTTP/2"),
    ("00 00 12 04", "HTTP/2"),
    ("00 00 18 04", "HTTP/2"),
    ("50 52 49 20 2a", "HTTP/2"),
    ("50 52 4f 58 59", "the PROXY protocol"),
    ("0d 0a 0d 0a 00 0d 0a", "the PROXY protocol"),
    ("53 53 48 2d", "SSH"),
)
_IN_ANSWER = re.compile(r"_http_client|Expected HTTP/|http proxy error", re.IGNORECASE)


@given(_BYTES)
def _packets(piece: Piece) -> Iterator[Sign]:
    """What the bytes are of, and whether they came as an answer or as a request."""
    kind = "answer_not_protocol" if _IN_ANSWER.search(piece.text) else "other_to_app"
    for line in piece.text.split("\n"):
        found = _BYTES.search(line)
        what = next((of for first, of in _FIRST if found and found["bytes"].startswith(first)), "")
        if what:
            yield Sign(kind=kind, line=line.strip(), fields={"what": what, "bytes": "shown"})


READERS: tuple[Reader, ...] = (_packets,)
