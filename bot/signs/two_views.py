"""One file seen twice, on the host and in the proxy's container: a mount that still shows the former file.

Source: docs.docker.com "Bind mounts" and moby/moby issue 6011 (a mounted single file is an inode; an editor
that writes a new file and renames it leaves the container with the old one); kubernetes.io "ConfigMaps" (a
subPath mount is not updated); md5sum(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "mount_old": "a proxy's file reads otherwise in its container than on the host; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    # A mounted file is the inode it was at the start; an editor that writes a new one leaves it behind.
    says(
        "mount_old",
        r"(?P<what>\b(?:chang|modif|edit|updat)\w* (?:\S+ ){0,4}(?:on|in) (?:the |my )?host\b"
        r".{0,40}(?:does not|doesn't|do not|don't|not) (?:\w+ ){0,2}"
        r"(?:chang|updat|appear|reflect|seen?|arriv)\w*"
        r".{0,30}\bcontainer\b)",
        " host",
    ),
)

_READS = re.compile(
    r"(?:\A|[\s$#%>])(?:grep|cat|sed|head|tail|awk|less|md5sum|sha1sum|sha256sum)\s+(?P<rest>\S.*)"
)
_EXEC = re.compile(r"\b(?:docker|podman|nerdctl|kubectl|oc)\b.{0,120}?\bexec\b")
#: The host's own proxy has files of the same name.
_OF_HOST = re.compile(r"\s/(?:usr/local/)?etc/(?:nginx|apache2|httpd|haproxy|caddy|traefik|openresty)/")
_FILE = re.compile(r"(?P<name>[\w.-]{1,60}\.(?:conf|cfg|ya?ml|toml|template|tmpl)|Caddyfile)\b")
_SETTING = re.compile(
    r"(?<![\w#])(?P<key>(?:proxy|fastcgi|uwsgi|grpc|scgi)_pass|reverse_proxy|server|listen|ProxyPass|bind|url)"
    r"[ :]+(?P<value>[^\s;{}]+)"
)
_SUM = re.compile(r"\A(?P<value>[0-9a-f]{32,64})\s+\*?\S*?(?P<file>[\w.-]{1,80})\s*\Z")


@given(_READS, _FILE, _EXEC)
def _seen_twice(piece: Piece) -> Iterator[Sign]:
    """The same setting of the same file, or its sum, with other values inside than outside."""
    seen: dict[tuple[bool, str, str], set[str]] = {}
    lines: dict[str, str] = {}
    where: tuple[bool, str] | None = None
    for line in piece.text.split("\n") if " exec " in piece.text else ():
        command = _READS.search(line)
        if command and (file := _FILE.search(command["rest"])):
            is_inside = _EXEC.search(line) is not None
            where = (is_inside, file["name"]) if is_inside or not _OF_HOST.search(line) else None
            continue
        if where is None:
            continue
        for key, value in _settings(line):
            seen.setdefault((*where, key), set()).add(value)
            if where[0]:
                lines.setdefault(key, line.strip())
    for (inside, name, key), values in seen.items():
        outside = seen.get((False, name, key))
        if inside and outside and values.isdisjoint(outside):
            yield Sign(kind="mount_old", line=lines[key], fields={"what": f"{name}: {key}"})
            return


def _settings(line: str) -> Iterator[tuple[str, str]]:
    found = _SUM.match(line.strip())
    if found:
        yield "sum", found["value"]
    for one in _SETTING.finditer(line):
        yield one["key"], one["value"]


READERS: tuple[Reader, ...] = (_seen_twice,)
