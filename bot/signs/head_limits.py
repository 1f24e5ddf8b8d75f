"""Heads that are too long for who reads them: the answer's for a client, the request's for a server.

One library reads heads on both sides, and the words are the same: the stack trace tells which side it was.

Source: Netty HttpObjectDecoder with reactor.netty.http.client (Spring Cloud Gateway), Node
lib/_http_client.js (HPE_HEADER_OVERFLOW), undici HeadersOverflowError, aiohttp client_proto.py (LineTooLong),
CPython http/client.py ("got more than 100 headers"), .NET HttpClient ("response headers length exceeded"),
Apache HttpClient MessageConstraintException, Jetty HttpClient; varnishd cache_ws and vsl-tags (LostHeader,
"out of workspace"); uWSGI core/http.c ("invalid HTTP request size"), Passenger HttpServer.h, WebSphere
MessageTooLargeException, Undertow UT000020, Apache LimitRequestFieldSize; RFC 6585 section 5 (431, which
nginx itself never answers).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "body_cut_off": "an app server cuts a connection for the size of a body; fields: app, limit",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "header_too_big",
        r"\bgot more than \d+ headers\b|response headers length exceeded the set limit|HeadersOverflowError"
        r"|\bResponse [Hh]eaders? (?:is |are )?(?:too large|exceeds?)"
        r"|(?<!request )headers? too (?:large|long|big)\b.{0,40}\b(?:in|of|from|reading|while) "
        r"(?:read(?:ing)? )?(?:the )?(?:response|upstream|backend)",
        "got more than",
        "response header",
        "headersoverflow",
        "header too",
        "headers too",
        side="client",
    ),
    says(
        "header_too_big",
        r"\bout of workspace \((?:bo|[Bb]eresp|[Bb]ereq)\)"
        r"|\bworkspace_backend\b.{0,30}\b(?:overflow|exhausted|full)",
        "out of workspace",
        "workspace_backend",
    ),
    says("request_too_big", r"\bout of workspace \([Rr]eq\)", "out of workspace", app="varnish"),
    says(
        "request_too_big",
        r"invalid HTTP request size \(max (?P<limit>\d+)\)",
        "http request size",
        app="uwsgi",
    ),
    says(
        "request_too_big",
        r"request header data exceeds the buffer of (?P<limit>\d+) bytes",
        "header data exceeds",
        app="passenger",
    ),
    says(
        "request_too_big",
        r"MessageTooLargeException: Size: (?P<size>\d+) exceeds limit\w+ (?P<limit>\d+)",
        "messagetoolarge",
        app="websphere",
    ),
    says(
        "request_too_big",
        r"Size of a request header field exceeds server limit"
        r"|number of request header fields exceeds this server's limit",
        "request header field",
        app="apache",
    ),
    says(
        "request_too_big",
        r"\bstatus\W{1,4}431\b|\b431 from (?:the )?upstream|\bHTTP/\d(?:\.\d)?\"? 431\b|\bHTTP 431\b",
        "431",
        app="the app server",
    ),
    says(
        "body_cut_off",
        r"RequestTooBigException|UT000020: Connection terminated as request was larger than (?P<limit>\d+)",
        "requesttoobig",
        "ut000020",
        app="undertow",
    ),
)
_TOO_LONG = re.compile(
    r"TooLongHttp(?:Header|Line)Exception|HPE_HEADER_OVERFLOW|Parse Error: Header overflow"
    r"|\bLineTooLong\b|Got more than \d+ bytes .{0,20}when reading"
    r"|(?:MessageConstraintException: )?Maximum (?:line length limit|header count) exceeded"
)
_BY_CLIENT = re.compile(
    r"reactor\.netty\.http\.client|HttpClientOperations|__checkpoint \S{0,3} ?HTTP (?:GET|POST|PUT|DELETE)"
    r"|_http_client|client_proto\.py|aiohttp/client"
    r"|org\.apache\.(?:http|hc)\.(?:impl\.)?(?:client|nio\.client)"
    r"|\bproxy error\b|MessageConstraintException",
)


@given(_BY_CLIENT, _TOO_LONG)
def _by_client(piece: Piece) -> Iterator[Sign]:
    """A head that is too long, in the trace of who asked: the head is the answer's."""
    if not _BY_CLIENT.search(piece.text):
        return
    for line in piece.text.split("\n"):
        if _TOO_LONG.search(line):
            yield Sign(kind="header_too_big", line=line.strip(), fields={"side": "client"})
            return


READERS: tuple[Reader, ...] = (_by_client,)
