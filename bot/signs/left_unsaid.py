"""What a report shows by what was done and not done: a password changed beside its volume, a port left open,
errors counted and none found.

Source: hub.docker.com postgres, mysql, mariadb and mongo ("only have an effect if you start the container
with an empty data directory"); doc.traefik.io "Docker" provider, "Port Detection" (without a label the lowest
exposed port is taken); nginx.org ngx_http_log_module (status is the ninth word of `combined`).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "store_password_changed": "a store's password was changed in its settings, its data kept; fields: what",
    "port_left_open": "a container tells Traefik its host and not its port; fields: name",
}
_STORE = r"(?:postgres\w*|pg|mysql|maria\w*|mongo\w*|redis|db|database|rabbitmq)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "store_password_changed",
        r"^(?!.*\b(?:ALTER (?:USER|ROLE)|SET PASSWORD|\\password)\b)(?P<what>.*\b(?:chang(?:ed?|ing)"
        r"|rotat(?:ed?|ing)|renew(?:ed|ing)?|replac(?:ed?|ing)|updat(?:ed?|ing)|set a new|new)\b.{0,80}"
        rf"\b(?:{_STORE}_(?:INITDB_)?(?:ROOT_|USER_)?PASS(?:WORD|WD)?"
        rf"|{_STORE} (?:user |root )?passwords?"
        rf"|passwords? (?:of|for) (?:the |our |my )?{_STORE})\b.{{0,200}})",
        "pass",
    ),
)
_ROUTED = re.compile(r"traefik\.http\.routers\.(?P<name>[\w-]{1,80})\.rule|traefik\.frontend\.rule")
_PORTS = re.compile(
    r"loadbalancer\.server\.port|traefik\.(?:\w+\.)?port\b|traefik\.http\.services\.|api@internal"
)


@given(_ROUTED)
def _port_left_open(piece: Piece) -> Iterator[Sign]:
    """Labels that give a container a rule and no port: Traefik takes what the image exposes."""
    if _PORTS.search(piece.text):
        return
    for line in piece.text.split("\n"):
        found = _ROUTED.search(line)
        if found:
            yield Sign(kind="port_left_open", line=line.strip(), fields={"name": found["name"] or ""})
            return


_COUNTS = re.compile(
    r"(?:\$9\s{0,3}(?:>=?|~|==)\s{0,3}[\"'/^]{0,3}5|[\"' ]5(?:\d\d|0[0-4]|\[)[\"' ]?).{0,120}"
    r"(?:\bwc -l|\bgrep -c\b|\bcount\b)|\bgrep (?:-\w+ )*-\w*c\w* .{0,20}[\"' ]5(?:\d\d|\[).{0,80}access"
)


@given(_COUNTS, "0")
def _counted(piece: Piece) -> Iterator[Sign]:
    """A count of answers with a status of 5xx in the access log, and the 0 below it."""
    command = ""
    for line in piece.text.split("\n"):
        if command and line.strip() == "0":
            fields = {"what": "no request of the access log was answered 5xx"}
            yield Sign(kind="noise", line=f"{command}: 0", fields=fields)
        if line.strip():
            command = line.strip() if _COUNTS.search(line) else ""


READERS: tuple[Reader, ...] = (_port_left_open, _counted)
