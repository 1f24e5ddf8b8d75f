"""gRPC and HTTP/2 between proxy and backend: what the call is, and the protocol its port is named for.

Source: istio.io "Protocol Selection" (by port name or appProtocol); Envoy "Access logging"; gRPC over HTTP2
("Path" is /Service-Name/Method); ngx_http_grpc_module.c, nginx ticket 1792 (a stream that the server ends
before the request is whole; RST_STREAM with NO_ERROR), as in ingress-nginx issue 5470.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "grpc_call": "a request of gRPC, by its path or caller; fields: proxy",
    "port_protocol": "a service's port says which protocol is spoken to it; fields: port, protocol, name",
    "frame_after_end": "a proxy refuses an HTTP/2 frame of a stream that has ended; fields: proxy",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "grpc_call",
        r"\"POST /(?:[\w-]{1,60}\.){1,8}\w{1,60}/\w{1,80} HTTP/2|\"grpc-[\w-]+/\d",
        "http/2",
        "grpc-",
    ),
    says(
        "frame_after_end",
        r"upstream sent frame for closed stream \d+|upstream rejected request with error 0\b",
        "frame for closed stream",
        "rejected request with error",
        proxy="nginx",
    ),
)
_NAMED = re.compile(
    r"\A\s*(?:- )?(?:\{\s*)?(?P<key>name|appProtocol):\s*[\"']?(?P<protocol>http2?|https"
    r"|grpc(?:-web)?|tcp|tls|h2c|kubernetes\.io/h2c)(?P<rest>-[\w-]+)?[\"']?\s*(?:[,}]|\Z)"
)
_PORT = re.compile(r"\b(?:port|targetPort):\s*(?P<port>\d{2,5})\b")
#: Lines of one entry of `ports`.
_ENTRY = 5


@given(_NAMED)
def _ports(piece: Piece) -> Iterator[Sign]:
    """Entries of a service's `ports` whose name or appProtocol says a protocol."""
    if "port" not in piece.text or not re.search(r"\bkind: ?Service\b|\bappProtocol:", piece.text):
        return
    lines = piece.text.split("\n")
    for at, line in enumerate(lines):
        named = _NAMED.match(line)
        if named is None:
            continue
        near = "\n".join(lines[max(0, at - _ENTRY + 2) : at + _ENTRY])
        found = _PORT.search("\n".join(lines[at : at + _ENTRY])) or _PORT.search(near)
        if found:
            fields = {"port": found["port"], "protocol": named["protocol"].rpartition("/")[2]}
            yield Sign(kind="port_protocol", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_ports,)
