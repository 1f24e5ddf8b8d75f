"""nginx, OpenResty, Tengine, APISIX, ingress-nginx: what the error log says of the way to the upstream.

Linux, musl, BSD, macOS and Windows number and word the same error differently, so both count.
Source: ngx_http_upstream.c, ngx_event_connect.c, ngx_connection.c, ngx_log.c, ngx_http_fastcgi_module.c,
ngx_http_grpc_module.c, ngx_http_uwsgi_module.c, ngx_stream_proxy_module.c; errno(3) of glibc, musl, BSD.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "server_disabled": "the proxy takes a server out for a while; fields: target, proxy",
    "dial_cut": "a socket is dialled, and the line was cut before the reason; fields: target, proxy",
    "dial_no_address": "no local address or port to dial from (99); fields: target, protocol, proxy",
    "backend_stderr": "a FastCGI, uwsgi or SCGI backend wrote to its error stream; fields: text",
}
NX = {"proxy": "nginx"}
_ADDRESS = r"unix:[^:\"\s]+|\[[^\]\s\"]+\](?::\d+)?|[^/\"\s,]+"
#: Where a line names what was dialled, near its end; cut lines do not.
_UP = rf"(?:.*?upstream:? \"(?:(?P<protocol>[a-z]+)://)?(?P<target>{_ADDRESS}))?"
#: For kinds that have no protocol.
AT = rf"(?:.*?upstream:? \"(?:[a-z]+://)?(?P<target>{_ADDRESS}))?"
_SCHEME = r"(?:.*?upstream:? \"(?P<protocol>[a-z]+)://)?"
_OTHER_CALLS = r"(?!.{0,160}while (?:logging to syslog|resolving|requesting certificate status|sending log))"

_REFUSED = r"(?:111|61|146|10061)(?:: |\))|\d*:? ?(?:Connection refused|No connection could be made)"
_TIMED_OUT = r"(?:110|60|145|10060)(?:: |\))|\d*:? ?(?:(?:Connecti|Operati)on timed out|A connection attempt)"
_CUT = r"(?:\A[^a-z]{0,40}|[\"'`]\(?)"
_NO_ROUTE_TEXT = r"(?:No route to host|Host (?:is )?unreachable|Network (?:is )?unreachable)"
_NO_ROUTE = r"113|65|148|10065|101|51|128|10051"
_DENIED = r"(?:13|10013): |\d*:? ?Permission denied"
_MISSING = r"2: (?:No such file|The system cannot find)|\d*:? ?No such file or directory"
_BUSY = r"(?:11|35|10035): (?:Resource|Try|No)|\d*:? ?Resource temporarily unavailable"
_RESET = r"(?:104|54|131|10054|10053|32|109): |\d*:? ?(?:Connection reset by peer|Broken pipe)"


def _connect(kind: str, error: str, *words: str) -> tuple[Pattern, ...]:
    """connect() failed: to a unix socket the path stands in the head, else only in the tail."""
    head = r"connect\(\)"
    return (
        says(
            kind,
            rf"{head} to (?P<target>unix:[^\s:]+):?[^\s(]* failed \((?:{error}){_SCHEME}",
            *words,
            **NX,
        ),
        says(kind, rf"{head} (?:to (?!unix:)\S+ )?failed \((?:{error}){_OTHER_CALLS}{_UP}", *words, **NX),
    )


def _reads(kind: str, regex: str, *words: str) -> Pattern:
    return says(kind, regex + _UP, *words, **NX)


#: What nginx does after the header; an error there cuts the body.
_BODY = r"while (?:reading upstream|proxying|sending to client)"
#: Calls that fail on a connection that is up.
_CALL = r"(?:recv|send|writev|sendfile|readv|read|WSARecv|WSASend|kevent)\(\)"
_CLIENTS = (
    r"(?!.{0,200}while (?:reading client|sending (?:response )?to client|keepalive|waiting for request"
    r"|logging|resolving|SSL))"
)
_HEADER = r"while (?:reading response header|reading upstream|sending request|connecting)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "config_invalid",
        r"(?P<text>(?:(?:invalid|no) (?:port|host) in upstream|invalid URL prefix) .{0,200}?)"
        r" in (?P<file>/\S+:\d+)\s*$",
        "in upstream",
        "url prefix",
    ),
    says(
        "dial_cut",
        r"connect\(\) to (?P<target>unix:/[\w./@-]{1,120}\.sock(?:et)?)\W{0,4}$",
        "connect() to unix:",
        proxy="nginx",
    ),
    # Connecting.
    *_connect("dial_refused", _REFUSED, "connect() "),
    *_connect("dial_timeout", _TIMED_OUT, "connect() "),
    *_connect("dial_denied", _DENIED, "connect() "),
    *_connect("answer_reset", _RESET, "connect() "),
    *_connect("dial_missing", _MISSING, "connect() "),
    *_connect(
        "dial_no_address", r"(?:99|49|126|125|10049): |\d*:? ?(?:Cannot assign|Address not a)", "connect() "
    ),
    says(
        "dial_no_route",
        r"connect\(\) to (?P<target>\[[0-9a-f:.]+\]:\d+|\d[\d.]+:\d+) failed "
        rf"\((?P<errno>{_NO_ROUTE})?:? ?{_NO_ROUTE_TEXT}",
        "connect() to ",
        **NX,
    ),
    says(
        "dial_no_route",
        rf"connect\(\) (?:to \S+ )?failed \((?P<errno>{_NO_ROUTE})?:? ?"
        rf"(?:{_NO_ROUTE_TEXT}|A socket operation was attempted){_OTHER_CALLS}{AT}",
        "connect() ",
        **NX,
    ),
    says(
        "dial_no_route",
        rf"connect\(\) (?:to \S+ )?failed \((?P<errno>1): Operation not permitted{AT}",
        "connect() ",
        **NX,
    ),
    says(
        "blocked",
        rf"connect\(\) (?:to \S+ )?failed \(1: Operation not permitted{AT}",
        "connect() ",
    ),
    says(
        "dial_busy", rf"connect\(\) to (?P<target>unix:[^\s:]+)\S* failed \((?:{_BUSY})", "connect() ", **NX
    ),
    says("dial_busy", rf"connect\(\) (?:to (?!unix:)\S+ )?failed \((?:{_BUSY}){AT}", "connect() ", **NX),
    # Copied by somebody the other way round.
    says(
        "dial_refused",
        r"upstream: \"(?P<protocol>http|https|fastcgi|uwsgi|scgi|grpc)://(?P<target>[\w.-]+:\d+|\[[0-9a-f:]+\]:\d+)"
        r"[^\"]{0,300}\"[^\"]{0,30}\((?:111|61): Connection refused\)",
        "refused)",
        proxy="nginx",
    ),
    # The head is cut off.
    _reads(
        "dial_refused",
        r"(?<!failed \()\b(?:111: |61: )?Connection refused\) while connecting to upstream",
        "connection refused) while",
    ),
    says(
        "dial_no_route",
        rf"{_CUT}(?:(?P<errno>113|101): )?{_NO_ROUTE_TEXT}\)"
        rf" while connecting to upstream{AT}",
        "unreachable) while",
        "to host) while",
        **NX,
    ),
    says(
        "dial_denied",
        rf"{_CUT}(?:13: )?Permission denied\) while connecting to upstream" + _UP,
        "permission denied) while",
        **NX,
    ),
    says(
        "dial_missing",
        rf"{_CUT}(?:2: )?No such file or directory\) while connecting to upstream" + _UP,
        "no such file or directory) while",
        **NX,
    ),
    _reads("dial_timeout", r"upstream timed out.{0,300}while connecting to upstream", "upstream timed out"),
    _reads("dial_timeout", rf"{_CUT}(?:\w+ )?timed out\) while connecting to upstream", "timed out) while c"),
    says("dial_failed", r"(?:lua tcp socket|tcp socket) connect timed out", "socket connect timed out", **NX),
    # No server to ask.
    says("no_live", r"no live upstreams?" + AT, "no live upstream", **NX),
    says(
        "no_live",
        r"failed to (?:pick|set) (?:the current )?(?:server|peer)|no (?:healthy|valid) upstream node"
        r"|all upstream servers tried",
        "failed to pick",
        "failed to set",
        "upstream node",
        "all upstream servers",
        **NX,
    ),
    says("server_disabled", r"upstream server temporarily disabled" + AT, "temporarily disabled"),
    # Waiting for the answer.
    _reads(
        "answer_timeout",
        r"upstream timed out(?!.{0,300}while (?:connecting|SSL handshaking))",
        "upstream timed out",
    ),
    _reads(
        "answer_timeout",
        rf"{_CUT}(?:\w+ )?timed out\) while (?:reading (?:response header|upstream)|sending request)",
        "timed out) while",
    ),
    _reads(
        "answer_closed",
        r"upstream prematurely closed (?:connection|stdout|FastCGI stdout)?(?!.{0,20}" + _BODY + ")",
        "prematurely closed",
    ),
    _reads(
        "answer_closed",
        r"upstream closed prematurely|upstream prematurely clos\Z",
        "prematurely clos",
        "closed prematurely",
    ),
    _reads(
        "answer_cut",
        r"upstream (?:prematurely )?closed (?:prematurely )?(?:\w+ )?(?:connection |stdout )?" + _BODY,
        "prematurely closed",
        "closed prematurely",
    ),
    says(
        "answer_reset",
        rf"{_CALL}[^(]{{0,60}} (?:failed|reported)[^(]{{0,30}}\((?:{_RESET}){_CLIENTS}{_UP}",
        "recv",
        "send",
        "writev",
        "read",
        "kevent",
        **NX,
    ),
    says(
        "answer_reset",
        rf"{_CUT}(?:104: )?(?:Connection reset by peer|Broken pipe)\) {_HEADER}{_UP}",
        "reset by peer) while",
        "broken pipe) while",
        **NX,
    ),
    says("backend_stderr", r"FastCGI sent in stderr: \"(?P<text>[^\"]{1,300})", "sent in stderr"),
)
READERS: tuple[Reader, ...] = ()
