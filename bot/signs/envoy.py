"""Envoy, Istio, Contour, Ambassador: answers, response flags and details.

Source: Envoy's "Access logging", %RESPONSE_FLAGS% and %RESPONSE_CODE_DETAILS%;
source/common/stream_info/utility.cc, source/common/http/utility.cc (resetReasonToString); ssl_socket.cc;
config.core.v3.SocketAddress (address, port_value).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "no_route_configured": "the proxy has no route or cluster for the request; fields: flag",
    "circuit_open": "the proxy's own limit for this cluster is reached; fields: flag",
}
_EN = {"proxy": "envoy"}
#: A flag stands behind the status of a quoted request, or as a JSON value; several are parted by commas.
_AFTER = r"(?:HTTP/[\d.]+\"\s+(?P<status>\d{3})\s+|response_flags\W{1,6})(?-i:[A-Z]{2,5},)?"
_FLAG = r"(?:HTTP/[\d.]+\"\s+\d{3}\s+|response_flags\W{1,6})(?-i:[A-Z]{2,5},)?"
_BODY = (
    r"(?:upstream connect error or disconnect/reset before headers|upstream_reset_before_response_started)"
)


def _words(flag: str) -> tuple[str, ...]:
    """A flag with what may stand right before it: lines with a request are many, those with a flag few."""
    return tuple(before + flag.lower() for before in " ,\"'=:([")


def _flag(kind: str, flag: str, /, **fields: str) -> Pattern:
    return says(kind, rf"{_FLAG}(?-i:{flag})\b(?!-)", *_words(flag), **fields)


def _reset(kind: str, reason: str, *words: str, **fields: str) -> Pattern:
    return says(kind, rf"{_BODY}.{{0,120}}{reason}", *words, **fields)


PATTERNS: tuple[Pattern, ...] = (
    _flag("no_live", "UH", **_EN),
    _flag("dial_failed", "UF", **_EN),
    _flag("answer_timeout", "UT", **_EN),
    _flag("answer_timeout", "DT", **_EN),
    _flag("answer_closed", "UC", **_EN),
    _flag("answer_reset", "UR", **_EN),
    _flag("answer_invalid", "UPE", **_EN),
    _flag("client_gone", "DC", **_EN),
    _flag("circuit_open", "UO", flag="UO"),
    # Its counters (config/upstream cluster_manager cluster_stats), and the flag in a sentence.
    says(
        "circuit_open",
        r"\bupstream_(?:rq_pending|cx)_overflow\b(?!\W{1,4}0\b)|\b(?-i:UO)\b\W{0,2} (?:response )?flags?\b"
        r"|\bflags?:? \W?(?-i:UO)\b",
        *("_overflow", "uo flag", "uo response flag", "uo` ", "flag uo", "flags uo"),
        flag="UO",
    ),
    says("dial_failed", r"\bcx_connect_fail\b(?!\W{1,4}0\b)", "cx_connect_fail", **_EN),
    _flag("no_route_configured", "NR", flag="NR"),
    _flag("no_route_configured", "NC", flag="NR"),
    says("name_unresolved", rf"{_FLAG}(?-i:DF)\b", *_words("DF"), reason="DF"),
    says(
        "status",
        _AFTER + r"(?-i:U[HFTCROX]|NR|DC|UPE|URX|LR|NC|DPE|RL|UAEX|DF|via_upstream|-)\b",
        "http/",
        **_EN,
    ),
    says(
        "dial_refused",
        r"\bupstream_?host\W{1,6}(?P<target>[\d.]+:\d+).{0,120}?"
        r"(?:delayed|immediate)[_ ]connect[_ ]error:[_ ](?:111|Connection[_ ]refused)",
        "connect error",
        "connect_error",
        **_EN,
    ),
    _reset(
        "dial_refused",
        r"(?:delayed|immediate)[_ ]connect[_ ]error:[_ ](?:111|Connection[_ ]refused)",
        "connect error",
        "connect_error",
        **_EN,
    ),
    _reset(
        "dial_no_route",
        r"connect[_ ]error:[_ ](?:113|101|No[_ ]route|Network[_ ](?:is[_ ])?unreachable)",
        "connect error",
        "connect_error",
        **_EN,
    ),
    _reset("dial_timeout", r"connection[_ ]timeout", "timeout", **_EN),
    _reset(
        "dial_failed",
        r"(?:remote[_ ])?connection[_ ]failure",
        "connection failure",
        "connection_failure",
        **_EN,
    ),
    _reset(
        "answer_closed",
        r"connection[_ ]termination",
        "connection termination",
        "connection_termination",
        **_EN,
    ),
    _reset("answer_reset", r"(?:remote|local)[_ ]reset|remote[_ ]refused", "reset", "refused", **_EN),
    _reset("answer_invalid", r"protocol[_ ]error", "protocol error", "protocol_error", **_EN),
    says(
        "header_too_big",
        r"(?:\bUPE\b|protocol[_ ]error).{0,200}(?:http1\.|response_)headers_(?:too_large|count)",
        "headers_",
    ),
    _reset("circuit_open", r"(?:reset reason: |\{)overflow", "overflow", flag="UO"),
    says(
        "answer_closed",
        rf"{_BODY}[\s\"'`.,]*(?:$|(?!\W*(?:reset|transport|retried|(?:remote )?connection)))",
        "before headers",
        **_EN,
    ),
    says("no_live", r"no[_ ]healthy[_ ]upstream", "healthy", **_EN),
    says(
        "answer_timeout",
        r"upstream request timeout|upstream_response_timeout|response_timeout",
        "timeout",
        **_EN,
    ),
    says(
        "answer_timeout",
        r"stream timeout$|upstream_per_try_timeout",
        "stream timeout",
        "per_try_timeout",
        **_EN,
    ),
    says(
        "tls_not_spoken",
        r"(?:TLS[_ ]error|OPENSSL_internal).{0,60}WRONG_VERSION_NUMBER",
        "wrong_version_number",
    ),
    says("tls_unverified", r"(?P<reason>CERTIFICATE_VERIFY_FAILED)", "certificate_verify_failed"),
    says(
        "tls_alert",
        r"(?:TLS[_ ]error|OPENSSL_internal).{0,60}(?P<alert>(?:SSLV3|TLSV1)_ALERT_\w+)",
        "_alert_",
    ),
    says(
        "noise",
        r"gRPC config (?:stream|for type\S*).{0,20}closed",
        "grpc config",
        what="Envoy's control stream was renewed",
    ),
    says(
        "no_route_configured",
        r"(?P<flag>route_not_found|cluster_not_found|no_cluster)",
        "not_found",
        "no_cluster",
    ),
)
_SECTION = re.compile(r"\b(?P<name>listeners|admin|clusters|load_assignment|lb_endpoints|hosts|endpoint):")
_ADDRESS = re.compile(r"\baddress: *[\"']?(?P<host>[\w.:-]{1,120})")
_PORT = re.compile(r"\bport_value: *(?P<port>\d{2,5})")


def _clusters(piece: Piece) -> Iterator[Sign]:
    """Where its clusters' endpoints are; a listener's socket_address is Envoy's own."""
    host, is_cluster = "", False
    for line in piece.text.split("\n") if "port_value" in piece.text else ():
        for section in _SECTION.finditer(line):
            is_cluster = section["name"] not in ("listeners", "admin")
        if address := _ADDRESS.search(line):
            host = address["host"]
        port = _PORT.search(line)
        if port and host and is_cluster:
            fields = {"target": f"{host}:{port['port']}", "directive": "socket_address"}
            yield Sign(kind="dials", line=line.strip(), fields=fields)
            host = ""


READERS: tuple[Reader, ...] = (_clusters,)
