"""The first bytes of one protocol where another was awaited: PROXY lines, AJP's signature.

Source: ngx_proxy_protocol.c ("broken header: … while reading PROXY protocol"), ngx_http_request.c "client
sent invalid method"; HAProxy src/connection.c conn_err_code_str; Apache httpd mod_remoteip.c, protocol.c
AH00126; mod_proxy_ajp ajp_msg.c "got bad signature %02x%02x", mod_jk jk_ajp_common.c "wrong message format
0x%04x" (its own is "AB"; 0x4854 is the "HT" of HTTP, 0x1503 and 0x1603 are TLS records);
http-proxy-middleware _handlers.ts "Error occurred while proxying request %s to %s [%s]".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_METHOD = r"(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT|PRI|DELETE|PATCH)"
_PLACE = r"(?P<target>[\w.\[\]-]{1,100}:\d{2,5})"
PATTERNS: tuple[Pattern, ...] = (
    says("other_to_app", rf"broken header: \"{_METHOD} ", "broken header", what="no PROXY line"),
    says(
        "other_to_app",
        r"Received something which does not look like a PROXY protocol header"
        r"|RemoteIPProxyProtocol: (?:insane data|unsupported command|error|did not receive)",
        "look like a proxy protocol",
        "remoteipproxyprotocol",
        what="no PROXY line",
    ),
    says(
        "other_to_app",
        r"(?:request: \"|Invalid method in request |Invalid HTTP method[: ]{1,3}b?['\"]?"
        r"|malformed HTTP request \"?"
        r"|Bad request (?:version|syntax) \(?b?['\"]?)PROXY (?:TCP[46]|UNKNOWN)\b",
        "proxy tcp",
        "proxy unknown",
        what="a PROXY line",
    ),
    says(
        "answer_not_protocol",
        r"got bad signature (?:4854|1503|1603)\b|wrong message format 0x(?:4854|1503|1603)\b",
        "bad signature",
        "wrong message format",
        protocol="ajp",
    ),
    says(
        "answer_reset",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} \[ECONNRESET\]",
        "[econnreset]",
        proxy="node",
    ),
    says(
        "dial_refused",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} \[ECONNREFUSED\]",
        "[econnrefused]",
        proxy="node",
    ),
    says(
        "answer_timeout",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} "
        r"\[E(?:SOCKET)?TIMEDOUT\]",
        "timedout]",
        proxy="node",
    ),
)
READERS: tuple[Reader, ...] = ()
