"""Another proxy on the host: between nginx and the app, or in nginx's place.

What nginx dials is then no app, and its 503 tells of the servers behind it. The checklist asks those directly
too (step `behind`), so that rules about the app look at the app.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.parsers.http_probes import HttpProbes, Probe
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address

#: A process's or a unit's name -> the product.
_PRODUCTS = {
    "haproxy": "HAProxy",
    "apache2": "Apache",
    "httpd": "Apache",
    "caddy": "Caddy",
    "traefik": "Traefik",
    "envoy": "Envoy",
    "varnishd": "Varnish",
    "varnish": "Varnish",
    "lighttpd": "lighttpd",
    "nginx": "nginx",
}
_UNIT = re.compile(r"/(?P<name>[\w.-]{1,80}?)(?:@[^/]{0,80})?\.service(?:/|\Z)")


def holder(address: str, listeners: ListeningSockets | None) -> str | None:
    """The product that listens on an address, as far as `ss` says; None for any other."""
    place = _address.split(address)
    if place is None or listeners is None:
        return None
    for socket in listeners.on_port(place[1]):
        if not _address.takes(socket, place[0]):
            continue
        unit = _UNIT.search(socket.control_group)
        names = [*(name for name, _ in socket.processes), *([unit["name"]] if unit else [])]
        found = next((_PRODUCTS[name] for name in names if name in _PRODUCTS), None)
        if found:
            return found
    return None


def _program(address: str, listeners: ListeningSockets | None) -> str | None:
    """The name of whatever has an address, where `ss` may tell."""
    place = _address.split(address)
    sockets = listeners.on_port(place[1]) if listeners and place else ()
    return next((socket.processes[0][0] for socket in sockets if socket.processes), None)


def look_through(facts: dict[str, object]) -> None:
    """Name who answers in nginx's place; put the servers behind another proxy where the app is looked for.

    A proxy's own servers that are nginx are left out: what stands behind those is asked already.
    """
    listeners = facts.get("listeners")
    listeners = listeners if isinstance(listeners, ListeningSockets) else None
    nginx = facts.get("nginx_unit")
    front, upstreams, behind = (_probes(facts.get(step)) for step in ("front", "upstreams", "behind"))
    addresses = {probe.address for probe in (*front, *upstreams, *behind)}
    own = {address: holder(address, listeners) for address in addresses}
    if isinstance(nginx, UnitState) and not nginx.is_running:
        own |= {at: own[at] or _program(at, listeners) for at in {probe.address for probe in front}}
    if any(own[probe.address] not in (None, "nginx") for probe in front):
        facts["front"] = HttpProbes(probes=tuple(_named(probe, own) for probe in front))
    passing = {name for p in (*front, *upstreams) if (name := own[p.address]) not in (None, "nginx")}
    apps = tuple(p for p in behind if own[p.address] != "nginx" and product_of(p) in passing)
    if not apps:
        if front and not upstreams and not behind and not passing.isdisjoint(_programs(own)):
            facts["upstreams"] = HttpProbes(probes=front)  # the app itself has nginx's address
        return
    through = {product_of(p) for p in behind}
    kept = [p for p in upstreams if own[p.address] not in through]
    asked = {(p.address, p.path) for p in kept}
    facts["upstreams"] = HttpProbes(
        probes=(*kept, *(p for p in apps if (p.address, p.path) not in asked)),
    )


def _programs(own: Mapping[str, str | None]) -> frozenset[str]:
    """Names of those that listen and are no proxies."""
    return frozenset(name for name in own.values() if name) - frozenset(_PRODUCTS.values()) - {"docker-proxy"}


def product_of(probe: Probe) -> str:
    """`behind haproxy: …` -> HAProxy: who passes requests to the server that was asked."""
    name = probe.detail.removeprefix("behind ").partition(":")[0]
    return {"haproxy": "HAProxy", "apache": "Apache"}.get(name, name)


def dialler(address: str, upstreams: HttpProbes | None) -> str:
    """Who passes requests to an address: nginx, or the proxy that the checklist looked through."""
    probes = upstreams.probes if upstreams else ()
    through = (p for p in probes if p.address == address and p.detail.startswith("behind "))
    return next((product_of(p) for p in through), "nginx")


def in_nginx_place(front: HttpProbes | None) -> str | None:
    """The product that answers on nginx's address, where it is another."""
    return next((probe.by for probe in front.probes if probe.by), None) if front else None


def _named(probe: Probe, own: Mapping[str, str | None]) -> Probe:
    name = own[probe.address]
    return replace(probe, by=name) if name not in (None, "nginx") and name else probe


def _probes(fact: object) -> tuple[Probe, ...]:
    return fact.probes if isinstance(fact, HttpProbes) else ()
