"""Published ports as people and forms write them, outside a compose file and the table of `docker ps`.

Source: docs.docker.com `docker ps` ("Ports"), `docker inspect` (NetworkSettings.Ports), "Port publishing";
Synology's Container Manager and Portainer (port settings).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "published",
        r"\b(?:local|host|external|outer|public) port:? (?P<host_port>\d{2,5})\W{1,4}"
        r"(?:is |maps |mapped |goes |leads )?(?:to )?(?:the )?(?:container|internal|inner|docker)(?:'s)? "
        r"port:? (?P<port>\d{2,5})\b",
        "port",
    ),
    says(
        "published",
        r"\b(?:ports?|mapp(?:ed|ing)|publish(?:ed|es|ing)?)(?: (?:as|is|to|mapping|setting))?\W{1,4}"
        r"(?<![\d.])(?P<host_port>\d{2,5}):(?P<port>\d{2,5})(?![\d:.])",
        "port",
        "mapp",
        "publish",
    ),
    says(
        "published",
        r"\"(?P<port>\d{1,5})/tcp\":\s?\[\{\"HostIp\":\s?\"(?P<address>[\d.:]*)\",\s?\"HostPort\":\s?"
        r"\"(?P<host_port>\d{1,5})\"",
        "hostport",
    ),
)

_ROW = re.compile(
    r"(?:(?P<name>[a-z][\w.-]{1,60})\s?[(\[]\s?)?(?<![\d.])(?P<address>\d{1,3}(?:\.\d{1,3}){3}|\[?::\]?):"
    r"(?P<host_port>\d{2,5})->(?P<port>\d{1,5})(?:/tcp|(?![\d/-]|[.:]\d))"
)
#: Of the engine's own tables, which are read as such.
_TABLE = re.compile(r"\sUp (?:\d|About|Less)|\sExited \(|\sCreated\s|\srunning\s|\A\s*[0-9a-f]{12}\s")
_HEADING = re.compile(r"\ANAMES?\b.*\b(?:STATUS|STATE|PORTS)\b|CONTAINER ID", re.MULTILINE)


@given(_ROW)
def _summed_up(piece: Piece) -> Iterator[Sign]:
    """`shop (0.0.0.0:8080->80/tcp)` in a sentence or a list cut short, and not a connection's two ends."""
    if _HEADING.search(piece.text):
        return
    for line in piece.text.split("\n"):
        if "->" not in line or _TABLE.search(line):
            continue
        for found in [*_ROW.finditer(line)][:20]:
            fields = {key: value for key, value in found.groupdict().items() if value}
            yield Sign(kind="published", line=line.strip(), fields=fields)
            if found["name"]:
                fields = {"name": found["name"], "state": "up", "code": ""}
                yield Sign(kind="container", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_summed_up,)
