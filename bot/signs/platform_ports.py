"""The port to which a platform sends requests or checks, and what a compose file publishes, in a sentence.

Source: cloud.google.com Cloud Run "Troubleshoot" ("Default STARTUP TCP probe failed ... on port 8080"),
docs.railway.com "Target ports", AWS ELB target groups; docs.docker.com "Compose file: ports".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "platform_port": "the port to which a platform sends requests or its checks; fields: port",
}
_PORT = r"(?P<port>\d{2,5})\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "platform_port",
        rf"(?:STARTUP|LIVENESS|READINESS) (?:TCP|HTTP) probe failed\b.{{0,120}}\bon port {_PORT}",
        "probe failed",
    ),
    says(
        "platform_port",
        rf"\b(?:domain'?s )?target port\b[^.;\d]{{0,40}}?(?:shows?|is|=|:|set to|says|still"
        rf"|has)\s{{0,3}}{_PORT}",
        "target port",
    ),
    says("platform_port", rf"\btarget group (?:uses |is |has |on |with )?port:? {_PORT}", "target group"),
)
_PUBLISHED = re.compile(
    r"\b(?P<name>[a-z][\w-]{1,40}) (?:has |with |publishes |maps |uses |is ){0,3}(?:published )?ports?:? ?"
    r"[\[\"'`]{0,2}(?P<host_port>\d{2,5}):(?P<port>\d{2,5})[\"'`\]]?(?!\d|:)"
)
_NO_NAME = (
    *("the", "container", "compose", "docker", "has", "with", "is", "and", "published", "it", "ports"),
    *("following", "these", "those", "different", "other", "same", "exposed", "mapped", "host"),
)


@given(_PUBLISHED)
def _published(piece: Piece) -> Iterator[Sign]:
    """`gitea with ports: "8300:3000"` within a sentence."""
    for line in piece.text.split("\n"):
        found = _PUBLISHED.search(line)
        if found and found["name"] not in _NO_NAME and not line.lstrip().startswith(("[", "{")):
            yield Sign(kind="published", line=line.strip(), fields=found.groupdict())


#: A row of `docker ps -a` of which only name and state were kept, without the heading.
_ROW = re.compile(
    r"\A\s*(?P<name>[a-z][\w.-]{1,60})\s{2,}(?P<state>Up|Exited|Restarting"
    r"|Created)\b(?: \((?P<code>\d{1,3})\))?"
)
_LIST = re.compile(r"\A\W*(?:sudo )?(?:docker|podman)(?:[- ]compose)? ps\b")


@given(_LIST)
def _rows(piece: Piece) -> Iterator[Sign]:
    """Names and states below the command."""
    is_list = False
    for line in piece.text.split("\n"):
        if _LIST.match(line):
            is_list = "format" not in line
        elif is_list and (row := _ROW.match(line)):
            fields = {"name": row["name"], "state": row["state"].lower(), "code": row["code"] or ""}
            yield Sign(kind="container", line=line.strip(), fields=fields)
        else:
            is_list = False


READERS: tuple[Reader, ...] = (_published, _rows)
