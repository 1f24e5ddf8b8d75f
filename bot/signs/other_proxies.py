"""Further proxies: h2o, lighttpd, Varnish, Squid, Kong, YARP.

Source: h2o's lib/core/proxy.c; lighttpd's src/gw_backend.c; Varnish "VSL" FetchError, BogoHeader, VBE,
bin/varnishd/cache/cache_fetch.c, http1/cache_http1_proto.c (http_resp_hdr_len, http_max_hdr); Squid's error
names (ERR_*), src/fd.cc; Kong's balancer; YARP's HttpForwarder and .NET's SocketException,
HttpRequestException.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_H2O = r"lib/core/proxy\.c\] in request:.{0,200}:"
_FETCH = r"FetchError\s+(?:\w )?"
PATTERNS: tuple[Pattern, ...] = (
    # ngx_http_proxy_connect_module words a dial in its own way.
    says("dial_refused", r"proxy_connect: upstream connect failed \(111:", "proxy_connect:", proxy="nginx"),
    says("dial_timeout", r"proxy_connect: upstream connect failed \(110:", "proxy_connect:", proxy="nginx"),
    says(
        "dial_no_route",
        r"proxy_connect: upstream connect failed \((?:113|101):",
        "proxy_connect:",
        proxy="nginx",
    ),
    # llhttp and http-parser, in Node and nghttpx: names of their errors, and the sentences beside them.
    says(
        "answer_invalid",
        r"(?:HPE_(?:INVALID_(?:HEADER_TOKEN|CONTENT_LENGTH|TRANSFER_ENCODING|STATUS|VERSION|CONSTANT"
        r"|CHUNK_SIZE|EOF_STATE)|UNEXPECTED_CONTENT_LENGTH|(?:CR|LF)_EXPECTED|STRICT)"
        r"|Parse Error: (?:Invalid header (?:token|value char)|Missing expected (?:CR|LF)"
        r"|Content-Length can't be present|Transfer-Encoding can't be present|Expected HTTP/"
        r"|Invalid character in))",
        "hpe_",
        "parse error: ",
    ),
    says("dial_failed", _H2O + r"connection fail(?:ed|ure)", "proxy.c]", proxy="h2o"),
    says("answer_closed", _H2O + r"I/O error \(head\)", "proxy.c]", proxy="h2o"),
    says("answer_cut", _H2O + r"I/O error \(body", "proxy.c]", proxy="h2o"),
    says("answer_timeout", _H2O + r"(?:first byte timeout|I/O timeout)", "proxy.c]", proxy="h2o"),
    says(
        "dial_refused",
        r"(?:establishing connection failed|connect failed).{0,60}Connection refused"
        r"(?:.{0,20}(?:tcp:)(?P<target>[\w.\[\]:-]+:\d+))?",
        "connection refused",
        proxy="lighttpd",
    ),
    says(
        "dial_missing",
        r"(?:establishing connection failed|connect failed).{0,60}No such file",
        "no such file",
        proxy="lighttpd",
    ),
    says(
        "dial_denied",
        r"(?:establishing connection failed|connect failed).{0,60}Permission denied.{0,40}?socket:? "
        r"(?P<target>unix:/\S+)",
        "permission denied",
        proxy="lighttpd",
    ),
    says("no_live", r"all handlers for \S+ .{0,80}are down", "all handlers for", proxy="lighttpd"),
    says(
        "answer_closed",
        r"unexpected end-of-file \(perhaps the \w+ process died\)",
        "end-of-file",
        proxy="lighttpd",
    ),
    says(
        "answer_closed",
        r"response (?:not received|already sent), request sent:",
        "request sent",
        proxy="lighttpd",
    ),
    says(
        "header_too_big",
        _FETCH + r"(?:Workspace |HTC |http (?:first )?read error: )?overflow",
        "fetcherror",
    ),
    says(
        "dial_failed", _FETCH + r"(?:no backend connection|backend \S+: fail)", "fetcherror", proxy="varnish"
    ),
    says("connections_limit", _FETCH + r"backend \S+: busy", "fetcherror"),
    says(
        "answer_timeout",
        _FETCH + r"(?:http (?:first )?read error: -1 11 \()?Resource temporarily unavailable",
        "fetcherror",
        proxy="varnish",
    ),
    says("answer_closed", _FETCH + r"http (?:first )?read error: -1 0 \(", "fetcherror", proxy="varnish"),
    says("fd_limit", r"\bAccept failed: Too many open files", "accept failed", who="varnish"),
    says(
        "fd_limit", r"\bsockets disabled, out-of-fds|\bserver is out of FDs", "sockets disabled", "out of fds"
    ),
    says("fd_limit", r"\(24\)Too many open files: AH\d+", "(24)too many", who="apache"),
    says("no_live", _FETCH + r"backend (?P<target>[\w.-]+): unhealthy", "fetcherror", proxy="varnish"),
    says("answer_closed", _FETCH + r"http (?:first )?read error: EOF", "fetcherror", proxy="varnish"),
    says("answer_closed", _FETCH + r"HTC eof", "fetcherror", proxy="varnish"),
    says(
        "answer_timeout",
        _FETCH + r"(?:HTC timeout|first byte timeout|http (?:first )?read error: timeout)",
        "fetcherror",
        proxy="varnish",
    ),
    says(
        "answer_cut",
        _FETCH + r"(?:straight insufficient|eof socket fail|chunked)",
        "fetcherror",
        proxy="varnish",
    ),
    says(
        "answer_invalid",
        _FETCH + r"(?:http format error|Chunked encoding)",
        "fetcherror",
        proxy="varnish",
    ),
    says("no_live", r"Backend_health.{0,80}(?:Went|Still) sick", "backend_health", proxy="varnish"),
    says("dial_refused", r"ERR_CONNECT_FAIL 111", "err_connect_fail", proxy="squid"),
    says("dial_timeout", r"ERR_CONNECT_FAIL 110", "err_connect_fail", proxy="squid"),
    says("dial_no_route", r"ERR_CONNECT_FAIL (?P<errno>113|101)", "err_connect_fail", proxy="squid"),
    says(
        "dial_failed", r"TCP connection to (?P<target>[\w.-]+)/\d+ failed", "tcp connection to", proxy="squid"
    ),
    says("answer_closed", r"ERR_ZERO_SIZE_OBJECT", "err_zero_size", proxy="squid"),
    says("answer_timeout", r"ERR_READ_TIMEOUT", "err_read_timeout", proxy="squid"),
    says("name_unresolved", r"(?P<reason>ERR_DNS_FAIL)", "err_dns_fail"),
    says(
        "status",
        r"\bTCP_\w+/(?P<status>[1-5]\d\d) \d+ [A-Z]+ \S+ \S+ \w*(?:DIRECT|PARENT)/(?P<target>\S+)",
        "direct/",
        "parent/",
        proxy="squid",
    ),
    says("fd_limit", r"running out of file ?descriptors", "running out of file", who="squid"),
    says(
        "name_unresolved",
        r"failed the initial dns/balancer resolve for '(?P<name>[^']+)' with: (?P<reason>[^\n]{0,60})",
        "balancer resolve",
    ),
    says("no_live", r"failure to get a peer from the ring-balancer", "ring-balancer", proxy="kong"),
    says(
        "dial_refused",
        r"HttpRequestException.{0,40}: (?:Connection refused|No connection could be made because the "
        r"target machine"
        r" actively refused it\.?) \((?P<target>[\w.\[\]:-]+:\d+)\)",
        "httprequestexception",
    ),
    says(
        "answer_closed",
        r"HttpIOException: The response ended prematurely|The response ended prematurely",
        "ended prematurely",
    ),
    says(
        "answer_timeout",
        r"Yarp\.\S+.{0,80}RequestTimedOut|ForwarderError\.RequestTimedOut",
        "requesttimedout",
    ),
    says(
        "no_live", r"\bno healthy backends?\b|\bNo backends available\b", "no healthy backend", "no backends"
    ),
)
_BOGUS = re.compile(
    r"BogoHeader\s+(?:(?P<side>[bc]) )?(?:(?:Line|Header) too (?:long|large)|Too many headers)"
)
_OF_BACKEND = re.compile(r"\bBe(?:req|resp)[A-Z]|FetchError|BACKEND_|Begin\s+(?:b )?bereq")
_OF_CLIENT = re.compile(r"\bReq(?:Method|URL|Header|Start)\b|Begin\s+(?:c )?(?:req|sess)")


@given(_BOGUS)
def _bogus(piece: Piece) -> Iterator[Sign]:
    """A head that Varnish finds too large: the backend's, or the client's where only that side is logged."""
    is_clients = _OF_CLIENT.search(piece.text) is not None and not _OF_BACKEND.search(piece.text)
    for line in piece.text.split("\n"):
        if found := _BOGUS.search(line):
            of_request = found["side"] == "c" or (is_clients and found["side"] != "b")
            kind = "request_too_big" if of_request else "header_too_big"
            yield Sign(kind=kind, line=line.strip(), fields={"app": "varnish"} if of_request else {})


READERS: tuple[Reader, ...] = (_bogus,)
