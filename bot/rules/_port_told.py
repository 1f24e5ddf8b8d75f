"""Ports as texts tell them: dialled, published, served, named by an Ingress."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty
from bot.rules import _bound_inside, _dialling, _outer_port, _stray
from bot.rules._dialling import Place

#: Certainty, weight, sentence and the lines behind it.
Judged = tuple[Certainty, int, str, tuple[Sign, ...]]
#: Kubernetes' default range of node ports.
_NODE_PORTS = range(30000, 32768)


def elsewhere(signs: Signs) -> Judged | None:
    """The dialled port refuses, and the app listens on another."""
    found: list[Judged] = []
    for dial in _dialling.refused(signs):
        if any(_dialling.takes(one, dial) for one in _dialling.on_port(signs, dial.port)):
            return None
        judged = _own_host(dial) or _published(signs, dial) or _named(signs, dial) or _listened(signs, dial)
        found += [judged] if judged else []
    return min(found, key=lambda judged: (judged[0].rank, -judged[1]), default=None)


_HOST = re.compile(r"host: \"(?P<host>[\w.-]+|\[[0-9a-f:]+\]):(?P<port>\d+)\"")


def _own_host(dial: Place) -> Judged | None:
    """`$host` has no port: the proxy dials the host it was asked for, on another port."""
    asked = _HOST.search(dial.sign.line)
    if asked is None or asked["host"].strip("[]") != dial.host or int(asked["port"]) == dial.port:
        return None
    if dial.is_loopback and dial.port not in (80, 443):
        return None  # somebody asked the proxy on its own host, and the app's port is written
    says = f"asked for {asked['host']}:{asked['port']}, the proxy dials {dial.text}: the port was left out"
    return Certainty.LIKELY, 86, says, (dial.sign,)


def _published(signs: Signs, dial: Place) -> Judged | None:
    """`127.0.0.1:8080` is published to port 80 of a container in which the app listens on 3000."""
    port = _dialling.mapped(signs, dial)
    if port is None:
        return None
    inside = [one for one in _dialling.listeners(signs) if _dialling.is_inside(one)]
    if not inside or any(str(one.port) == port["port"] for one in inside):
        return None
    says = f"port {dial.port} is published to the container's {port['port']}; the app in it listens on"
    lines = (dial.sign, port, inside[0].sign)
    return Certainty.CONFIRMED, 92, f"{says} {inside[0].port}", lines


def _named(signs: Signs, dial: Place) -> Judged | None:
    """A container dialled by name serves another port; most often the published one was written."""
    if not dial.is_name:
        return _published_inside(signs, dial)
    if signs.where("service", service=dial.host.partition(".")[0], port=str(dial.port)):
        return None  # Kubernetes' service has ports of its own
    ours = [s for s in signs.of("published", "serves_port") if _dialling.is_called(dial.host, s)]
    ports = {s["port"] for s in ours}
    if not ours or str(dial.port) in ports:
        return None
    outer = next((s for s in ours if s["host_port"] == str(dial.port)), None)
    if outer is not None:
        says = f"{dial.text} is dialled in the network, but {dial.port} is only its port on the host"
        return Certainty.CONFIRMED, 93, f"{says}; the container serves {outer['port']}", (dial.sign, outer)
    says = f"{dial.text} is dialled; that container serves {', '.join(sorted(ports))}"
    return Certainty.LIKELY, 84, says, (dial.sign, ours[0])


def _published_inside(signs: Signs, dial: Place) -> Judged | None:
    """A container's address is dialled on the port that is only open on the host."""
    if not _dialling.is_container_address(dial):
        return None
    outer = next((s for s in signs.of("published") if s["host_port"] == str(dial.port)), None)
    if outer is None or outer["port"] == str(dial.port):
        return None
    says = f"{dial.text} is dialled, but {dial.port} is only the port on the host;"
    return Certainty.LIKELY, 87, f"{says} the container serves {outer['port']}", (dial.sign, outer)


def _listened(signs: Signs, dial: Place) -> Judged | None:
    own = [one for one in _dialling.listeners(signs) if one.port != dial.port]
    if not own or _dialling.on_port(signs, dial.port) or _dialling.mapped(signs, dial):
        return None
    said = f"{dial.text} is dialled and refuses; the app listens on {', '.join(one.text for one in own[:3])}"
    written = next((one for one in _dialling.configured(signs) if one.port == own[0].port), None)
    if written is not None and not _dialling.is_written(signs, dial) and written.sign["directive"] != "told":
        said = f"{said}; the configuration names that port, so it may not be in force"
        return Certainty.LIKELY, 62, said, (dial.sign, own[0].sign)
    sure = len(_dialling.refused(signs)) == 1 and len({one.port for one in own}) == 1
    sure = sure and not own[0].sign["meant"]
    lines = (dial.sign, own[0].sign)
    if _stray.listener(signs) is not None:
        return Certainty.LIKELY, 60, said, lines  # the files are right: they are only not in use
    if dial.is_loopback and _dialling.proxy_container(signs) is not None:
        # Who binds 127.0.0.1 is meant for a proxy beside it, also where both are in one container.
        is_beside = all(one.family == 4 and one.is_loopback for one in own)
        is_beside = is_beside and not _dialling.other_services(signs) and not signs.has("published")
        return Certainty.LIKELY, 82 if is_beside else 70, said, lines
    if not dial.is_loopback and all(one.is_loopback for one in own) and _bound_inside.boxed(signs):
        return Certainty.LIKELY, 70, said, lines  # a mapping may lead to that port, and nobody takes it there
    if _dialling.is_inside(own[0]) and dial.is_loopback and _dialling.has_containers(signs):
        return Certainty.LIKELY, 78, said, lines  # an unseen published port may lead from one to the other
    if _dialling.deeper(signs) is not None:
        return Certainty.LIKELY, 60, said, lines  # a piece of it may still be up
    return (Certainty.CONFIRMED, 92, said, lines) if sure else (Certainty.LIKELY, 84, said, lines)


def ingress(signs: Signs) -> Judged | None:
    """An Ingress names a port that its service does not have."""
    for backend in signs.of("ingress_backend"):
        port, own = backend["port"], _of_service(signs, backend["service"])
        known = {p for s in own for p in ((s["port"],) if port.isdigit() else (s["name"],)) if p}
        if known and port not in known:
            has = ", ".join(sorted(known))
            says = f"the Ingress sends to port {port} of service {backend['service']}, which has {has}"
            return Certainty.CONFIRMED, 93, says, (backend, own[0])
        ends = _targets(signs, backend["service"])
        if not own and port.isdigit() and int(port) in _NODE_PORTS and ends is not None:
            says = f"the Ingress names {port}, a node port, and not the service's own port"
            return Certainty.LIKELY, 88, says, (backend, ends)
    missing = next((s for s in signs.of("service_missing") if s["port"]), None)
    if missing is not None:
        return Certainty.LIKELY, 82, f"the service has no port {missing['port']}", (missing,)
    return None


def _of_service(signs: Signs, name: str) -> list[Sign]:
    return [s for s in signs.of("service") if s["service"] == name and s["port"]]


def _targets(signs: Signs, name: str) -> Sign | None:
    return next((s for s in signs.of("endpoints") if s["service"] == name and s["targets"]), None)


def generated(signs: Signs) -> Judged | None:
    """A proxy that finds containers by itself was told a wrong port, or none."""
    unknown = signs.first("port_unknown")
    if unknown is not None:
        return Certainty.LIKELY, 82, "the proxy was not told the container's port", (unknown,)
    for told in signs.of("proxy_setting"):
        serves = {p.port for p in _dialling.listeners(signs) if _dialling.is_inside(p)}
        if serves and told["port"].isdigit() and int(told["port"]) not in serves:
            says = f"the proxy is told port {told['port']}; the app listens on {min(serves)}"
            return Certainty.CONFIRMED, 90, says, (told,)
        if (outer := _outer_port.of(signs, told)) is not None:
            says = (
                f"the proxy is told port {told['port']} of the host; in its container it is {outer['port']}"
            )
            return Certainty.LIKELY, 86, says, (told, outer)
    unbound = signs.first("no_port_bound")
    # An app that prints http://localhost:PORT for people does not say which address it is bound to.
    shown = [p for p in _dialling.listeners(signs) if not p.is_loopback or p.host == "localhost"]
    reached = [p for p in shown if _dialling.is_inside(p)]
    if unbound is not None and reached and str(reached[0].port) != unbound["port"]:
        says = f"the platform does not find the app on the port it expects; it listens on {reached[0].text}"
        return Certainty.LIKELY, 88, says, (unbound, reached[0].sign)
    if unbound is not None and not any(one.is_loopback for one in _dialling.listeners(signs)):
        return Certainty.LIKELY, 66, "the platform does not find the app on the port it expects", (unbound,)
    return None


def set_otherwise(signs: Signs) -> Judged | None:
    """The app is told another port than the one that refuses, and none says that it listens there."""
    refused = _dialling.refused(signs)
    told = [s for s in signs.of("port_setting") if not _PROXY_SETTING.search(s["name"])]
    ports = {int(s["port"]) for s in told if int(s["port"]) not in _dialling.NEVER_APPS}
    if not refused or len(ports) != 1 or _dialling.listeners(signs) or signs.has("published", "serves_port"):
        return None
    dial, port = refused[0], next(iter(ports))
    if signs.has("no_endpoints"):
        return None  # the controller's placeholder was dialled
    if any(one.port == port for one in refused):
        return None
    says = f"{dial.text} is dialled and refuses; the app is told port {port}"
    return Certainty.LIKELY, 72, says, (dial.sign, told[0])


_PROXY_SETTING = re.compile(
    r"VIRTUAL|DB_|DATABASE|REDIS|PG|MYSQL|MONGO|SMTP|MAIL|POSTGRES|AMQP|SSH|ssl|https", re.I
)


def unpublished(signs: Signs) -> Judged | None:
    """A proxy on the host dials a container's inner port; outside it is open on another one."""
    refused = _dialling.refused(signs)
    for dial in refused or (() if _dialling.dialled(signs) != _dialling.configured(signs) else _fails(signs)):
        if _dialling.mapped(signs, dial) or not _is_host(signs, dial):
            continue
        inner = next((s for s in signs.of("published") if s["port"] == str(dial.port)), None)
        if inner is not None:
            says = f"{dial.text} is dialled on the host; the container's {inner['port']} is open there on"
            return Certainty.LIKELY, 86, f"{says} {inner['host_port']}", (dial.sign, inner)
        outer = [s for s in signs.of("published") if int(s["port"]) not in _dialling.NEVER_APPS]
        if len({s["host_port"] for s in outer}) == 1:
            says = (
                f"{dial.text} is dialled and refuses; the container is open on port {outer[0]['host_port']}"
            )
            return Certainty.LIKELY, 78, says, (dial.sign, outer[0])
    return None


def _fails(signs: Signs) -> tuple[Place, ...]:
    """What the files dial, when only the answer at the front is told."""
    return tuple(one for one in _dialling.configured(signs) if one.is_loopback)


def _is_host(signs: Signs, dial: Place) -> bool:
    """Whether the host's own address is dialled: its loopback by a proxy on it, or one of the LAN by any."""
    if dial.is_loopback:
        return _dialling.proxy_container(signs) is None
    return dial.family is not None and not _dialling.is_container_address(dial)


def answered(signs: Signs) -> Judged | None:
    """Asked on another port of the same host, the app answers."""
    for dial in _dialling.refused(signs):
        if dial.is_loopback and _dialling.mapped(signs, dial) and _dialling.proxy_container(signs):
            continue  # the host's port is right; the proxy asks its own container
        for sign in signs.of("answers"):
            asked = _dialling.place(sign["target"], sign, "http")
            if (
                asked
                and asked.port not in (dial.port, 80, 443)
                and (asked.is_loopback or asked.host == dial.host)
            ):
                says = f"{dial.text} is dialled and refuses; the app answers on {asked.text}"
                return Certainty.LIKELY, 84, says, (dial.sign, sign)
    return None


def configured(signs: Signs) -> Judged | None:
    """No log at all, but a file or form dials a container by name on a port that it does not serve."""
    named = (dial for dial in _dialling.configured(signs) if dial.is_name)
    judged = next((found for dial in named if (found := _named(signs, dial))), None)
    return (Certainty.LIKELY, 80, *judged[2:]) if judged and not _dialling.refused(signs) else None


def written(signs: Signs) -> Judged | None:
    """No log at all, but the configuration dials one port and the app says another."""
    dials, own = _dialling.configured(signs), _dialling.listeners(signs)
    if _dialling.refused(signs) or len({d.port for d in dials}) != 1 or len({o.port for o in own}) != 1:
        return None
    if dials[0].port == own[0].port or _dialling.mapped(signs, dials[0]):
        return None
    says = f"the configuration dials {dials[0].text}; the app listens on {own[0].text}"
    return Certainty.LIKELY, 76, says, (dials[0].sign, own[0].sign)
