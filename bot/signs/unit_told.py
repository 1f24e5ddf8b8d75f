"""What people tell of a unit file: with one user or group the service does not start, with another it does.

Source: systemd.exec(5) User=, Group= (a name that does not exist ends the start with 216/GROUP, 217/USER);
systemd's job.c, "Failed to start %s."; packages name a web server's group nginx, www-data, apache or http.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
#: Units of the system and of proxies; a unit with its own end is read by systemd.py.
_NO_APPS = (
    r"(?!.{0,60}(?:nginx|high performance|apache|httpd|haproxy|varnish|caddy|traefik|firewall|network|kernel"
    r"|certbot|encrypt|rotate|cleanup|daily|snap|\bapt|mount|swap|\bLSB\b|session|login|resolv|audit|selinux"
    r"|apparmor|fail2ban|docker|containerd|kube|user manager|time sync|\.(?:socket|timer|mount|scope)\b))"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "unit_failed",
        rf"systemd\[\d{{1,9}}\]: Failed to start {_NO_APPS}(?P<unit>\w[^.]{{1,80}})\.?",
        "failed to start",
    ),
    says(
        "unit_user",
        r"\b(?:chang|switch|correct|set)\w{0,4} (?:the )?(?:(?:unit|service|systemd)(?:'s)? )?(?:file )?"
        r"[`'\"]?(?:User|Group)=(?P<name>[\w.-]{1,40})?[`'\"]?(?: from [`'\"]?[\w.=-]{1,40}[`'\"]?)?"
        r" to [`'\"]?(?:(?:User|Group)=)?[\w.-]{1,40}[`'\"]?"
        r".{0,40}\b(?:fix\w*|solv\w*|works?|worked|starts?|started)\b",
        "user=",
        "group=",
    ),
)
_SET = re.compile(r"\b(?P<key>User|Group)=(?P<name>[\w.-]{1,40})")
_FAILS = re.compile(
    r"failed to start|\bfails?\b|\b(?:does|did|will|would)(?:n't| not) (?:start|work|run)|\berror\b",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"(?<!not )(?<!n't )\b(?:works?|worked|starts?|started|runs?|fine|ok)\b(?! (?:not|no longer))",
    re.IGNORECASE,
)
#: Lines below a setting that tell what came of it.
_BELOW = 3


@given(_SET)
def _tried(piece: Piece) -> Iterator[Sign]:
    """A setting and its failure, and the same setting with another name and its success."""
    lines = [line for line in piece.text.split("\n") if line.strip()]
    bad: dict[str, tuple[str, str]] = {}
    for at, line in enumerate(lines):
        if (found := _SET.search(line)) is None:
            continue
        came = " ".join(_until_next(lines[at : at + _BELOW]))
        before = bad.get(found["key"])
        if _FAILS.search(came):
            bad[found["key"]] = (found["name"], line.strip())
        elif before and before[0] != found["name"] and _WELL.search(came[found.end() :]):
            yield Sign(kind="unit_user", line=before[1], fields={"name": before[0]})


def _until_next(lines: list[str]) -> list[str]:
    """The first line, and those below it up to the next setting."""
    more = next((at for at, line in enumerate(lines[1:], 1) if _SET.search(line)), len(lines))
    return lines[:more]


READERS: tuple[Reader, ...] = (_tried,)
