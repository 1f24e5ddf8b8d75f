"""What somebody asked by hand, from where, and what came of it, as sentences tell it.

"From the proxy curl web:3000 is refused, inside the app's container localhost:3000 works": where the asker
is decides what the answer means.

Source: docs.docker.com "Networking overview" (each container has its own loopback); common English.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "asked_from": "asked by hand from somewhere; fields: where (app, proxy, host, away), target, "
    "result (well, refused, late, unknown, cut)",
}
PATTERNS: tuple[Pattern, ...] = ()

_ASKS = re.compile(
    r"\b(?:curl|wget|telnet|nc|ping|openssl s_client|http|request(?:s|ing)?|connect(?:s|ing|ion)?"
    r"|reach\w*|asked)\b",
    re.I,
)
_WHERE: Mapping[str, re.Pattern[str]] = {
    "proxy": re.compile(
        r"\b(?:from|in|inside|within|on) (?:of )?(?:the |my )?(?:nginx|proxy|caddy|traefik|haproxy"
        r"|apache|npm|ingress|varnish"
        r"|gateway|load ?balancer)(?:'s)?(?: (?:controller|manager|server|proxy))?(?: container| pod"
        r"| host| machine| task)?\b"
        r"|\b(?:docker|podman|kubectl|compose) exec (?:-\S+ |deploy/|pod/){0,3}\S{0,30}(?:nginx|proxy"
        r"|caddy|traefik"
        r"|apache|httpd|npm|ingress|varnish|edge|envoy)",
        re.I,
    ),
    "app": re.compile(
        r"\b(?:from|in|inside|within|on) (?:of )?(?:the |my |its own |that )?(?:running )?"
        r"(?:app(?:lication)?|api|web|backend|service|same|node"
        r"|django|flask|its|upstream)?(?:'s)? ?(?:container|pod|backend|app server)\b"
        r"|\binside(?: it\b|:| \()",
        re.I,
    ),
    "host": re.compile(
        r"\b(?:from|on) (?:the |my )?(?:docker )?(?:host|server|machine|vm|node|vps|droplet)\b", re.I
    ),
    "away": re.compile(
        r"\b(?:from )?(?:outside|my laptop|the browser|another (?:machine|host|server)|the internet)\b", re.I
    ),
}
_RESULT: Mapping[str, re.Pattern[str]] = {
    "refused": re.compile(r"\brefused\b|ECONNREFUSED", re.I),
    "late": re.compile(
        r"\btime[ds]? ?-?out\b|\bhangs?\b|\bno route\b|\bunreachable\b|\bno (?:answer|response)\b"
        r"|\b100% packet loss",
        re.I,
    ),
    "unknown": re.compile(
        r"\bbad address\b|\bcould ?n.t resolve\b|\bcould not resolve\b|\bunknown host\b|\bdoes(?:n't"
        r"| not) resolve\b|\bname resolution\b"
        r"|\bname or service not known\b|\bnot found: 3\b",
        re.I,
    ),
    "cut": re.compile(r"\breset\b|\bempty reply\b|\bempty response\b", re.I),
    "well": re.compile(
        r"\b(?:works?|working|fine|ok|200|responds?|answers?|returns? (?:the|html|json|200)|loads?"
        r"|succeeds?|successful(?:ly)?|reachable|without (?:any |a )?(?:problems?|issues?|errors?)"
        r"|pong)\b",
        re.I,
    ),
}
_ROLE = re.compile(r"\b(?P<role>api|web|backend|node|django|flask)(?:'s)? (?:container|pod)\b", re.I)
_NOT_WELL = re.compile(
    r"\b(?:not|n't|never|cannot|no|fails?|50\d|(?<!without )(?<!without any )error)\b|n't\b", re.I
)
_TARGET = re.compile(
    r"(?<![\w.])(?P<target>localhost|\d{1,3}(?:\.\d{1,3}){3}|\[::1\]|[a-z][\w.-]*(?=:\d))(?P<port>:\d{2,5})?",
    re.I,
)
_LONGEST = 600
_CLAUSE = re.compile(r"[.;,!]\s+|\s(?:but|while|whereas|and)\s")


@given(_ASKS, _WHERE.values(), _RESULT.values())
def _asked(piece: Piece) -> Iterator[Sign]:
    """One sign for every clause that names an asker's place and a result."""
    for line in piece.text.split("\n"):
        if "[error]" in line or "upstream: " in line or not _ASKS.search(line[:_LONGEST]):
            continue
        for said in _CLAUSE.split(line[:_LONGEST]):
            where = next((name for name, words in _WHERE.items() if words.search(said)), "")
            if not where:
                continue
            result = next((name for name, words in _RESULT.items() if words.search(said)), "")
            if not result or (result == "well" and _NOT_WELL.search(said)):
                continue
            target = _TARGET.search(said)
            if where == "app" and _asks_another(said, target):
                continue
            asked = f"{target['target']}{target['port'] or ''}" if target else ""
            fields = {"where": where, "result": result, "target": asked}
            yield Sign(kind="asked_from", line=said.strip(), fields=fields)


def _asks_another(said: str, target: re.Match[str] | None) -> bool:
    """From the web container another host is asked, by its whole name: it is not the app that is asked."""
    role = _ROLE.search(said)
    host = target["target"].lower() if target else ""
    return role is not None and host.count(".") > 0 and host[0].isalpha() and role["role"].lower() not in host


READERS: tuple[Reader, ...] = (_asked,)
