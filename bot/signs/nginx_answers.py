"""nginx and its kin: what the error log says of an answer that is too large, invalid or of another protocol.

Source: ngx_http_upstream.c, ngx_http_proxy_module.c, ngx_http_fastcgi_module.c, ngx_http_grpc_module.c,
ngx_http_uwsgi_module.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.nginx import AT, NX
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "header_too_big": "the answer's header does not fit the proxy's buffer; fields: target, side",
    "answer_too_long": "the app sent more than it announced; fields: target",
}
PATTERNS: tuple[Pattern, ...] = (
    # The answer itself.
    says("header_too_big", r"upstream sent too big header" + AT, "too big header"),
    says(
        "header_too_big",
        r"upstream sent (?:too large(?! http2)|header .{0,40}too (?:big|large))" + AT,
        "upstream sent",
    ),
    says(
        "answer_invalid",
        r"upstream sent (?:an )?(?:invalid|duplicate|unexpected|unknown|\"Content-Length\" and"
        r"|\"Transfer)"
        r"(?!.{0,60}(?:http2 |FastCGI|uwsgi|unknown stream))(?!.{0,700}?\", ignored\b)"
        r"(?:.{0,60}?header(?: line)?:? \"(?P<header>[^\":]{1,60}))?" + AT,
        "upstream sent",
        **NX,
    ),
    # The far end speaks HTTP/2, and what it says in it is wrong.
    says(
        "answer_invalid",
        r"upstream sent (?:invalid http2 (?:table|header)|http2 header with|too large http2 header"
        r"|frame for unknown stream)" + AT,
        "http2",
        "unknown stream",
        **NX,
    ),
    says(
        "answer_too_long",
        r"upstream sent more data than specified in \"Content-Length\"" + AT,
        "more data than",
    ),
    # Another protocol than nginx speaks.
    # The version is the answer's first letter: 72 is the H of HTTP, 83 the S of a CGI program's `Status:`.
    says(
        "answer_not_protocol",
        r"upstream sent unsupported FastCGI protocol version: 72\b" + AT,
        "unsupported fastcgi protocol",
        wants="http",
        protocol="fastcgi",
    ),
    says(
        "answer_not_protocol",
        r"upstream sent unsupported FastCGI protocol version(?!: 72\b)" + AT,
        "unsupported fastcgi protocol",
        protocol="fastcgi",
    ),
    says(
        "answer_not_protocol",
        r"upstream sent unexpected FastCGI record" + AT,
        "unexpected fastcgi",
        protocol="fastcgi",
    ),
    says(
        "answer_not_protocol",
        r"upstream sent (?:no valid HTTP/1\.0 header|invalid HTTP/1\.0|HTTP/0\.9|no valid header)" + AT,
        "no valid",
        "http/1.0",
        "http/0.9",
        protocol="http",
    ),
    says(
        "answer_not_protocol",
        r"upstream sent (?:invalid http2 frame|too large http2 frame|unexpected http2 frame"
        r"|http2 frame (?:with|too)|settings frame with|unsupported http2)" + AT,
        "http2",
        "settings frame",
        protocol="grpc",
    ),
    # RST_STREAM by RFC 9113 section 7: 1 breaks the protocol, 13 wants HTTP/1.1; others are the app's doing.
    says(
        "answer_not_protocol",
        r"upstream rejected request with error (?:1|13)\b" + AT,
        "rejected request with error",
        protocol="grpc",
    ),
    says(
        "answer_reset",
        r"upstream (?:rejected request|sent goaway) with error (?!(?:0|1|13)\b)\d+" + AT,
        "with error",
        protocol="grpc",
        proxy="nginx",
    ),
)
READERS: tuple[Reader, ...] = ()
