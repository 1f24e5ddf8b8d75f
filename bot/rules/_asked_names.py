"""Names that a proxy asks for, and containers that have none: over signs, for every rule that needs it."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _dialling
from bot.rules._once import once

#: A hostile text names very many.
_MOST = 20


@once
def asked_by_name(signs: Signs) -> tuple[tuple[str, Sign], ...]:
    """Names that a proxy dials or looks up, each once with the line that says so; the first of very many."""
    looked_up = signs.of("name_unresolved", "name_at_start", "resolves_not")
    found: dict[str, Sign] = {}
    for sign in looked_up:
        found.setdefault(sign["name"].partition(":")[0], sign)
    for dial in (*_dialling.dialled(signs), *_dialling.configured(signs)):
        found.setdefault(dial.host if dial.is_name else "", dial.sign)
    for sign in signs.of("dependency_away"):
        if missed := _MISSED.search(sign.line):
            found.setdefault(missed["name"].rstrip("."), sign)
    return tuple((name, sign) for name, sign in list(found.items())[:_MOST] if name)


#: An app's own words for a name that it does not find: Java, Node, Go, libpq, Python, PHP.
_MISSED = re.compile(
    r"(?:UnknownHostException: |(?:ENOTFOUND|EAI_AGAIN) |\blookup |could not translate host name \"|host='"
    r"|php_network_getaddresses: getaddrinfo for )(?P<name>[a-zA-Z][\w.-]{0,100})"
)


def in_host_network(signs: Signs) -> tuple[Sign, ...]:
    """Services and containers in the host's network, each once; the first of very many."""
    found = {sign["name"]: sign for sign in reversed(signs.where("compose_service", mode="host"))}
    return tuple(found.values())[-_MOST:]
