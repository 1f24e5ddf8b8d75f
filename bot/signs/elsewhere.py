"""A proxy on another machine than the app, and ports that are published to one machine alone.

Source: docs.docker.com "Port publishing" (a published port with 127.0.0.1 before it is reached from the
Docker host alone), "Compose file interpolation" (`${NAME:-default}`); common English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "proxy_elsewhere": "somebody writes that the proxy is on another machine; fields: what",
}
_PROXY = (
    r"(?:nginx|caddy|traefik|haproxy|apache|httpd|npm|swag|(?:reverse[ -]?)?proxy|proxy manager"
    r"|load ?balancer)"
)
_MACHINE = r"(?:machine|host|server|vm|box|vps|node|computer|pi|raspberry pi|lxc|device|nas)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "proxy_elsewhere",
        rf"(?P<what>\b{_PROXY}(?: \w+)? (?:(?:which |that )?(?:is|runs?|sits|lives)"
        r"|running|installed|hosted|on)\b(?: also| itself)?(?: running| installed| hosted)? ?"
        r"(?:on |in )?(?:a |an |my )?"
        rf"(?:different|another|separate|second|other) (?:\w+ )?{_MACHINE}\b"
        rf"|\b(?:different|another|separate|remote) {_MACHINE} (?:that |which )?"
        rf"(?:runs|running|with|has|hosts) (?:my |the |a )?{_PROXY}\b)"
        r"(?!.{0,40}\b(?:too|as well|same (?:error|problem)|works?|fine)\b)",
        "different",
        "another",
        "separate",
        "second",
        "other",
        "remote",
    ),
)
_ALONE = re.compile(
    r"\A\s*-?\s*['\"]?(?P<address>127(?:\.\d{1,3}){3}):(?:\$\{\w{1,60}:?-)?(?P<host_port>\d{2,5})\}?"
    r":(?:\$\{\w{1,60}:?-)?(?P<port>\d{2,5})\}?(?:/tcp)?['\"]?\s*(?:#.*)?\Z"
)
_FILE = re.compile(r"\b(?:image|build|services):")


@given(_ALONE)
def _published_lines(piece: Piece) -> Iterator[Sign]:
    """A line of `ports:` that stands alone, or with a variable for its port."""
    for line in piece.text.split("\n"):
        found = _ALONE.match(line)
        if found and ("${" in line or not _FILE.search(piece.text)):  # a whole file is read by compose.py
            yield Sign(
                kind="published", line=line.strip(), fields={"name": "", "alias": ""} | found.groupdict()
            )


READERS: tuple[Reader, ...] = (_published_lines,)
