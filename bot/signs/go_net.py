"""What programs written in Go say about dialling: Traefik, Caddy, oauth2-proxy, cloudflared.

A store's port (5432, 6379, …) is no backend that a proxy dials: those become `dependency_away`.
Source: Go's net (OpError.Error), net/http (transport.go, server.go), crypto/tls (alert.go), crypto/x509
(verify.go), syscall's errno texts.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

_STORES = (
    r"(?:5432|3306|6379|27017|9200|5672|2379|2380|6443|9092|11211|1433|26379|1521|4317|8125|10250"
    r"|2375|25|587)"
)
#: What was dialled, when it is no store; an asking probe is no proxy either.
_TARGET = rf"dial tcp[46]? (?:\S+->)?(?P<target>(?!\S*:{_STORES}[:\s])(?:\[[^\]\s]+\]|[^\s:]+):\d+)"
_STORE = rf"dial tcp[46]? (?:\S+->)?(?P<target>(?:\[[^\]\s]+\]|[^\s:]+):{_STORES}):"
_NO_PROBE = r"^(?!.*(?:probe (?:failed|errored)|leader ?election|kube-?apiserver|/api/v1/|/apis/))"
_AWAY = (
    r"(?:connect: connection refused|i/o timeout|connect: connection timed out|connect: no route to host"
    r"|connectex)"
)

#: From a port of ours to the backend; from a server's port it would be a client.
_OURS = r"(?!\S+:(?:80|443|8080|8443)->)\S+->"

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "dial_refused",
        _NO_PROBE + rf".*{_TARGET}: (?:connect|getsockopt): connection refused",
        "connection refused",
        protocol="tcp",
    ),
    # The address was blotted out: `dial tcp <ip>:<port>: …`, `dial tcp x.x.x.x:xx: …`.
    says(
        "dial_refused",
        _NO_PROBE + r".*dial tcp[46]? (?![\w.-]+:\d|\[[0-9a-f:]+\]:\d)\S+: (?:connect: )?connection refused",
        "connection refused",
    ),
    says(
        "dial_refused",
        rf"{_TARGET}: connectex: .{{0,80}}actively refused",
        "actively refused",
        protocol="tcp",
    ),
    says("dial_timeout", _NO_PROBE + rf".*{_TARGET}: i/o timeout", "i/o timeout", protocol="tcp"),
    says(
        "dial_timeout", rf"{_TARGET}: connect: connection timed out", "connection timed out", protocol="tcp"
    ),
    says("dial_timeout", rf"{_TARGET}: connectex: .{{0,80}}did not properly respond", "properly respond"),
    says("dial_timeout", rf"{_TARGET}: (?:operation was canceled|context deadline exceeded)", "dial tcp"),
    says("dial_no_route", rf"{_TARGET}: connect: no route to host", "no route to host", errno="113"),
    says(
        "dial_no_route", rf"{_TARGET}: connect: network is unreachable", "network is unreachable", errno="101"
    ),
    says(
        "dial_no_route", rf"{_TARGET}: connect: (?:host is down|host is unreachable)", "host is", errno="113"
    ),
    says("dial_denied", rf"{_TARGET}: connect: (?:permission denied|operation not permitted)", "dial tcp"),
    says("dial_failed", rf"{_TARGET}: connect: cannot assign requested address", "cannot assign requested"),
    says("dial_failed", r"dial tcp :0: connect", "dial tcp :0"),
    says("dependency_away", rf"{_STORE} {_AWAY}", "dial tcp"),
    says(
        "name_unresolved",
        r"(?:dial tcp: )?lookup (?P<name>[^\s:]+)(?: on \S+)?: (?P<reason>no such host|server misbehaving"
        r"|Temporary failure in name resolution|no answer from DNS server|cannot unmarshal DNS message"
        r"|i/o timeout|device or resource busy|Try again)",
        "lookup ",
    ),
    # A look-up that was canceled has found nothing out: who asked went away.
    says(
        "name_unresolved",
        r"lookup (?P<name>[^\s:]+)(?: on \S+)?: (?:read|write|dial) udp"
        r"(?!.{0,80}operation was canceled).{0,80}",
        "udp",
    ),
    says(
        "answer_reset",
        r"read tcp " + _OURS + r"(?P<target>\S+): read: connection reset by peer",
        "reset by peer",
    ),
    says(
        "answer_reset",
        r"write tcp " + _OURS + r"(?P<target>\S+): write: (?:broken pipe|connection reset)",
        "write tcp",
    ),
    says("answer_reset", r"read tcp \S+->(?P<target>\S+): wsarecv: .{0,60}forcibly closed", "wsarecv"),
    says("answer_closed", r"http: server closed idle connection", "closed idle connection"),
    says("answer_closed", r"(?:caused by|err(?:or)?|msg)\"?[=:]\s*\\?\"?(?:unexpected )?EOF\b", "eof"),
    says("answer_closed", r"\"https?://[^\"\s]+\\?\": (?:unexpected )?EOF\b", "eof"),
    says("answer_timeout", r"net/http: timeout awaiting response headers", "awaiting response headers"),
    says("answer_timeout", r"Client\.Timeout (?:exceeded|or context cancellation) while", "client.timeout"),
    says("answer_timeout", r"read tcp \S+->(?P<target>\S+): (?:read: )?i/o timeout", "read tcp"),
    says(
        "answer_timeout",
        r"(?:504 Gateway Timeout|proxy error|msg\":\s?\"|error=\"?).{0,40}context deadline exceeded",
        "context deadline exceeded",
    ),
    says("dial_timeout", r"net/http: TLS handshake timeout", "tls handshake timeout"),
    says(
        "answer_not_protocol",
        r"malformed HTTP response \\?\"\\+x15\\+x03",
        "malformed http response",
        wants="https",
    ),
    says(
        "answer_not_protocol",
        r"malformed HTTP response \\?\"\\+x00\\+x00",
        "malformed http response",
        wants="h2",
    ),
    # The banner of SSH, mail, FTP, VNC or a store in the place of a status line.
    says(
        "answer_not_protocol",
        r"malformed HTTP (?:response|status code|version) \\?\"(?:SSH-|OpenSSH|220[ -]|RFB 0|-ERR |\+OK|AMQP|"
        r"\S{0,4}\d\.\d{1,2}\.\d{1,3}-(?:MariaDB|log))",
        "malformed http",
        wants="banner",
    ),
    says("answer_invalid", r"malformed (?:HTTP (?:response|status code|version)|MIME header)", "malformed"),
    says("answer_invalid", r"net/http: HTTP/1\.x transport connection broken", "transport connection broken"),
    says("header_too_big", r"server response headers exceeded \d+ bytes", "response headers exceeded"),
    says("tls_not_spoken", r"server gave HTTP response to HTTPS client", "gave http response to https"),
    says(
        "tls_not_spoken",
        r"^(?!.{0,900}TLS handshake error from).*?tls: first record does not look like a TLS handshake",
        "look like a tls handshake",
    ),
    says(
        "tls_unverified",
        r"x509: (?P<reason>certificate (?:signed by unknown|is valid for|has expired|is not "
        r"(?:trusted|standards)"
        r"|relies on legacy|specifies an incompatible|is not authorized)[^\"]{0,80}"
        r"|cannot validate certificate for [^\"]{0,80}|negative serial number)",
        "x509: ",
    ),
    says(
        "tls_alert",
        r"remote error: tls: (?P<alert>handshake failure|unrecognized name|internal error"
        r"|protocol version not supported|certificate required|access denied|no application protocol)",
        "remote error: tls",
    ),
    says(
        "tls_alert", r"tls: (?P<alert>server selected unsupported protocol version)", "unsupported protocol"
    ),
    says(
        "client_gone",
        r"(?:proxy error|caused by|err(?:or)?\"?[=:]|msg\"?[=:]).{0,60}context canceled",
        "context canceled",
    ),
    # mapErr of net.go: so a dial or look-up ends whose request was given up meanwhile.
    says(
        "client_gone",
        r"\bdial (?:tcp|udp|unix)\S* .{1,120}: operation was canceled",
        "operation was canceled",
    ),
    says("client_gone", r"499 Client Closed Request", "499 client closed"),
    says("fd_limit", r"accept[46]?: too many open files|socket: too many open files", "too many open files"),
    says(
        "port_taken",
        r"listen tcp[46]? (?P<address>\[[^\]\s]*\]|[^\s:]*):(?P<port>\d+): bind: address already in use",
        "address already in use",
    ),
    says(
        "port_taken",
        r"listen tcp[46]? \S*:(?P<port>\d+): bind: Only one usage of each socket",
        "only one usage",
    ),
)
_SOCKET = re.compile(r"dial unix (?P<path>\S+): connect: (?P<reason>[\w ]+)")
_OF_REASON = {
    "connection refused": "dial_refused",
    "no such file or directory": "dial_missing",
    "permission denied": "dial_denied",
    "resource temporarily unavailable": "dial_busy",
}


@given(_SOCKET)
def _sockets(piece: Piece) -> Iterator[Sign]:
    """Unix sockets, written as nginx writes them: `unix:/run/a.sock`."""
    for line in piece.text.split("\n"):
        found = _SOCKET.search(line)
        kind = _OF_REASON.get(found["reason"].strip()) if found else None
        if found and kind:
            yield Sign(kind=kind, line=line.strip(), fields={"target": f"unix:{found['path']}"})


READERS: tuple[Reader, ...] = (_sockets,)
