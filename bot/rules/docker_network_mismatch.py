"""Proxy and app are in different container networks."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _quote, _told


def docker_network_mismatch(signs: Signs) -> Finding | None:
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
    apart = _apart(signs)
    if apart is not None:
        names = " and ".join(f"{s['name']} ({s['networks'] or s['network']})" for s in apart)
        says = f"{names} share no network"
        return _told.confirmed(_NAME, 91, says, _RESTART, *apart, _symptom(signs))
    unknown = signs.first("network_unknown")
    # A generated proxy names each network it cannot use; one that it can use is enough.
    if unknown is not None and not signs.has("on_network"):
        says = "the proxy shares no network with the container, or the network has another name"
        return _told.likely(_NAME, 86, says, _RESTART, unknown, next_check=_CHECK)
    return _in_words(signs) or _running_but_unknown(signs) or _silent(signs)


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


def _apart(signs: Signs) -> tuple[Sign, Sign] | None:
    """The proxy and what it dials, when both have networks and none in common."""
    if _symptom(signs) is None:
        return None
    nets: dict[str, set[str]] = {}
    of: dict[str, Sign] = {}
    for sign in signs.of("compose_service", "on_network"):
        joined = (sign["networks"] or sign["network"]).split()
        nets.setdefault(sign["name"], set()).update(joined or _by_default(signs, sign))
        of.setdefault(sign["name"], sign)
    proxy = next((name for name, sign in of.items() if nets[name] and _dialling.is_proxy(sign)), None)
    proxy = proxy or _only_joined(of)
    names = {
        s["name"].partition(":")[0] for s in signs.of("name_unresolved", "name_at_start", "resolves_not")
    }
    names |= {d.host for d in (*_dialling.dialled(signs), *_dialling.configured(signs)) if d.is_name}
    for name, sign in of.items():
        is_dialled = any(_dialling.is_of(dialled, name) for dialled in names)
        if proxy and name != proxy and is_dialled and nets[name] and not nets[name] & nets[proxy]:
            return of[proxy], sign
    return None


def _by_default(signs: Signs, sign: Sign) -> set[str]:
    """Compose puts a service that names no networks into `default`; only a file that names some tells."""
    is_told = any(one["networks"] for one in signs.of("compose_service") if one.at[0] == sign.at[0])
    return {"default"} if sign.kind == "compose_service" and is_told and not sign["mode"] else set()


def _only_joined(of: dict[str, Sign]) -> str | None:
    """The one service that names networks: what is published joins the proxy's network."""
    joined = [name for name, sign in of.items() if sign.kind == "compose_service" and sign["networks"]]
    return joined[0] if len(joined) == 1 else None


def _running_but_unknown(signs: Signs) -> Finding | None:
    """The name does not resolve though a container of that name runs."""
    for said in signs.of("name_unresolved", "name_at_start"):
        name = said["name"].partition(":")[0]
        box = next(
            (c for c in signs.where("container", state="up") if _dialling.is_of(name, c["name"])), None
        )
        if box is not None:
            says = f"container {box['name']} runs, but its name is not known where the proxy is"
            return _told.likely(_NAME, 76, says, _RESTART, said, box, next_check=_CHECK)
    return None


def _silent(signs: Signs) -> Finding | None:
    """A container's address does not answer at all: bridges drop what comes from another one."""
    late = next(
        (s for s in signs.of("dial_timeout", "dial_no_route", "name_unresolved", "name_at_start")), None
    )
    if late is None:
        return None
    dial = _dialling.place(late["target"], late)
    is_inside = dial is not None and _dialling.is_container_address(dial)
    if late["target"].startswith(_PODS):
        return None  # pods of a cluster share one network; a policy or the route is at fault
    if late.kind.startswith("dial") and not is_inside and not signs.has("proxy_in_container"):
        return None
    if late.kind.startswith("name") and _dialling.has_containers(signs) is None:
        return None
    says = "the proxy does not get to the container: maybe they share no network"
    weight = {"dial_timeout": 52, "dial_no_route": 22}.get(late.kind, 34)
    return _told.possible(_NAME, weight, says, _RESTART, late, next_check=_CHECK)
