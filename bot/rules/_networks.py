"""Who is in which container network, and which two do not meet: over signs.

Source: docs.docker.com "Networking in Compose" (default network, external networks), "Container networks"
(`network_mode: service:`, which shares another container's networks).
"""

import re
from dataclasses import dataclass

from bot.model.sign import Sign, Signs
from bot.rules import _asked_names, _dialling


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two containers of which both networks are known; `is_asked` when one was seen to ask for the other."""

    proxy: Sign
    app: Sign
    is_apart: bool
    is_asked: bool


def pair(signs: Signs) -> Pair | None:
    """Who dials, and what it dials: the first two that share none, else the first two."""
    of: dict[str, Sign] = {}
    for sign in signs.of("compose_service", "on_network"):
        if sign["networks"] != "bridge":  # of a command: names are not known there
            of.setdefault(sign["name"], sign)
    known = [sign for sign in of.values() if sign["name"] and nets(signs, sign)]
    found = _asked_pairs(signs, known, of) or _only_two(known)
    pairs = [
        Pair(proxy=one, app=two, is_apart=not nets(signs, one) & nets(signs, two), is_asked=is_asked)
        for one, two, is_asked in found
    ]
    return next((one for one in pairs if one.is_apart), None) or next(iter(pairs), None)


def _asked_pairs(signs: Signs, known: list[Sign], of: dict[str, Sign]) -> list[tuple[Sign, Sign, bool]]:
    proxy = next((sign for sign in known if _dialling.is_proxy(sign)), None) or _only_joined(of)
    found = []
    for name, dial in _asked_names.asked_by_name(signs):
        asker = _asker(known, dial) or proxy
        apps = (s for s in known if s is not asker and _dialling.is_called(name, s))
        found += [(asker, app, True) for app in apps if asker is not None]
    hosts = {dial.host for dial in _dialling.dialled(signs)}
    for app in known:
        others = [one for one in known if one is not app]
        asker = proxy if proxy is not app and proxy else others[0] if len(others) == 1 else None
        if asker is not None and _addresses(signs, app) & hosts:
            found.append((asker, app, True))
    return found


def _addresses(signs: Signs, sign: Sign) -> set[str]:
    return {one["address"] for one in signs.of("on_network") if one["name"] == sign["name"]} - {""}


_PREFIX = re.compile(r"\A\s*(?P<name>[a-zA-Z][\w.-]{0,80})\s{1,20}\|")


def _asker(known: list[Sign], dial: Sign) -> Sign | None:
    """The container whose own log the line is of, by the name that compose puts before it."""
    prefix = _PREFIX.match(dial.line)
    return (
        next((s for s in known if _dialling.is_called(prefix["name"], s) or _is_of(s, prefix["name"])), None)
        if prefix
        else None
    )


def _is_of(sign: Sign, container: str) -> bool:
    return _dialling.is_of(sign["name"], container)


def _only_two(known: list[Sign]) -> list[tuple[Sign, Sign, bool]]:
    """Just these two were asked for their networks, and one of them is the proxy."""
    if len(known) != 2 or any(sign.kind != "on_network" for sign in known):
        return []
    proxy = next((sign for sign in known if _dialling.is_proxy(sign)), None)
    return [(proxy, known[1] if proxy is known[0] else known[0], False)] if proxy else []


def nets(signs: Signs, sign: Sign, depth: int = 2) -> set[str]:
    """The networks of a container or service; empty when they are not told."""
    same = [one for one in signs.of("compose_service", "on_network") if one["name"] == sign["name"]]
    found = {
        net
        for one in same
        for net in (set((one["networks"] or one["network"]).split()) or _by_default(signs, one))
    }
    lent = next((one["mode"].partition(":")[2] for one in same if one["mode"].startswith(_LENT)), "")
    if found or not lent or depth == 0:
        return found
    lender = next((one for one in signs.of("compose_service", "on_network") if one["name"] == lent), None)
    return nets(signs, lender, depth - 1) if lender is not None else set()


#: Another container's networks are used as one's own.
_LENT = ("service:", "container:")


def _by_default(signs: Signs, sign: Sign) -> set[str]:
    """Compose puts a service that names no networks into `default`; only a file that names some tells."""
    is_told = any(one["networks"] for one in signs.of("compose_service") if one.at[0] == sign.at[0])
    return {"default"} if sign.kind == "compose_service" and is_told and not sign["mode"] else set()


def _only_joined(of: dict[str, Sign]) -> Sign | None:
    """The one service that names networks: what is published joins the proxy's network."""
    joined = [sign for sign in of.values() if sign.kind == "compose_service" and sign["networks"]]
    return joined[0] if len(joined) == 1 else None


#: Proxies that dial what they find in Docker, without a file that names it.
FINDS = re.compile(r"(?:\A|/)(?:traefik|nginx-proxy|caddy-docker-proxy)\b")


def found_in_one(signs: Signs) -> Sign | None:
    """The only other service of a file in which a proxy finds containers by label shares its only network."""
    services = signs.of("compose_service")
    proxy = next((s for s in services if FINDS.search(s["image"])), None)
    others = [s for s in services if proxy is not None and s["name"] != proxy["name"]]
    if proxy is None or len(others) != 1 or not signs.has("found_by_label"):
        return None
    nets = others[0]["networks"].split()
    return others[0] if len(nets) == 1 and nets[0] in proxy["networks"].split() else None
