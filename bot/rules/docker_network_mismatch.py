"""Proxy and app are in different container networks."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding, Line, RuledOut
from bot.rules import _asked_names, _dialling, _quote, _told


def docker_network_mismatch(signs: Signs) -> Finding | RuledOut | None:
    """Proxy and app share no container network, so the name does not resolve or the address is not reached.

    Why: compose or `docker inspect` shows both with networks that have nothing in common; or the proxy says
    that it finds no network or address for the container; or a running container's name does not resolve.
    Ruled out when: they share a network, or the app refuses (then it is reached).
    Mistaken when: the container was only just created, or its name is written wrongly.
    Mended by: joining one network on both sides (an external one across compose projects); for Traefik and
    nginx-proxy also naming it (traefik.docker.network).
    Not mended by: a restart of app or proxy, or links.
    Source: docs.docker.com "Networking in Compose", "Bridge network driver" (isolation); Traefik "Docker
    provider", network.
    """
    pair = _pair(signs)
    apart = pair if pair is not None and not _nets(signs, pair[0]) & _nets(signs, pair[1]) else None
    if apart is not None and _symptom(signs) is not None:
        names = " and ".join(f"{s['name']} ({s['networks'] or s['network']})" for s in apart)
        says = f"{names} share no network"
        return _told.confirmed(_NAME, 91, says, _RESTART, *apart, _symptom(signs))
    unknown = signs.first("network_unknown")
    # A generated proxy names each network it cannot use; one that it can use is enough.
    if unknown is not None and not signs.has("on_network"):
        says = "the proxy shares no network with the container, or the network has another name"
        return _told.likely(_NAME, 86, says, _RESTART, unknown, next_check=_CHECK)
    if pair is not None and apart is None and not signs.has("networks_told"):
        says = f"{pair[0]['name']} and {pair[1]['name']} share a network"
        line = Line(step=pair[1].source or "pasted", text=pair[1].line)
        return RuledOut(cause=_NAME, says=says, because=(line,))
    shared = _found_in_one(signs)
    if shared is not None and not signs.has("networks_told"):
        line = Line(step=shared.source or "pasted", text=shared.line)
        says = f"{shared['name']} is in no other network than one of the proxy that finds it"
        return RuledOut(cause=_NAME, says=says, because=(line,))
    return (
        _in_words(signs)
        or _unknown_to_proxy(signs)
        or _on_default_bridge(signs)
        or _in_host_network(signs)
        or _running_but_unknown(signs)
        or _of_two_projects(signs)
        or _silent(signs)
    )


_NAME = "docker_network_mismatch"
#: Pods of k3s, RKE2, flannel and Calico by default.
_PODS = ("10.42.", "10.244.")
_RESTART = _quote.useless("app", "it comes back in the same network")
_CHECK = "`docker inspect` of both containers: which networks have they in common?"


def _symptom(signs: Signs) -> Sign | None:
    return signs.first(
        "name_unresolved", "name_at_start", "dial_timeout", "dial_no_route", "no_live", "resolves_not"
    )


def _in_words(signs: Signs) -> Finding | None:
    """Somebody writes that they share no network, or that sharing one mended it."""
    said = signs.first("networks_told")
    if said is None or signs.has("dial_missing", "dial_denied"):
        return None
    says = "proxy and app are in networks of their own, as the report says"
    return _told.likely(_NAME, 89, says, _RESTART, said, _symptom(signs), next_check=_CHECK)


def _pair(signs: Signs) -> tuple[Sign, Sign] | None:
    """The proxy and what it dials, when of both the networks are known: the first pair that shares none."""
    of: dict[str, Sign] = {}
    for sign in signs.of("compose_service", "on_network"):
        if sign["networks"] != "bridge":  # of a command: `_on_default_bridge`
            of.setdefault(sign["name"], sign)
    known = [sign for sign in of.values() if _nets(signs, sign)]
    proxy = next((sign for sign in known if _dialling.is_proxy(sign)), None) or _only_joined(of)
    names = {name for name, _ in _asked_names.asked_by_name(signs)}
    pairs = [
        (proxy, sign)
        for sign in known
        if proxy and sign is not proxy and any(_dialling.is_called(name, sign) for name in names)
    ]
    apart = (pair for pair in pairs if not _nets(signs, pair[0]) & _nets(signs, pair[1]))
    return next(apart, None) or next(iter(pairs), None)


def _nets(signs: Signs, sign: Sign) -> set[str]:
    """The networks of a container or service; empty when they are not told."""
    same = (one for one in signs.of("compose_service", "on_network") if one["name"] == sign["name"])
    return {
        net
        for one in same
        for net in (set((one["networks"] or one["network"]).split()) or _by_default(signs, one))
    }


def _by_default(signs: Signs, sign: Sign) -> set[str]:
    """Compose puts a service that names no networks into `default`; only a file that names some tells."""
    is_told = any(one["networks"] for one in signs.of("compose_service") if one.at[0] == sign.at[0])
    return {"default"} if sign.kind == "compose_service" and is_told and not sign["mode"] else set()


def _only_joined(of: dict[str, Sign]) -> Sign | None:
    """The one service that names networks: what is published joins the proxy's network."""
    joined = [sign for sign in of.values() if sign.kind == "compose_service" and sign["networks"]]
    return joined[0] if len(joined) == 1 else None


def _unknown_to_proxy(signs: Signs) -> Finding | None:
    """Asked by hand inside the proxy's container, the app's name is not known."""
    asked = next(iter(signs.where("asked_from", where="proxy", result="unknown")), None)
    if asked is None or signs.has("pod", "service"):
        return None
    says = "the app's name is not known where the proxy is: they share no network"
    return _told.likely(_NAME, 82, says, _RESTART, asked, _symptom(signs), next_check=_CHECK)


def _on_default_bridge(signs: Signs) -> Finding | None:
    """Commands that name no network: the default bridge knows no names, so none can be dialled."""
    boxes = signs.where("compose_service", networks="bridge")
    if len(boxes) < 2 or signs.has("dial_refused", "answers") or any("--link" in s.line for s in boxes):
        return None  # a link writes the name into the other container's hosts file
    for name, dial in _asked_names.asked_by_name(signs):
        box = next((one for one in boxes if _dialling.is_called(name, one)), None)
        if box is not None:
            says = (
                f"{name} is dialled by name, and its container is in the default bridge, which knows no names"
            )
            return _told.likely(_NAME, 85, says, _RESTART, dial, box, next_check=_CHECK)
    return None


def _in_host_network(signs: Signs) -> Finding | None:
    """One of the two is in the host's network and the other in Docker's: names lead neither way."""
    asked = _asked_names.asked_by_name(signs)
    others = {s["name"]: s for s in signs.of("compose_service") if s["mode"] != "host"}
    for sign in _asked_names.in_host_network(signs):
        if _dialling.is_proxy(sign):
            named = next(
                (d for n, d in asked if any(_dialling.is_called(n, s) for s in others.values())), None
            )
        else:
            named = next((d for n, d in asked if _dialling.is_called(n, sign)), None)
        if named is not None:
            says = (
                f"{sign['name']} is in the host's network, the other side in Docker's: its name leads nowhere"
            )
            weight = 84 if _dialling.is_proxy(sign) else 72
            return _told.likely(_NAME, weight, says, _RESTART, sign, named, next_check=_CHECK)
    return None


def _running_but_unknown(signs: Signs) -> Finding | None:
    """The name does not resolve though a container of that name runs."""
    for said in signs.of("name_unresolved", "name_at_start"):
        name = said["name"].partition(":")[0]
        box = next((c for c in signs.where("container", state="up") if _dialling.is_called(name, c)), None)
        if box is not None:
            says = f"container {box['name']} runs, but its name is not known where the proxy is"
            return _told.likely(_NAME, 76, says, _RESTART, said, box, next_check=_CHECK)
    return None


def _of_two_projects(signs: Signs) -> Finding | None:
    """A proxy that finds containers by their labels is in one compose file, and the app in another one.

    Each project has its own default network; only one that both name is the same.
    """
    late = next((s for s in signs.of("status", "page") if s["status"].startswith("504")), None)
    late = late or signs.first("gateway_late", "dial_timeout")
    services = signs.of("compose_service")
    proxy = next((s for s in services if _FINDS.search(s["image"])), None)
    if late is None or proxy is None or proxy["mode"] == "host":
        return None
    if signs.has("sporadic", "network_joined", "slow_request", "answer_timeout"):
        return None
    at_home = {s["name"] for s in services if s.at[0] == proxy.at[0]}
    labelled = {s.at[0] for s in signs.of("found_by_label")} - {proxy.at[0]}
    apps = [s for s in services if s.at[0] in labelled and not s["mode"]]
    joined = set(proxy["networks"].split())
    if not apps or any(app["name"] in at_home or joined & set(app["networks"].split()) for app in apps):
        return None
    says = f"{proxy['name']} and {apps[0]['name']} are in compose files that name no network in common"
    return _told.likely(_NAME, 84, says, _RESTART, proxy, apps[0], late, next_check=_CHECK)


#: Proxies that dial what they find in Docker, without a file that names it.
_FINDS = re.compile(r"(?:\A|/)(?:traefik|nginx-proxy|caddy-docker-proxy)\b")


def _found_in_one(signs: Signs) -> Sign | None:
    """The only other service of a file in which a proxy finds containers by label shares its only network."""
    services = signs.of("compose_service")
    proxy = next((s for s in services if _FINDS.search(s["image"])), None)
    others = [s for s in services if proxy is not None and s["name"] != proxy["name"]]
    if proxy is None or len(others) != 1 or not signs.has("found_by_label") or _symptom(signs) is not None:
        return None
    nets = others[0]["networks"].split()
    return others[0] if len(nets) == 1 and nets[0] in proxy["networks"].split() else None


#: errno 60 and 65 are BSD's, where jails have no such networks.
_BSD = re.compile(r"\((?:60: Operation timed out|65: No route to host)\)")


def _silent(signs: Signs) -> Finding | None:
    """A container's address does not answer at all: bridges drop what comes from another one."""
    late = next(
        (s for s in signs.of("dial_timeout", "dial_no_route", "name_unresolved", "name_at_start")), None
    )
    if late is None or _BSD.search(late.line):
        return None
    dial = _dialling.place(late["target"], late)
    if dial is not None and dial.is_loopback:
        return None
    is_inside = dial is not None and _dialling.is_container_address(dial)
    if late["target"].startswith(_PODS) or signs.has("pod", "service", "in_cluster"):
        return None  # pods of a cluster share one network; a policy or the route is at fault
    if late.kind.startswith("dial") and not is_inside and not signs.has("proxy_in_container"):
        return None
    if late.kind.startswith("name") and _dialling.has_containers(signs) is None:
        return None
    says = "the proxy does not get to the container: maybe they share no network"
    weight = {"dial_timeout": 52, "dial_no_route": 22}.get(late.kind, 34)
    return _told.possible(_NAME, weight, says, _RESTART, late, next_check=_CHECK)
