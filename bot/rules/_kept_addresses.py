"""An address that a proxy keeps, held against where its name leads now: a service's endpoints, containers."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _dialling


def not_among_endpoints(signs: Signs, dial: _dialling.Place) -> Sign | None:
    """The service that is dialled has pods in the same network as the address, and that is none of theirs.

    A service with an address of its own is dialled by that, which is no pod's.
    """
    names = {
        one.host.partition(".")[0]
        for one in _dialling.configured(signs)
        if one.is_name and one.port == dial.port
    }
    for sign in signs.of("endpoints"):
        hosts = {target.rpartition(":")[0] or target for target in sign["targets"].replace(",", " ").split()}
        is_cut = "more" in sign["targets"]
        if sign["service"] not in names or not hosts or is_cut or dial.host in hosts:
            continue
        if any(_network(host) == _network(dial.host) for host in hosts) and not _is_service(signs, dial):
            return sign
    return None


def _network(host: str) -> list[str]:
    """The half of an IPv4 address that pods of one cluster share."""
    return host.split(".")[:2]


def _is_service(signs: Signs, dial: _dialling.Place) -> bool:
    return any(sign["address"] == dial.host for sign in signs.of("service"))


def held_by_proxy(signs: Signs) -> tuple[Sign, Sign] | None:
    """A server's address in the proxy's own state, and the container of its name, which has another."""
    for held in signs.of("server_held"):
        names = {held["name"]} | {
            place.host for place in _dialling.configured(signs) if place.sign["name"] == held["name"]
        }
        known = [
            sign
            for sign in signs.of("on_network", "resolves")
            if sign["address"] and any(_dialling.is_of(name, sign["name"]) for name in names)
        ]
        if known and all(sign["address"] != held["address"] for sign in known):
            return held, known[0]
    return None


_UPSTREAM = re.compile(r"upstream: \"\w{3,8}://(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?[/\"]")


def of_another(signs: Signs) -> tuple[Sign, Sign, Sign] | None:
    """What answers has the address of another container, and the one that was made anew has a new address.

    The answer that shows it, who has the address now, and where the renewed one is.
    """
    renewed = [s["name"] for s in signs.of("container_renewed") if s["name"]]
    renewed += [place.host for place in _dialling.configured(signs) if place.is_name]
    known = [s for s in signs.of("resolves", "on_network") if s["address"] and s["name"]]
    for said in signs.of("script_unknown", "app_error", "status"):
        dialled = _UPSTREAM.search(said.line)
        holder = next((s for s in known if dialled and s["address"] == dialled["address"]), None)
        if holder is None or any(_dialling.is_of(name, holder["name"]) for name in renewed):
            continue
        now = next((s for s in known if any(_dialling.is_of(name, s["name"]) for name in renewed)), None)
        if now is not None and now["address"] != holder["address"]:
            return said, holder, now
    return None
