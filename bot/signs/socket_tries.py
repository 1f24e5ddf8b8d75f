"""A unix socket tried by hand as the proxy's user, and settings that keep others from it.

Source: curl(1) exit 7 and `%{http_code}` 000, nc(1), stat(1) "cannot statx"; systemd.socket(5) SocketMode=,
systemd.exec(5) UMask=; umask(2); www.conf listen.acl_users; namei(1) -m; path_resolution(7): each directory
on the way needs search permission; HAProxy "unix@", Varnish's vcl(7) .path.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "denied_as_proxy": "asked by hand as the proxy's own user, a unix socket does not answer; fields: user",
    "umask_tight": "a umask leaves nothing to others; fields: mode",
    "acl_others": "FPM's socket is given to another server's user alone; fields: user",
    "path_shut": "a directory on a socket's way may not be entered by others; fields: path, mode",
}
PATTERNS: tuple[Pattern, ...] = (
    says("umask_tight", r"\bumask\b\W{0,3}=?\s?(?P<mode>0?0?[02]?77)\b", "umask"),
    says(
        "acl_others",
        r"^\s*listen\.acl_users\s*=(?!.*(?:nginx|www-data|http\b|caddy))\s*(?P<user>\S+)",
        "listen.acl_users",
    ),
    says("dials", r"^\s*server\s+\S+\s+unix@(?P<target>/\S+)", "unix@", protocol="http", directive="server"),
    says(
        "dials",
        r"\.path\s*=\s*\"(?P<target>/[^\"]+\.sock(?:et)?)\"",
        ".path",
        protocol="http",
        directive="backend",
    ),
    says(
        "dial_denied",
        r"\bfail errno 13 \(Permission denied\)|Open error 13 \(Permission denied\)",
        "13 (permission",
        proxy="varnish",
    ),
)

_AS_PROXY = re.compile(
    r"\b(?:sudo -u|runuser -u|su -s \S+|setpriv --reuid[ =])\s*"
    r"(?P<user>nginx|www-data|apache|http|httpd|www|caddy|haproxy)\b"
    r"(?P<rest>.*)"
)
_SOCKET = re.compile(r"\.sock\b|--unix-socket|\bnc -\w*U")
_FAILS = re.compile(
    r"\(7\) |\(28\) |Couldn't connect|Failed to connect|[Pp]ermission denied|^\s*000\s*$|(?:->|→|=>|:) ?000\b"
)


@given(_AS_PROXY, _SOCKET, _FAILS)
def _tried(piece: Piece) -> Iterator[Sign]:
    """As the proxy's user a socket is asked, and the next line says that it fails."""
    lines = piece.text.split("\n")
    for at, line in enumerate(lines):
        asked = _AS_PROXY.search(line)
        if asked is None or not _SOCKET.search(asked["rest"]):
            continue
        answer = [
            asked["rest"],
            *(one for one in lines[at + 1 : at + 2] if not one.lstrip().startswith(("$", "#"))),
        ]
        if any(_FAILS.search(one) for one in answer):
            yield Sign(kind="denied_as_proxy", line=line.strip(), fields={"user": asked["user"]})
            return


_NAMEI = re.compile(r"^\s*(?P<mode>d[rwxst-]{9})\s+(?:\S+\s+\S+\s+)?(?P<path>[^\s/][^\s]*)\s*$")


def _shut(piece: Piece) -> Iterator[Sign]:
    """namei shows a directory on the way that others may not enter."""
    if "namei" not in piece.text:
        return
    for line in piece.text.split("\n"):
        found = _NAMEI.match(line)
        if found and found["mode"][9] not in "xt":
            yield Sign(
                kind="path_shut", line=line.strip(), fields={"path": found["path"], "mode": found["mode"]}
            )


READERS: tuple[Reader, ...] = (_tried, _shut)
