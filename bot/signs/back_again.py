"""A store that was away and is there now, by its client's word or by somebody's.

Source: PostgreSQL's pg_isready.c ("accepting connections"), mysqladmin.cc ("mysqld is alive"), Redis' PING;
common English of reports about boots where the app came before its database.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "dependency_back": "a store that an app missed is there now; fields: name",
}

_STORE = (
    r"(?P<name>databases?|db|sql server|postgres\w{0,6}|psql|mysql|maria\w{0,3}|redis|mongo\w{0,2}"
    r"|rabbit\w{0,2}|elastic\w{0,6}|kafka|cache|broker|ldap|keycloak|vault)"
)
_NAMES = (
    *("database", "db", "sql", "postgres", "maria", "redis", "mongo", "rabbit", "elastic", "kafka", "cache"),
    *("broker", "ldap", "keycloak", "vault"),
)
_NOT = r"(?![^.;]{0,60}(?:\bnot\b|n't\b|\bstill\b|\bnever\b))"
_UP = (
    r"(?:works?|answers|responds|connects|runs|came (?:up|back)|(?:is|are|was) (?:fine|up|back|running"
    r"|reachable|there|ready|ok|okay|available|online|accepting connections))"
)
_NOW = (
    r"(?:now|again|later|since|meanwhile|by now|in the meantime"
    r"|(?:\w{1,8} )?(?:seconds?|minutes?|mins?) later)"
)

PATTERNS: tuple[Pattern, ...] = (
    says("dependency_back", rf"\b{_STORE}\b{_NOT}[^.;]{{0,50}}?\b{_UP} {_NOW}\b", *_NAMES),
    says(
        "dependency_back",
        rf"\b{_STORE}\b{_NOT}[^.;]{{0,40}}?\b(?:took "
        r"(?:longer|a while|ages|too long|\d{1,4} ?\w{1,8}) to (?:come up|start|boot|be ready)"
        r"|(?:came up|started|booted|was ready) (?:later|after|too late|only after))\b",
        *_NAMES,
    ),
    says(
        "dependency_back",
        rf"\b(?:now|meanwhile|by now|in the meantime) (?:the |our |my )?{_STORE}\b"
        rf"{_NOT}[^.;]{{0,30}}?\b{_UP}\b",
        *_NAMES,
    ),
    says(
        "dependency_back", r":\d{2,5} - accepting connections\s*$", "accepting connections", name="postgresql"
    ),
    says("dependency_back", r"^\s*mysqld is alive\s*$", "mysqld is alive", name="mysql"),
    says("dependency_back", r"^\s*PONG\s*$", "pong", name="redis"),
)
READERS: tuple[Reader, ...] = ()
