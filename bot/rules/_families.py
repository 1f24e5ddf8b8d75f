"""IPv6 beyond ::1: a name's AAAA record, a dual-stack network, a check that tries `localhost` as ::1 first.

Source: RFC 6724 (IPv6 before IPv4); bind(2), 0.0.0.0 takes IPv4 alone; nodejs.org "dns" verbatim (since Node
17 the resolver's order is kept); kubernetes.io "IPv4/IPv6 dual-stack"; docs.docker.com "Enable IPv6 support".
"""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _quote, _told
from bot.rules._dialling import Place

_NAME = "ipv6_mismatch"
_RESTART = _quote.useless("app", "it would bind the same family again")
_CHECK = "`ss -ltn` where the app runs: is the port open on 0.0.0.0 alone?"


def told(signs: Signs, refused: tuple[Place, ...]) -> Finding | None:
    """The other family than the app's is dialled, as two pieces show."""
    return (
        _open_on_four(signs, refused)
        or _by_a_check(signs)
        or _added(signs, refused)
        or _by_name(signs, refused)
        or _by_node(signs, refused)
    )


def _is_six(dial: Place) -> bool:
    return dial.family == 6 and not dial.is_loopback


def _four_alone(signs: Signs, port: int) -> Place | None:
    """Who listens on the port, when it is IPv4 alone and every address of it."""
    same = _dialling.on_port(signs, port)
    if not same or any(one.host != "0.0.0.0" for one in same):  # noqa: S104  # compared, not bound
        return None
    return same[0]


def _open_on_four(signs: Signs, refused: tuple[Place, ...]) -> Finding | None:
    """An IPv6 address refuses, and its port is open on 0.0.0.0 alone."""
    for dial in refused:
        four = _four_alone(signs, dial.port) if _is_six(dial) else None
        if four is not None:
            says = f"{dial.text} is dialled and refuses; the port is open on {four.text} only"
            return _told.likely(_NAME, 91, says, _RESTART, dial.sign, four.sign, next_check=_CHECK)
    return None


def _by_a_check(signs: Signs) -> Finding | None:
    """A health check or probe is refused by IPv6, and the app listens on IPv4 alone or works in use."""
    for sign in signs.where("answers_not"):
        asked = _dialling.place(sign["target"].strip("`"), sign)
        if asked is None or asked.family != 6 or "refused" not in sign["reason"]:
            continue
        same = _dialling.on_port(signs, asked.port)
        four = next((one for one in same if one.family == 4), None)
        if four is not None and not any(_dialling.takes(one, asked) for one in same):
            says = f"the check asks {asked.text} and is refused; the app listens on {four.text}"
            return _told.likely(_NAME, 90, says, _RESTART, sign, four.sign, next_check=_CHECK)
    return None


def _added(signs: Signs, refused: tuple[Place, ...]) -> Finding | None:
    """IPv6 came to the name or the network, and an IPv6 address refuses or IPv4 alone is open."""
    said = signs.first("six_added", "one_family")
    six = next((dial.sign for dial in refused if _is_six(dial)), None)
    instead = signs.first("four_works") if six is not None else None
    said = said or instead
    if said is None or signs.has("dial_missing", "dial_denied"):
        return None
    six = six or next((s for s in signs.of("dependency_away") if _SIX_REFUSED.search(s.line)), None)
    if six is not None:
        says = (
            "an IPv6 address is dialled and refuses: the name has one of each family, the app listens on IPv4"
        )
        return _told.likely(_NAME, 84, says, _RESTART, six, said, next_check=_CHECK)
    fours = (p for p in _dialling.listeners(signs) if _four_alone(signs, p.port))
    four = next(fours, None) if said.kind == "six_added" and not signs.has(*_ELSE) else None
    if four is not None and _AAAA.search(said.line):
        says = f"the name has an IPv6 address, and the app listens on {four.text} alone"
        return _told.likely(_NAME, 78, says, _RESTART, said, four.sign, next_check=_CHECK)
    return None


_SIX_REFUSED = re.compile(r"ECONNREFUSED \[?(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{4,45}\b")
_AAAA = re.compile(r"\bAAAA\b.{0,80}[0-9a-f]{1,4}:[0-9a-f:]{2,}")
_ELSE = (
    *("dial_refused", "dial_timeout", "dial_no_route", "answer_timeout", "answer_closed", "answer_reset"),
    *("name_unresolved", "name_at_start", "crashed", "exited"),
)


def _by_name(signs: Signs, refused: tuple[Place, ...]) -> Finding | None:
    """The dialled name stands for both families, and by IPv4 the port answers."""
    for dial in refused:
        own = [s for s in signs.of("resolves") if s["name"] == dial.host] if dial.is_name else []
        six = next((s for s in own if ":" in s["address"]), None)
        four = _answers(signs, {s["address"] for s in own if ":" not in s["address"]}, dial.port)
        if six is not None and four is not None:
            says = f"{dial.host} is an IPv6 address too and refuses; by IPv4 its port answers"
            return _told.likely(_NAME, 85, says, _RESTART, dial.sign, six, four, next_check=_CHECK)
    return None


def _answers(signs: Signs, addresses: set[str], port: int) -> Sign | None:
    for sign in signs.of("reached"):
        if sign["target"] in addresses and sign["port"] == str(port):
            return sign
    for sign in signs.of("answers"):
        asked = _dialling.place(sign["target"], sign, "http")
        if asked is not None and asked.host in addresses and asked.port == port:
            return sign
    return None


def _by_node(signs: Signs, refused: tuple[Place, ...]) -> Finding | None:
    """Node dials `localhost` as ::1 first, and the app says that it listens on 127.0.0.1."""
    for dial in refused:
        if dial.host != "localhost" or dial.sign["proxy"] != "node":
            continue
        same = _dialling.on_port(signs, dial.port)
        four = next((one for one in same if one.is_loopback and one.family == 4), None)
        if four is not None and not any(one.family == 6 or one.host in ("", "localhost") for one in same):
            says = f"Node dials {dial.text}, which is ::1 first; the app listens on {four.text}"
            return _told.likely(_NAME, 84, says, _RESTART, dial.sign, four.sign, next_check=_CHECK)
    return None
