"""Where HAProxy's servers are, as it says itself (`show servers state` of its socket), and its own 500.

Source: HAProxy "Management Guide" section 9.3, `show servers state` (be_id be_name srv_id srv_name srv_addr
srv_op_state …, port in the nineteenth column); "Starter Guide": names in `server` lines are resolved once at
the start unless `resolvers` is given. "Configuration Manual" section 8.5: `PR` is HAProxy's own refusal or
internal error, `I` one that it found in itself; `tune.maxrewrite`: what a rewrite may add.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "server_held": "where a proxy has a server, by its own state; fields: name, backend, address, port",
    "verify_required": "a proxy is told to verify its server's certificate",
}
#: A 500 of HAProxy's own (an allocation, a rewrite that does not fit) ends a request before it is passed on.
PATTERNS: tuple[Pattern, ...] = (
    says(
        "proxy_own_error",
        r"\b500\b.{0,120}\b(?-i:PR)--|\b(?-i:PR)--.{0,60}\b500\b"
        r"|\b500s?\b.{0,30}\b(?:generated|produced|emitted|raised) by (?:the )?`?haproxy\b"
        r"|\bhaproxy (?:itself )?(?:generates|produces|emits|raises) .{0,20}\b500\b",
        "pr--",
        "haproxy",
        what="internal",
    ),
    says(
        "verify_required",
        r"^\s*(?:default-)?server\b.{0,200}\bverify required\b",
        "verify required",
    ),
    says(
        "proxy_own_error",
        r"\s[\w.~:-]{1,80}/\S{1,80} [-+\d]+(?:/[-+\d]+){2,4} 500 \+?\d+ \S+ \S+ "
        r"(?-i:I[RQCHDL])[\w-]{2} \d+/\d+/",
        " 500 ",
        what="internal",
    ),
)
_ROW = re.compile(
    r"(?:\A|\|)\s*\d+ (?P<backend>[\w.:-]{1,80}) \d+ (?P<name>[\w.:-]{1,80}) "
    r"(?P<address>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+) \d(?P<rest>(?: \S+){4,30})"
)
#: Columns behind the state of operation up to the port.
_UP_TO_PORT = 13


def _servers(piece: Piece) -> Iterator[Sign]:
    """Rows of the state; in a cut one the port is missing."""
    for line in piece.text.split("\n") if "srv_" in piece.text or "servers state" in piece.text else ():
        if row := _ROW.search(line):
            rest = row["rest"].split()
            port = rest[_UP_TO_PORT - 1] if len(rest) >= _UP_TO_PORT else ""
            fields = {
                "name": row["name"],
                "backend": row["backend"],
                "address": row["address"],
                "port": port if port.isdigit() and port != "0" else "",
            }
            yield Sign(kind="server_held", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_servers,)
