"""Proxy and app are in different container networks."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding, Line, RuledOut
from bot.rules import _asked_names, _dialling, _networks, _quote, _told


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
    pair = _networks.pair(signs)
    if pair is not None and pair.is_apart:
        judged = _apart(signs, pair)
        if judged is not None:
            return judged
    unknown = signs.first("network_unknown")
    # A generated proxy names each network it cannot use; one that it can use is enough.
    if unknown is not None and not signs.has("on_network"):
        says = "the proxy shares no network with the container, or the network has another name"
        return _told.likely(_NAME, 86, says, _RESTART, unknown, next_check=_CHECK)
    if pair is not None and pair.is_asked and not pair.is_apart and not signs.has("networks_told"):
        says = f"{pair.proxy['name']} and {pair.app['name']} share a network"
        line = Line(step=pair.app.source or "pasted", text=pair.app.line)
        return RuledOut(cause=_NAME, says=says, because=(line,))
    shared = _networks.found_in_one(signs) if _symptom(signs) is None else None
    if shared is not None and not signs.has("networks_told"):
        line = Line(step=shared.source or "pasted", text=shared.line)
        says = f"{shared['name']} is in no other network than one of the proxy that finds it"
        return RuledOut(cause=_NAME, says=says, because=(line,))
    return (
        _in_words(signs)
        or _closed(signs)
        or _unjoined(signs)
        or _in_the_lan(signs)
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


def _apart(signs: Signs, pair: _networks.Pair) -> Finding | None:
    """Both sides' networks are shown and have nothing in common."""
    symptom = _symptom(signs) or _said_to_be_late(signs)
    if symptom is None:
        missed = (dial for _, dial in _asked_names.asked_by_name(signs) if dial.kind == "dependency_away")
        symptom = next(missed, None)
    if symptom is None:
        return None
    sides = (pair.proxy, pair.app)
    names = " and ".join(f"{s['name']} ({s['networks'] or s['network'] or s['mode']})" for s in sides)
    says = f"{names} share no network"
    if pair.is_asked:
        return _told.confirmed(_NAME, 91, says, _RESTART, *sides, symptom)
    return _told.likely(_NAME, 88, says, _RESTART, *sides, symptom, next_check=_CHECK)


def _said_to_be_late(signs: Signs) -> Sign | None:
    late = next((s for s in signs.of("status", "page") if s["status"].startswith("504")), None)
    return late or signs.first("gateway_late", "not_reached")


def _closed(signs: Signs) -> Finding | None:
    """The engine itself refused to put the container into that network."""
    said = signs.first("network_closed")
    if said is None:
        return None
    says = f"{said['network']} takes no single containers: what was started without it is outside of it"
    return _told.likely(_NAME, 90, says, _RESTART, said, _symptom(signs), next_check=_CHECK)


def _unjoined(signs: Signs) -> Finding | None:
    """A compose file names a network of others and no service of it joins that one."""
    said = signs.first("network_unjoined")
    if said is None:
        return None
    own = [s for s in signs.of("compose_service") if s.at[0] == said.at[0]]
    asked = _asked_names.asked_by_name(signs)
    dial = next((dial for name, dial in asked if any(_dialling.is_called(name, s) for s in own)), None)
    symptom = dial or _said_to_be_late(signs) or signs.first("no_live")
    if symptom is None or symptom.kind in ("dial_refused", "answer_closed", "answer_reset"):
        return None
    says = f"the file declares network {said['name']}, but no service of it joins that network"
    return _told.likely(_NAME, 89, says, _RESTART, said, symptom, next_check=_CHECK)


def _in_the_lan(signs: Signs) -> Finding | None:
    """macvlan and ipvlan: the host and its bridges do not reach such a container, and everybody else does."""
    said = signs.first("network_apart")
    lost = signs.first("dial_timeout", "dial_no_route", "answers_not", "not_reached")
    if said is None or lost is None:
        return None
    says = "the container has its own address in the LAN, which its host and the host's bridges do not reach"
    return _told.likely(_NAME, 80, says, _RESTART, said, lost, next_check=_CHECK)


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
    if not boxes or signs.has("dial_refused", "answers") or any("--link" in s.line for s in boxes):
        return None  # a link writes the name into the other container's hosts file
    if len(boxes) < 2 and (signs.has("network_joined") or not signs.has("name_unresolved", "name_at_start")):
        return None  # of one alone the networks may be joined later; the look-up that fails tells
    for name, dial in _asked_names.asked_by_name(signs):
        box = next((one for one in boxes if _dialling.is_called(name, one)), None)
        if box is not None:
            says = (
                f"{name} is dialled by name, and its container is in the default bridge, which knows no names"
            )
            return _told.likely(_NAME, 89, says, _RESTART, dial, box, next_check=_CHECK)
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
    told = next((s for s in signs.of("host_network_told") if _dialling.is_proxy(s)), None)
    lost = next((s for s in signs.of("name_at_start", "name_unresolved") if "." not in s["name"]), None)
    if told is None or lost is None or signs.has("pod", "service"):
        return None
    says = f"{told['name']} was put into the host's network, where containers' names lead nowhere"
    return _told.likely(_NAME, 90, says, _RESTART, told, lost, next_check=_CHECK)


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
    late = _said_to_be_late(signs) or signs.first("dial_timeout")
    services = signs.of("compose_service")
    proxy = next((s for s in services if _networks.FINDS.search(s["image"])), None)
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
