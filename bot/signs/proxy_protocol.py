"""The PROXY protocol's first line: awaited and not sent, or sent to who does not know it.

Source: ngx_proxy_protocol.c ("broken header: … while reading PROXY protocol"), ngx_http_request.c
("client sent invalid method"); haproxy doc/proxy-protocol.txt, src/connection.c conn_err_code_str; Apache
mod_remoteip.c (AH03507, RemoteIPProxyProtocol), protocol.c AH00126; go-proxyproto; Envoy proxy_protocol.cc;
gunicorn http/errors.py ("Invalid request line").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "proxy_header": "the PROXY protocol's first line is awaited or sent in vain; fields: what (missing, odd)",
}
_LINE = r"\bPROXY (?:TCP[46]|UNKNOWN)\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "proxy_header",
        r"\bwhile reading PROXY protocol\b"
        r"|broken header: \"(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT|PRI|DELETE|PATCH) "
        r"|\bnot look like a PROXY protocol header\b|\bproxy protocol signature not present\b"
        r"|\b(?:missing|no) (?:or incomplete |a |valid )*PROXY protocol (?:header|preamble)\b"
        r"|\bRemoteIPProxyProtocol(?: data is missing"
        r"|: (?:insane data|unsupported command|error|did not receive))"
        r"|failed to read proxy protocol|proxyproto: .{0,40}(?:not present|invalid|can't find)",
        "proxy protocol",
        "broken header",
        "remoteipproxyprotocol",
        "proxyproto",
        what="missing",
    ),
    says(
        "proxy_header",
        r"(?:invalid (?:URI|method|HTTP|request)|malformed|bad request|request: \"|\" ?4\d\d )[^\n]{0,160}?"
        rf"{_LINE}|{_LINE}[^\n]{{0,160}}(?:\" 4\d\d |invalid|malformed|bad request)"
        rf"|['\"`]{_LINE} [\d.:a-f]+ ",
        "proxy tcp",
        "proxy unknown",
        what="odd",
    ),
    says("proxy_header", r"\\x0D\\x0A\\x0D\\x0A\\x00\\x0D\\x0AQUIT", "\\x0aquit", what="odd"),
)
READERS: tuple[Reader, ...] = ()
