"""One line of a configuration as the host's file has it and as the container's has it.

Source: docs.docker.com "Bind mounts": a file that is mounted by itself keeps the inode it had when the
container started; editors that write a new file and rename it (vim, sed -i) leave it with the old one.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "file_differs": "a line of a proxy's file is another in its container than on the host; fields: what",
}
PATTERNS: tuple[Pattern, ...] = ()

_SHOWS = re.compile(
    r"\A\s*(?:\S{0,60}[$#>]\s+)?(?P<inside>(?:sudo )?(?:docker|podman|docker[- ]compose|nerdctl)\b"
    r".{0,60}?\bexec\b.{1,80}?\s)?(?:sudo )?(?:grep|egrep|cat|head|tail|sed -n|awk)\s.{0,160}?"
    r"(?P<file>[\w.-]+\.\w{2,5})(?:\s*\|.{0,60})?\s*\Z"
)
_PROMPT = re.compile(r"\A\s*\S{0,60}[$#>]\s+\S")
#: What names the line, and where it leads.
_LINE = re.compile(
    r"\A\s*(?P<key>server\s+[\w.-]+(?=\s+[\w.\[\]-]+:\d)|server(?=\s)|proxy_pass|fastcgi_pass|grpc_pass|uwsgi_pass"
    r"|reverse_proxy|ProxyPass\s+\S+|url:)\s+(?P<value>\S{3,120})"
)


def _differing(piece: Piece) -> Iterator[Sign]:
    """The same file shown on the host and inside, with the same keys and none of the same values."""
    host: dict[str, dict[str, str]] = {}
    within: dict[str, dict[str, str]] = {}
    file, shown = "", host
    for line in piece.text.split("\n") if "exec" in piece.text else ():
        if command := _SHOWS.match(line):
            file, shown = command["file"], within if command["inside"] else host
        elif _PROMPT.match(line):
            file = ""
        elif file and (found := _LINE.match(line)):
            key = f"{file}: {' '.join(found['key'].split())}"
            shown.setdefault(key, {})[found["value"]] = line.strip()
    for key, values in within.items():
        if key in host and not values.keys() & host[key].keys():
            yield Sign(kind="file_differs", line=next(iter(values.values())), fields={"what": key})


READERS: tuple[Reader, ...] = (_differing,)
