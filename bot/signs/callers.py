"""A program's own client that gets nowhere: HTTP and RPC libraries of many languages, with the place dialled.

Source: urllib3 connectionpool.py and connection.py (NewConnectionError), aiohttp client_exceptions.py, httpx;
java.net.ConnectException, Apache HttpClient HttpHostConnectException, OkHttp, Netty; Guzzle and libcurl
("cURL error 7"); Ruby net/http ("Failed to open TCP connection to"); hyper and reqwest; gRPC core
("failed to connect to all addresses"); .NET HttpRequestException; wget.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_REFUSED = r"(?P<reason>[Cc]onnection (?:was )?(?:actively )?refused|ECONNREFUSED|actively refused it)"
_LATE = (
    r"(?P<reason>[Cc]onnection timed out|[Cc]onnect(?:ion)? timed? ?out|ETIMEDOUT|[Nn]o route to host"
    r"|EHOSTUNREACH)"
)
_PLACE = r"(?P<target>(?:https?://)?(?:\[[0-9a-f:]+\]|[\w.-]+):\d{2,5})"


def _both(before: str, after: str, *words: str) -> tuple[Pattern, ...]:
    """A dial that was refused, and one that got no answer."""
    return tuple(says("dependency_away", rf"{before}{reason}{after}", *words) for reason in (_REFUSED, _LATE))


PATTERNS: tuple[Pattern, ...] = (
    # Home Assistant's supervisor is the proxy of its add-ons, whose pages it calls with aiohttp.
    says(
        "dial_refused",
        r"ingress.{0,40}Cannot connect to host " + _PLACE + r".{0,80}(?:refused|Connect call failed)",
        "ingress",
        proxy="ingress",
    ),
    *_both(
        r"^(?!.*ingress).*?Cannot connect to host " + _PLACE + r".{0,160}?", r"", "cannot connect to host"
    ),
    *_both(r"Connect to " + _PLACE + r" \[.{0,160}?\] failed: ", r"", "connect to "),
    *_both(r"Failed to connect to (?:[\w.-]{1,120}/)?" + _PLACE + r".{0,80}?", r"", "failed to connect to"),
    *_both(r"Failed to open TCP connection to " + _PLACE + r" \(", r"", "open tcp connection"),
    *_both(
        r"ConnectException.{0,60}?: ",
        r".{0,40}?(?:: |/)" + _PLACE,
        "connectexception",
    ),
    *_both(r"for url \(" + _PLACE + r"[^)]{0,200}\).{0,120}?", r"", "for url ("),
    *_both(r"connect to all addresses.{0,120}?(?:ipv[46]:)" + _PLACE + r".{0,120}?", r"", "all addresses"),
    *_both(r"Connecting to [^|]{0,120}\|[\d.:a-f]{2,45}\|:\d{2,5}\.\.\. failed: ", r"", "connecting to "),
)

_POOL = re.compile(
    r"HTTPS?Connection(?:Pool)?\(host='(?P<host>[^']{1,120})', port=(?P<port>\d{2,5})\)"
    rf".{{0,600}}?(?:{_REFUSED}|{_LATE.replace('reason', 'late')})"
)


@given(_POOL)
def _pools(piece: Piece) -> Iterator[Sign]:
    """urllib3 names host and port apart."""
    for line in piece.text.split("\n"):
        found = _POOL.search(line)
        if found:
            target, reason = f"{found['host']}:{found['port']}", found["reason"] or found["late"]
            yield Sign(kind="dependency_away", line=line.strip(), fields={"target": target, "reason": reason})


READERS: tuple[Reader, ...] = (_pools,)
