"""What a line of nginx's error log complains of, by nginx's own words and the system's error texts.

Linux, musl, BSD and Windows word and number the same error differently, so the text counts first.
Source: ngx_event_connect.c, ngx_http_upstream.c, ngx_connection.c, ngx_event_openssl.c, ngx_resolver.c,
ngx_http_grpc_module.c (an answer in HTTP/1 begins with what counts as a frame's length: "too large");
ip-route(8): a route of type blackhole gives connect(2) EINVAL.
"""

import re
from enum import Enum


class Fault(Enum):
    """Kinds of complaint; the value is how people call it."""

    REFUSED = "connection refused"
    NO_ROUTE = "no route to host"
    CONNECT_TIMEOUT = "timed out while connecting"
    READ_TIMEOUT = "timed out while reading the answer"
    SEND_TIMEOUT = "timed out while sending the request"
    SOCKET_MISSING = "no such socket"
    PERMISSION = "permission denied"
    RESET = "connection reset"
    CLOSED_EARLY = "closed before the answer's header"
    CUT_SHORT = "closed in the middle of the answer"
    HEADER_TOO_BIG = "header too big"
    HEADER_INVALID = "invalid header"
    NO_LIVE = "no live upstreams"
    DISABLED = "upstream server temporarily disabled"
    FD_LIMIT = "too many open files"
    CONNECTIONS = "worker_connections exhausted"
    BACKLOG = "listen queue of the backend full"
    NAME_AT_START = "host not found in upstream"
    NAME = "name not resolved"
    TLS = "TLS handshake with upstream failed"
    TLS_PROTOCOL = "no TLS spoken by upstream"
    TLS_VERIFY = "upstream's certificate refused"
    WRONG_PROTOCOL = "upstream speaks another protocol"
    BIND = "address already in use"
    NO_ADDRESS = "no local address or port to dial from"
    DISK_FULL = "no space left"
    NO_MEMORY = "cannot allocate memory"
    LOOP = "rewrite or redirection cycle"
    AUTH = "auth_request failed"
    FILE_DENIED = "may not open a file of its own"
    BODY_TOO_BIG = "request body too large"
    LIMITED = "limited by nginx"
    SCRIPT_UNKNOWN = "script unknown to the backend"
    BACKEND_SAID = "backend wrote to its error stream"
    WORKER_DIED = "nginx worker died"
    CONFIG = "configuration invalid"
    CLIENT = "client's side"
    NOISE = "noise"
    OTHER = "other"


_SCRIPT_UNKNOWN = re.compile(r"primary script unknown|unable to open primary script")
#: First match wins: the more specific stands higher. In lower case, for lines in lower case: told to ignore
#: case, `re` looks at every place of a line instead of finding the first words, and takes four times as long.
_FAULTS: tuple[tuple[Fault, re.Pattern[str]], ...] = tuple(
    (fault, re.compile(pattern))
    for fault, pattern in (
        (Fault.CONNECTIONS, r"worker_connections are (not enough|more than)"),
        (Fault.NO_LIVE, r"no live upstreams"),
        (Fault.DISABLED, r"upstream server temporarily disabled"),
        (Fault.HEADER_TOO_BIG, r"too big header|header .*too (big|large).* upstream"),
        (
            Fault.WRONG_PROTOCOL,
            r"unsupported fastcgi protocol version|invalid uwsgi|unsupported (grpc|http2)|"
            r"upstream sent (invalid|frame|too large).*http2|upstream sent no valid http/1\.0 header",
        ),
        (
            Fault.TLS_PROTOCOL,
            r"wrong version number|unknown protocol.*while ssl handshaking to upstream|"
            r"packet length too long.*upstream|http request.*while ssl handshaking to upstream",
        ),
        (
            Fault.TLS_VERIFY,
            r"upstream ssl certificate (verify error|does not match)|no upstream ssl certificate",
        ),
        (
            Fault.HEADER_INVALID,
            r"upstream sent (invalid|duplicate|a duplicate|unexpected|\"content-length\" and)|"
            r"invalid (header|status|response).*upstream",
        ),
        (Fault.LIMITED, r"limiting (requests|connections)"),
        (Fault.BODY_TOO_BIG, r"client intended to send too large"),
        (Fault.SCRIPT_UNKNOWN, _SCRIPT_UNKNOWN.pattern),
        (Fault.NAME_AT_START, r"host not found in upstream"),
        (
            Fault.NAME,
            r"could not be resolved|while resolving, resolver|no resolver defined to resolve|"
            r"host not found.*resolving",
        ),
        (Fault.FD_LIMIT, r"too many open files|no file descriptors available"),
        (Fault.DISK_FULL, r"no space left on device"),
        (Fault.NO_MEMORY, r"cannot allocate memory|\(12: out of memory\)"),
        (Fault.BIND, r"bind\(\) to .*(failed|address (already )?in use)|still could not bind"),
        (
            Fault.NO_ADDRESS,
            r"(connect\(\) to|bind\([^)]{1,60}\)) .*(cannot assign requested|address not available|\(99:)",
        ),
        (Fault.AUTH, r"auth request unexpected status"),
        (Fault.FILE_DENIED, r"(open|stat|opendir|mkdir)\(\) \".*\" failed \(13:|is forbidden \(13:"),
        (Fault.LOOP, r"(rewrite or internal redirection|internal redirection) cycle"),
        (Fault.WORKER_DIED, r"worker process \d+ exited on signal"),
        (
            Fault.CLOSED_EARLY,
            r"upstream prematurely closed connection while reading response header|"
            r"prematurely closed (stdout|connection) while reading response header",
        ),
        (Fault.CUT_SHORT, r"upstream prematurely closed|upstream closed prematurely"),
        (
            Fault.CLIENT,
            r"client (\S+ )?(prematurely )?(closed|timed out)|while (waiting for|reading client) request|"
            r"while ssl handshaking, client|client sent|while keepalive|while sending to client|"
            r"peer closed connection in ssl handshake.*, client: [^,]*, server: [^,]*\Z",
        ),
        (
            Fault.CONNECT_TIMEOUT,
            r"(timed out|timeout).*while connecting to upstream|connect\(\) failed \((110|60|10060)\b",
        ),
        (Fault.SEND_TIMEOUT, r"timed out.*while sending (request )?to upstream"),
        (Fault.READ_TIMEOUT, r"upstream timed out|timed out.*while reading (response header|upstream)"),
        (
            Fault.TLS,
            r"while ssl handshaking to upstream|ssl_do_handshake\(\) failed|"
            r"ssl_(read|write)\(\) failed.*alert number.*(from|to) upstream",
        ),
        (Fault.REFUSED, r"connection refused|actively refused|connect\(\) failed \((111|61|10061)\b"),
        (
            Fault.NO_ROUTE,
            r"no route to host|host is unreachable|network (is )?unreachable|"
            r"connect\(\).*\((113|101|65|51)\b|connect\(\) to [\d.\[\]:a-f]+ failed \(22:",
        ),
        (Fault.SOCKET_MISSING, r"connect\(\) to unix:.*(no such file or directory|\(2:)"),
        (
            Fault.PERMISSION,
            r"connect\(\) to .*(permission denied|\(13:)|while connecting to upstream.*permission denied",
        ),
        (Fault.BACKLOG, r"connect\(\) to .*(resource temporarily unavailable|try again|\(11:)"),
        (
            Fault.RESET,
            r"connection reset by peer|broken pipe|(recv|send|writev|read)\(\) failed \((104|54|32|10054)\b|"
            r"peer closed connection in ssl handshake",
        ),
        (
            Fault.NOISE,
            r"\[(debug|info|notice)\]|is buffered to a temporary file|signal process started|"
            r"conflicting server name|access forbidden|is not found \(2:|directory index of|"
            r"open\(\) \".*\" failed \(2:|gracefully shutting down|the \"user\" directive makes sense",
        ),
        (Fault.CONFIG, r"\[emerg\]"),
    )
)
_NGINX = re.compile(
    r"\[(debug|info|notice|warn|error|crit|alert|emerg)\]|\d#\d+: |\*\d+ |upstream|connect\(\)|"
    r"accept4?\(\)|nginx: |worker_connections|SSL_do_handshake|FastCGI sent in stderr"
)


#: What a visitor may have chosen: nginx writes their request, host and referrer as they came, and the path
#: of a file decoded. Lower case; the referrer stands last.
_REFERRER = r', referrer: ".*'
_CHOSEN = re.compile(
    _REFERRER + r'|\brequest: "(?:.*? http/[\d.]+"|[^"]*"?)|\bhost: "[^"]*"?'
    r'|"/.*"(?= (?:failed \(|is (?:forbidden|not found|not a directory)))|(?<=client sent ).*'
)


def without_referrer(line: str) -> str:
    """A line up to the one field whose words may be anything, quotes and other fields too."""
    found = _REFERRER_AFTER.search(line)
    return line[: found.end("before")] if found else line


#: Only after a field that ends well: a request may hold the word, too.
_REFERRER_AFTER = re.compile(r'(?P<before>\b(?:request|upstream|host): "[^"]*"), referrer: "')


def fault_of(line: str) -> Fault:
    """The complaint of one line; OTHER when none of the known ones. What a visitor chose is no part of it."""
    lower = line.lower()
    if "fastcgi sent in stderr" in lower:
        return Fault.SCRIPT_UNKNOWN if _SCRIPT_UNKNOWN.search(lower) else Fault.BACKEND_SAID
    if '"' in lower:
        lower = _CHOSEN.sub('""', lower)
    for fault, pattern in _FAULTS:
        if pattern.search(lower):
            return fault
    return Fault.OTHER


def speaks_of_nginx(line: str) -> bool:
    """Whether a line, however cut or prefixed, looks like one of nginx's own."""
    return _NGINX.search(line) is not None
