"""Places that people name in sentences: where a proxy sends, where the app listens, what was refused.

A report says in words what a configuration and a table of sockets would show. Only sentences count: a line
that a program logged is read by its own table.

Source: the directives' own names (proxy_pass, reverse_proxy, ProxyPass), Node's `process.env.PORT || 3000`,
common English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern
from bot.signs.stores import STORES

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_LOGGED = re.compile(
    r"\[(?:error|crit|warn|info|emerg|notice|alert)\]|\bupstream: \"|\" [1-5]\d\d \d|\d\d:\d\d:\d\d"
    r"|connect\(\)|\"\w+\":|host not found in upstream"
    r"|^\s*at |https?Connection|\bdial tcp\b|^\s*(?:- )?[\w-]+:(?:\s+\S+){0,4}\s*$"
)
#: In pairs, lest what stands between two short ones be taken for one; a long one is a line of a log.
_QUOTED = re.compile(r"`([^`]*)`")
_LOG_LENGTH = 40
_HOST = r"(?P<host>localhost|\[[0-9a-f:]+\]|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]*(?:\.[\w-]+)*)"
_SENDS = re.compile(
    r"\b(?:proxy_pass|reverse_proxy|prox(?:y|ies|ied|ying)|forward(?:s|ed|ing)?|point(?:s|ed|ing)?|send(?:s|ing)?|sent|upstream"
    r"|backend|redirect(?:s|ed|ing)?|pass(?:es|ed|ing)?|goes|uses?|used|server)\b(?: \w+){0,5}?"
    r" (?:to |at |is |= ?)?[`'\"]?(?:\S{1,60}:\d{2,5}[`'\"]? to [`'\"]?)?(?P<scheme>https?://)?"
    + _HOST
    + r":(?P<port>\d{2,5})\b",
    re.IGNORECASE,
)
_LISTENS = re.compile(
    r"\b(?:starts? (?!the proxy)(?:the |our |my )?"
    r"(?!nginx|caddy|traefik|haproxy|apache|httpd|redis|postgres|mysql|mariadb|mongo)[\w-]{1,30}"
    r"|listen(?:s|ing)?|run(?:s|ning)?|serv(?:es|ing)|started|bound|binds?|expos(?:es|ed|ing)|available|up)\b"
    r"(?: (?:only|there|fine|locally|internally|just|happily)){0,2} (?:on|at|to) (?:the )?(?:port "
    r"|tcp port )?"
    r"[`'\"]?(?:https?://)?(?:(?P<address>localhost|\d{1,3}(?:\.\d{1,3}){3}|\[?::1?\]?):)?(?P<port>\d{4,5})\b(?![-/]\d)",
    re.IGNORECASE,
)
_DEFAULT = re.compile(r"\bprocess\.env\.PORT\s*(?:\|\||\?\?)\s*(?P<port>\d{2,5})")
_REFUSED = re.compile(
    r"(?<![\w.])(?:https?://)?" + _HOST + r":(?P<port>\d{2,5})\b[^.:]{0,20}?\b(?:is |was |gets? |gives? "
    r"|are |got )?(?:connection )?"
    r"refused\b|\brefused\b['\"]? (?:error )?(?:on|at|by|from|to|for|(?:when |while )?(?:trying to )?"
    r"(?:connect(?:ing)? to|access(?:ing)?|reach(?:ing)?|call(?:ing)?)) `?(?:https?://)?(?P<host2>localhost|\[[0-9a-f:]+\]"
    r"|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]*(?:\.[\w-]+)*):(?P<port2>\d{2,5})\b",
    re.IGNORECASE,
)
#: Right before the word: "is still not listening on".
_DENIED = re.compile(r"(?:\bnot|n't|\bnever|\bno longer|\bnothing|\bnobody|\bno one)(?: \w+){0,2} $", re.I)
_WHO_LISTENS = re.compile(
    r"\b(?:app|application|server|service|backend|api|node|container|process|gunicorn|uvicorn|it)\b", re.I
)
_WHO_SENDS = re.compile(
    r"\b(?:nginx|prox\w+|caddy|traefik|haproxy|apache|httpd|upstream|npm|ingress|proxy_pass)\b", re.I
)

_BY_HAND = re.compile(
    r"\b(?:curl|wget|browser|visit\w*|open\w*|works?|answers?|respond\w*|access\w*)\b", re.I
)


def _sentences(piece: Piece) -> Iterator[Sign]:
    """Places in sentences, each with the words around it."""
    for line in piece.text.split("\n"):
        if ":" not in line and "port" not in line.lower() and " on " not in line:
            continue
        line = _QUOTED.sub(_shortened, line)  # noqa: PLW2901  # what was said around it
        if _LOGGED.search(line) or line.count(" ") < 3:
            continue
        for said in re.split(r"(?<=[.;,!?])\s+(?:but |and |so )?|\s(?:but|while|whereas)\s", line):
            yield from _sentence(said.strip())


def _shortened(quoted: re.Match[str]) -> str:
    return quoted[0] if len(quoted[1]) < _LOG_LENGTH else "`...`"


def _sentence(said: str) -> Iterator[Sign]:
    refused = _REFUSED.search(said)
    if refused:
        port = refused["port"] or refused["port2"]
        fields = {"target": f"{refused['host'] or refused['host2']}:{port}"}
        if store := STORES.get(port):  # pgjdbc's "Connection to db:5432 refused."
            yield Sign(kind="dependency_away", line=said, fields={**fields, "name": store})
        else:
            yield Sign(kind="dial_refused", line=said, fields=fields)
    sends = _SENDS.search(said) if _WHO_SENDS.search(said) and not _BY_HAND.search(said) else None
    if sends:
        protocol = (sends["scheme"] or "").removesuffix("://").lower()
        fields = {"target": f"{sends['host']}:{sends['port']}", "protocol": protocol, "directive": "told"}
        yield Sign(kind="dials", line=said, fields=fields)
    default = _DEFAULT.search(said)
    listens = _LISTENS.search(said) if _WHO_LISTENS.search(said) and not sends and not refused else None
    if listens and _DENIED.search(said[: listens.start()]):
        listens = None
    if default or listens:
        found = default or listens
        assert found is not None
        address = found.groupdict().get("address") or ""
        fields = {"address": address, "port": found["port"], "inside": "app"}
        if found[0].lower().startswith("start") and not found[0].lower().startswith("started"):
            fields["meant"] = "yes"  # what a command does as a rule, and not what was seen
        yield Sign(kind="listening", line=said, fields=fields)


READERS: tuple[Reader, ...] = (_sentences,)
