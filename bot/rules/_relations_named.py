"""What a name that is dialled shows when it is held against the other pieces: its address, its container.

Source: ngx_http_upstream_module (names are resolved at start and reload); arp(7), nobody answers for the
address of a container that is gone; Docker's "Networking in Compose", each project has its own network.
"""

from bot.model.sign import Sign, Signs
from bot.rules import _dialling, _front
from bot.rules._dialling import Place

Shown = tuple[Sign, ...]
#: The address of Docker's own DNS.
_DOCKERS = "127.0.0.11"


def kept_while_renewed(signs: Signs) -> Shown:
    """nginx, in a container, finds nobody at an address it does not tell; the only name it dials resolves."""
    lost = next((s for s in signs.of("dial_no_route") if not s["target"] and _front.is_nginx(s)), None)
    if lost is None or not (signs.has("proxy_in_container") or any(_DOCKERS in s.line for s in signs.all)):
        return ()
    names = {place.host for place in _dialling.configured(signs) if place.is_name}
    now = next((s for s in signs.of("resolves") if s["address"] and s["name"] in names), None)
    return (lost, now) if now is not None and len(names) == 1 else ()


def other_than_group(signs: Signs) -> Shown:
    """A group names one server and `proxy_pass`, on the same port, another: nobody uses the group."""
    dials = signs.of("dials")
    values = " ".join(s["value"] for s in signs.of("conf"))
    for group in dials:
        server = _dialling.place(group["target"], group)
        if group["directive"] != "server" or not group["name"] or server is None or not server.is_service:
            continue
        passed = [(s, _dialling.place(s["target"], s)) for s in dials if s["directive"].endswith("_pass")]
        if group["name"] in values or any(one and one.host == group["name"] for _, one in passed):
            continue
        for sign, one in passed:
            if one and one.is_service and one.port == server.port and not _is_shown(signs, one):
                return (sign, group) if one.host != server.host else ()
    return ()


def _is_shown(signs: Signs, one: Place) -> bool:
    """A container or service of that name is there."""
    there = signs.of("compose_service", "container", "resolves", "service")
    return any(_dialling.is_called(one.host, s) or one.host == s["service"] for s in there)


def from_outside(signs: Signs) -> Shown:
    """A file dials an app by its service's name, and the app's compose file has no proxy and no networks."""
    services = signs.of("compose_service")
    if len({s["name"] for s in services}) != 1 or services[0]["networks"] or services[0]["mode"]:
        return ()
    app = services[0]
    if any(_dialling.is_proxy(s) for s in services):
        return ()
    for dial in _dialling.configured(signs):
        ports = {int(s["port"]) for s in signs.of("published") if s["port"].isdigit()}
        if dial.is_service and _dialling.is_called(dial.host, app) and dial.port in ports:
            return dial.sign, app
    return ()


def ended_with_error(signs: Signs) -> Shown:
    """A name does not resolve, and the container of that name has ended with an error of its own."""
    for said in signs.of("name_at_start", "name_unresolved"):
        host = said["name"].partition(":")[0]
        ends = (*signs.where("exited", who=host), *signs.where("container", name=host, state="exited"))
        bad = next((s for s in ends if s["code"] not in ("", "0", "137", "143")), None) if host else None
        if bad is not None:
            return bad, said
    return ()


def any_six(signs: Signs) -> Shown:
    """`[::]` is dialled, which leads to ::1, and nothing is seen to listen there."""
    for dial in _dialling.configured(signs):
        same = _dialling.on_port(signs, dial.port)
        if dial.host == "::" and not any(one.family == 6 for one in same):
            return (dial.sign,)
    return ()
