"""Where an app listens, as the fields of its structured start message say: JSON records and logfmt.

A logger writes the words in one field and the place in others: {"msg":"server started","addr":":8080"} or
msg="listening" host=127.0.0.1 port=3000. Records may stand behind a container's name or a time.

Source: the field names of Go slog, zap, zerolog and logrus, pino and bunyan, structlog, Serilog's compact
form (@mt, @m), Logstash's encoder, tracing-subscriber's JSON (fields.message); logfmt.
"""

import json
import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_WORDS = (
    "msg",
    "message",
    "event",
    "@m",
    "@mt",
    "RenderedMessage",
    "MessageTemplate",
    "short_message",
    "log",
)
#: Fields with an address, and maybe a port, the surest first.
_ADDRESSES = (
    *("listen_address", "listen_addr", "listenAddress", "listenAddr", "listen", "listening", "bind_address"),
    *("bind_addr", "bindAddress", "bindAddr", "bind", "server_address", "serverAddress", "http_address"),
    *("http_addr", "httpAddr", "address", "addr", "Address", "Addr", "endpoint", "url", "uri", "interface"),
    *("ip", "host", "Host", "hostname"),
)
_PORTS = ("listen_port", "listenPort", "http_port", "httpPort", "server_port", "serverPort", "port", "Port")
#: A message that tells of this process' own door, and not of one it goes to.
_STARTS = re.compile(
    r"\b(?:listen(?:s|ing|er)?|serv(?:e|es|ing)|bound|bind(?:s|ing)?|(?:server|service|app|application|api|http|https"
    r"|web|rest|grpc|backend)\b.{0,40}?\b(?:start(?:s|ed|ing|up)?|run(?:s|ning)?|up|ready|live|online|initiali[sz]ed"
    r"|launched)|(?:start(?:s|ed|ing|up)?|running|launch(?:ed|ing)?|ready)\b.{0,40}?\b(?:server|service|app"
    r"|application|api|https?|web|listener))\b",
    re.IGNORECASE,
)
_OTHER_DOORS = re.compile(
    r"metric|prometheus|pprof|debug|profil|admin|health|probe|telemetry|tracing|gossip|cluster|raft|fail|error"
    r"|cannot|could not|unable|stopp|shut|clos|disconnect|connect(?:ed|ing)? to|upstream|proxying|request",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\A(?:[a-z]{2,6}:/{2,3})?(?P<address>\[[0-9a-fA-F:]*\]|[\w.*-]*)(?::(?P<port>\d{2,5}))?(?:/\S*)?\Z"
)
_LOCAL = re.compile(
    r"\A(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:]*\]?|localhost|\*|)\Z", re.IGNORECASE
)
_LOGFMT = re.compile(
    r"(?<!\S)(?P<key>[A-Za-z_@][\w.@]{0,40})=(?:\"(?P<quoted>(?:[^\"\\]|\\.){0,400})\"|(?P<bare>\S{0,300}))"
)
_LONGEST = 4000


def _records(piece: Piece) -> Iterator[Sign]:
    """Start messages with a place in their fields."""
    for line in piece.text.split("\n"):
        said = _fields(line)
        if not said:
            continue
        words = next((said[name] for name in _WORDS if said.get(name)), "")
        if not _STARTS.search(words) or _OTHER_DOORS.search(words):
            continue
        address, port = _place(said)
        if port:
            fields = {"address": address, "port": port, "inside": "app"}
            yield Sign(kind="listening", line=line.strip(), fields=fields)


def _fields(line: str) -> dict[str, str]:
    """Names and values of a record; empty when the line is none."""
    if len(line) > _LONGEST:
        return {}
    start = line.find('{"')
    if start >= 0:
        return _flat(line[start:].strip())
    if "msg=" in line or "message=" in line or "event=" in line:
        return {found["key"]: found["quoted"] or found["bare"] or "" for found in _LOGFMT.finditer(line)}
    return {}


def _flat(text: str) -> dict[str, str]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(record, dict):
        return {}
    inner = [value for value in record.values() if isinstance(value, dict)]
    pairs = [pair for one in (*inner, record) for pair in one.items()]
    return {str(key): str(value) for key, value in pairs if isinstance(value, str | int)}


def _place(said: Mapping[str, str]) -> tuple[str, str]:
    """Address and port; an empty port when no field tells one."""
    own = next((said[name] for name in _PORTS if said.get(name, "").isdigit()), "")
    for name in _ADDRESSES:
        found = _PLACE.match(said.get(name, "").strip()) if name in said else None
        if found is None or not (found["port"] or own) or not _LOCAL.match(found["address"]):
            continue
        return found["address"], found["port"] or own
    return "", own if 1 < len(own) < 6 else ""


READERS: tuple[Reader, ...] = (_records,)
