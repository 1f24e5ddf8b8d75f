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


#: kubeadm's network of services by default, 10.96.0.0/12.
_IN_SERVICES = re.compile(r"10\.(?:9[6-9]|10\d|11[01])\.")


def service_now(signs: Signs, dial: _dialling.Place) -> Sign | None:
    """The only service on that port has another address; what is dialled is no pod behind it."""
    services = [s for s in signs.of("service") if s["address"] and s["port"] == str(dial.port)]
    if len(services) != 1:
        return None
    now, before = services[0]["address"].split("."), dial.host.split(".")
    is_of_services = len(now) == len(before) == 4 and now[:2] == before[:2]
    is_of_services = is_of_services or all(
        _IN_SERVICES.match(one) is not None for one in (dial.host, services[0]["address"])
    )
    return services[0] if is_of_services and now != before else None
