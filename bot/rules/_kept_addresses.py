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
    names |= {sign["target"].partition(".")[0] for sign in signs.of("no_live") if sign["target"]}
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


def pod_now(signs: Signs, dial: _dialling.Place, names: set[str]) -> Sign | None:
    """The pods that the dialled name means are ready, and none has the address that is dialled."""
    shown = [s for s in signs.of("pod") if s["address"]]
    if dial.is_name or any(s["address"] == dial.host for s in shown):
        return None
    ours = (s for s in shown if s["ready"] == "1/1" and any(_is_pod_of(name, s) for name in names))
    return next(ours, None)


def _is_pod_of(name: str, pod: Sign) -> bool:
    """A pod is called after its workload: `backend-7f7c6b9d5c-v9tsl`."""
    return pod["name"].removeprefix("pod/").startswith(f"{name.partition('.')[0]}-")


def told_now(signs: Signs, host: str) -> Sign | None:
    """A sentence tells the address of a name, and it is not the one that is dialled."""
    said = signs.of("name_now")
    if not said or any(_is_same(sign["address"], host) for sign in said):
        return None
    return next((sign for sign in said if not sign["address"].startswith(".")), None)


def _is_same(told: str, host: str) -> bool:
    """The last parts of an address may stand for all of it."""
    return host == told or (told.startswith(".") and host.endswith(told))


def told_both(signs: Signs) -> Sign | None:
    """One sentence has both: what the proxy's log dials, and what the name leads to."""
    return next((s for s in signs.of("name_now") if s["dialled"] and told_now(signs, s["dialled"])), None)


def reached_by_name(signs: Signs) -> Sign | None:
    """Asked by its name where the proxy runs, the app answers."""
    is_host = signs.has("address_moved") and not signs.has("proxy_in_container")
    for sign in signs.where("asked_from", result="well"):
        if sign["where"] != "proxy" and not (is_host and sign["where"] == "host"):
            continue
        one = _dialling.place(sign["target"], sign)
        if one is not None and one.is_name and not one.is_loopback:
            return sign
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


def same_by_hand(signs: Signs, dial: _dialling.Place) -> Sign | None:
    """Looked up by hand, one name was asked and it leads to the address that is dialled."""
    seen = signs.of("resolves")
    is_one = len({sign["name"] for sign in seen if sign["name"]}) == 1
    return next((s for s in seen if is_one and s["address"] == dial.host), None)


def looked_up(signs: Signs, dial: _dialling.Place, names: set[str]) -> Sign | None:
    """One name alone was looked up by hand, and none of its addresses is the one that is dialled."""
    found = [s for s in signs.of("resolves") if s["address"]]
    is_one = len({s["name"] for s in found}) == 1 and not names
    if not is_one or dial.is_name or dial.is_loopback or any(s["address"] == dial.host for s in found):
        return None
    return found[0]
