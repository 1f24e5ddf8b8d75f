"""What is dialled, held against who listens where: over signs, for every rule that needs it."""

import ipaddress
import re

from bot.model.sign import Sign, Signs
from bot.rules._deeper import DEEPER, deeper, is_app_unit
from bot.rules._nets import is_container_address
from bot.rules._once import once
from bot.rules._place import Place, place

__all__ = [
    "DEEPER",
    "NEVER_APPS",
    "Place",
    "configured",
    "deeper",
    "dialled",
    "has_containers",
    "is_app_unit",
    "is_called",
    "is_container_address",
    "is_inside",
    "is_of",
    "is_on_host",
    "is_proxy",
    "is_written",
    "listeners",
    "mapped",
    "may_be_container",
    "on_port",
    "other_services",
    "place",
    "proxy_container",
    "refused",
    "takes",
]

#: Everybody's own programs; a listener of theirs is not the app behind a proxy.
_OTHERS = re.compile(
    r"\A(?:sshd|nginx|haproxy|apache2|httpd|traefik|caddy|envoy|systemd[\w-]*|master|exim4|postfix|mysqld"
    r"|mariadbd|postgres|redis-server|memcached|mongod|chronyd|ntpd|cupsd|rpcbind|dnsmasq|named|containerd"
    r"|docker[\w-]*|snapd|fail2ban-server|kubelet|kube-proxy|etcd|varnishd|init|rpc\.statd|avahi-daemon"
    r"|dhclient)\Z"
)
_DIRECTIVE = re.compile(r"\s*listen\s[^;]*;")
_MAIL = {25, 110, 143, 465, 587, 993, 995}
_STORES = {3306, 5432, 5672, 6379, 11211, 15672, 27017}
#: Stores, and what a runtime opens beside its app: debuggers, live reload.
NEVER_APPS = frozenset(_STORES | {9229, 5005, 35729, 24678, 5678})
_OTHER_PORTS = frozenset({22, 53, 68, 80, 111, 323, 443, 631, 2375, 2376, 6443} | _MAIL | _STORES)


def _places(signs: tuple[Sign, ...]) -> tuple[Place, ...]:
    found: dict[tuple[str, int], Place] = {}
    for sign in signs:
        one = place(sign["target"], sign, sign["protocol"])
        if one is not None:
            found.setdefault((one.host, one.port), one)
    return tuple(found.values())


@once
def refused(signs: Signs) -> tuple[Place, ...]:
    """Where a proxy was refused, each once; a store that an app misses is none."""
    by_app = (s for s in signs.of("dependency_away") if "refused" in f"{s['reason']} {s.line}".lower())
    apps = tuple(p.sign for s in by_app if (p := place(s["target"], s)) and p.port not in _STORES)
    found = _places((*signs.of("dial_refused"), *apps))
    return found or _unsaid(signs)


def _unsaid(signs: Signs) -> tuple[Place, ...]:
    """A line says that it was refused, and not where: HAProxy's by its server's name, else the only place."""
    servers = {s["target"].rpartition("/")[2] for s in signs.of("dial_refused") if "/" in s["target"]}
    named = _places(tuple(s for s in signs.of("dials") if s["name"] and s["name"] in servers))
    if named:
        return named
    is_unsaid = bool(signs.where("dial_refused", target="")) or bool(servers)
    places = configured(signs) if is_unsaid else ()
    return places if len(places) == 1 else ()


@once
def dialled(signs: Signs) -> tuple[Place, ...]:
    """Where a proxy dials: what its log says, else what its configuration says."""
    logged = _places(
        signs.of(
            "dial_refused", "dial_timeout", "dial_no_route", "dial_failed", "answer_closed", "answer_reset"
        )
    )
    return logged or _places(signs.of("dials"))


@once
def configured(signs: Signs) -> tuple[Place, ...]:
    """What the proxy's configuration dials."""
    return _places(signs.of("dials"))


def is_written(signs: Signs, dial: Place) -> bool:
    """A file or form names the very address that is dialled: no name was looked up for it."""
    return any(one.host == dial.host and one.port == dial.port for one in configured(signs))


@once
def listeners(signs: Signs) -> tuple[Place, ...]:
    """Where apps listen: tables of sockets, apps' own logs, commands; not the host's other programs."""
    found: dict[tuple[str, int], Place] = {}
    for sign in signs.of("listening", "started"):
        one = _listener(sign)
        if one is not None and not _is_others(sign, one.port):
            found.setdefault((one.host, one.port), one)
    return tuple(found.values())


def _listener(sign: Sign) -> Place | None:
    address, port = sign["address"].strip("[]"), sign["port"]
    if not port:
        return place(sign["address"], sign)
    if address.endswith(f":{port}"):
        address = address[: -len(port) - 1].strip("[]")
    address = address.partition("%")[0].removeprefix("::ffff:").lower()
    if not port.isdigit() or int(port) > 65535:
        return None
    return Place(
        host="::" if address == "*" and sign["inside"] != "app" else address, port=int(port), sign=sign
    )


def is_inside(one: Place) -> bool:
    """The app itself says it, or its container; a table of sockets without a prompt is the host's."""
    said, line = one.sign["inside"], one.sign.line
    is_told = said in ("app", "container") or _FIRST_PROCESS.search(line) is not None
    return is_told or (not said and "LISTEN" not in line.replace("Listen", ""))


#: Only a container has an app as its first process: `ss` writes pid=1, `netstat -p` 1/node.
_FIRST_PROCESS = re.compile(r"\bpid=1,|\s1/(?!systemd|init)[a-z]")


def _is_others(sign: Sign, port: int) -> bool:
    if _DIRECTIVE.match(sign.line):
        return True
    process = sign["process"].lower().strip('"')
    if process:
        return _OTHERS.match(process) is not None
    if port in NEVER_APPS:
        return True
    return port in _OTHER_PORTS and sign["inside"] not in ("app", "container")


def on_port(signs: Signs, port: int) -> tuple[Place, ...]:
    """Everybody who listens on a port, other programs too."""
    signs_of = (sign for sign in signs.of("listening", "started") if not _DIRECTIVE.match(sign.line))
    every = (one for sign in signs_of if (one := _listener(sign)) is not None)
    return tuple(one for one in every if one.port == port)


def takes(listener: Place, dial: Place) -> bool:
    """Whether a connection to `dial` gets to this listener; a name may be any address."""
    if listener.port != dial.port:
        return False
    if listener.is_any:
        return listener.host != "0.0.0.0" or dial.family != 6  # noqa: S104  # compared, not bound
    if dial.host == "localhost" or listener.host == "localhost":
        return listener.is_loopback and dial.is_loopback
    return dial.is_any or listener.host == dial.host


def is_of(name: str, container: str) -> bool:
    """Whether a dialled name means a container: `app` is `app`, `proj_app_1`, `proj-app-1`."""
    name, container = name.lower().strip("/"), container.lower().strip("/")
    return bool(name) and (name == container or name in re.split(r"[._-](?=\D)|[._-](?=\d+\Z)", container))


def is_called(name: str, sign: Sign) -> bool:
    """Whether a dialled name means the container of a sign, by its own name or its other one."""
    return is_of(name, sign["name"]) or (bool(sign["alias"]) and is_of(name, sign["alias"]))


def mapped(signs: Signs, dial: Place) -> Sign | None:
    """A published port that takes a dial from the host."""
    if dial.is_name:
        return None
    return next((sign for sign in signs.of("published") if sign["host_port"] == str(dial.port)), None)


_PROXIES = re.compile(
    r"(?:\A|[/_.-])(?:nginx|nginx-proxy|proxy|haproxy|traefik|caddy|httpd|apache2?|envoy|openresty|swag|https-portal"
    r"|npm|nginxproxymanager|letsencrypt|cloudflared|frpc?|inlets|ngrok|pangolin|newt|varnish|kong|apisix|webserver|web-server|reverse-?proxy|gateway|lb|loadbalancer|frontend-proxy)(?:[:_.@-]|\Z)"
)


def is_proxy(sign: Sign) -> bool:
    """Whether a container or compose service is the proxy, by its name or image."""
    return any(_PROXIES.search(sign[field].lower()) for field in ("name", "image") if sign[field])


@once
def proxy_container(signs: Signs) -> Sign | None:
    """What shows that the proxy itself runs in a container of its own; None when nothing does."""
    services = signs.of("compose_service", "container")
    own = next((sign for sign in services if is_proxy(sign) and sign["mode"] != "host"), None)
    is_shown = own is not None and (len(services) > 1 or own.kind == "compose_service")
    return own if is_shown else signs.first("proxy_in_container")


def other_services(signs: Signs) -> tuple[Sign, ...]:
    """Compose services and containers that are not the proxy."""
    return tuple(sign for sign in signs.of("compose_service", "container") if not is_proxy(sign))


#: Kinds that only containers, or what runs them, give.
_BOXES = (
    *("proxy_in_container", "compose_service", "container", "published", "serves_port"),
    *("pod", "endpoints", "on_network"),
)


@once
def has_containers(signs: Signs) -> Sign | None:
    """What shows that containers are in play at all."""
    shown = signs.first(*_BOXES)
    dials = (p.sign for p in dialled(signs) if p.is_service or is_container_address(p))
    return shown or _asked_of_docker(signs) or next(dials, None)


def _asked_of_docker(signs: Signs) -> Sign | None:
    """A name was asked of Docker's own name server, which only containers see."""
    return next((s for s in signs.of("name_unresolved", "name_at_start") if "127.0.0.11" in s.line), None)


def may_be_container(signs: Signs, dial: Place) -> bool:
    """A private address dialled by a proxy in a container is most often another container's."""
    if is_container_address(dial) or dial.is_service:
        return True
    try:
        address = ipaddress.ip_address(dial.host)
    except ValueError:
        return False
    return address.is_private and not address.is_loopback and signs.has("proxy_in_container")


_PID = re.compile(r"\] (?P<pid>\d+)#\d+:")


def is_on_host(sign: Sign) -> bool:
    """The proxy's line has a process number that no container has, and no container's prefix."""
    found = _PID.search(sign.line)
    return found is not None and int(found["pid"]) >= 1000 and "|" not in sign.line[: found.start()]
