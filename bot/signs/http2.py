"""HTTP/2 and gRPC met by HTTP/1.1, TLS met by neither, and the reverse, as each end words it.

Source: ngx_http_grpc_module.c; golang.org/x/net/http2 server.go, frame.go, transport.go; Go net/http
transport.go; RFC 9113 section 3.4 (preface); grpc-go http2_client.go; nghttp2_strerror; Node
lib/_http_server; hyper src/error.rs; Kestrel CoreStrings.resx; Cowboy and Ranch reports;
Apache AH02411 and its kin.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

#: "HTT" read as the length of a frame: an answer of HTTP/1.1 to a request of HTTP/2.
_HTT = "4740180"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "answer_not_protocol",
        rf"upstream sent too large http2 frame: {_HTT}|frame (?:length|size) {_HTT}"
        r"|upstream sent (?:unexpected|invalid) http2 (?:preface|frame: )",
        "http2",
        "frame",
        wants="http2",
    ),
    says(
        "other_to_app",
        r"(?P<what>http2: server: error reading preface from client \S+ (?:bogus greeting|.{0,20}timeout))",
        "error reading preface",
    ),
    says(
        "answer_not_protocol",
        r"error reading server preface|connection (?:error|closed) before server preface received"
        r"|failed to receive (?:the )?server preface",
        "server preface",
        wants="http2",
    ),
    # The first bytes: HTTP/2's settings, or a TLS alert, where HTTP/1.1 was awaited.
    says(
        "answer_not_protocol",
        r"malformed HTTP (?:response|status code|version) \\?\"\\{1,2}x(?:00\\{1,2}x00|15\\{1,2}x03)",
        "malformed http",
    ),
    says(
        "answer_not_protocol",
        r"NGHTTP2_(?:PROTOCOL_ERROR|BAD_CLIENT_MAGIC)|\bBad client magic byte string",
        "nghttp2_",
        "client magic",
        wants="http2",
    ),
    says(
        "answer_not_protocol",
        r"unexpected HTTP status code received from server: \d+.{0,80}content-type \"?text/html"
        r"|received (?:the )?unexpected content-type \"?text/html",
        "text/html",
        wants="grpc",
    ),
    says(
        "other_to_app",
        r"(?P<what>An HTTP/1\.x request was sent to an HTTP/2 only endpoint"
        r"|HTTP/2 over TLS was not negotiated on an HTTP/2-only endpoint)",
        "http/2 only",
        "http/2-only",
    ),
    says(
        "plain_to_tls",
        r"SSL_ERROR_SSL.{0,60}http request|tls: unsupported SSLv2 handshake received"
        r"|Speaking plain HTTP to an SSL-enabled|HTTP spoken on HTTPS port"
        r"|not an SSL/TLS record: 474554|not an SSL/TLS record: 504f5354",
        "http request",
        "sslv2 handshake",
        "plain http",
        "spoken on https",
        "ssl/tls record",
    ),
    says(
        "tls_not_spoken",
        r"not an SSL/TLS record: 485454502f|Unrecognized SSL message, plaintext connection\?"
        r"|\bEPROTO\b.{0,120}(?:wrong version number|packet length)"
        r"|HTTPS handshake failed.{0,60}plain(?:text)? (?:HTTP|response)",
        "ssl/tls record",
        "plaintext connection",
        "eproto",
        "handshake failed",
    ),
    says(
        "other_to_app",
        r"(?P<what>invalid HTTP (?:method|version) parsed|Invalid (?:Http|HTTP) (?:method|request)"
        r" detected.{0,20}\\x16|Invalid request line: '(?:\\x16|\x16)\S*'"
        r"|bad request line.{0,12}\\x16|invalid_request_line.{0,12}\\x16)",
        "invalid http",
        "request line",
        "invalid_request_line",
    ),
    # From this machine or its network it is no scanner, but somebody's own call with the wrong scheme.
    says(
        "other_to_app",
        r"^(?:127\.0\.0\.1|::1|10\.\S+|192\.168\.\S+|172\.(?:1[6-9]|2\d|3[01])\.\S+) .{0,80}"
        r"\"(?P<what>\\x16\\x03)[^\"]*\" (?:400|501) ",
        "\\x16\\x03",
    ),
    # Bytes of TLS in nginx's own access log: scanners, or users who write https to a plain port.
    says(
        "client_tls",
        r"\[\d\d/\w{3}/\d{4}[^\]]*\] \"(?P<reason>\\x16\\x03)[^\"]*\" 400 \d+ \"-\" \"-\"",
        "x16",
    ),
)
READERS: tuple[Reader, ...] = ()
