"""SSH tunnels between a proxy and its app: what either end says when the forwarded port does not answer.

Source: OpenSSH channels.c ("connect_to %s port %d: failed.", "channel %d: open failed: connect failed: ...",
"channel %d: connection failed: ..."), serverloop.c; ssh(1) -L and -R.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_TO = re.compile(r"\bconnect_to (?P<host>[\w.:-]{1,120}) port (?P<port>\d{1,5}): failed")
_FAILED = re.compile(
    r"\bchannel \d{1,6}: (?:open failed: connect failed|connection failed): (?P<why>[\w ]{1,60})"
)
#: strerror(3) -> kind.
_KINDS: Mapping[str, str] = {
    "connection refused": "dial_refused",
    "connection timed out": "dial_timeout",
    "operation timed out": "dial_timeout",
    "no route to host": "dial_no_route",
    "network is unreachable": "dial_no_route",
}


@given(_FAILED)
def _forwarded(piece: Piece) -> Iterator[Sign]:
    """A channel that was not opened, and why; the far end writes the target in a line of its own."""
    lines = [line.strip() for line in piece.text.split("\n")]
    to = next((found for line in lines if (found := _TO.search(line))), None)
    target = f"{to['host']}:{to['port']}" if to else ""
    for line in lines:
        found = _FAILED.search(line)
        kind = _KINDS.get(found["why"].strip().lower()) if found else None
        if kind is not None:
            yield Sign(kind=kind, line=line, fields={"target": target, "proxy": "ssh", "protocol": "tcp"})


READERS: tuple[Reader, ...] = (_forwarded,)
