"""The app is told to bind the loopback of its container, or answers there alone, as two pieces show.

Settings are known by what their names say (HOST, BIND, ADDRESS, LISTEN), in an environment, a file or a
command; what an app connects to has such names too and is left out.

Source: docs.docker.com "Networking overview", kubernetes.io "Pods" (each has a loopback of its own);
docs.streamlit.io "config.toml" (server.address); metabase.com "Customizing Metabase Jetty Webserver".
"""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _quote, _told
from bot.rules._dialling import Place
from bot.rules._hinted import Hinted
from bot.rules._once import lines_of, lower_text, once
from bot.signs.words import folded

NAME = "bind_localhost_in_container"
RESTART = _quote.useless("app", "it would bind 127.0.0.1 again")
CHECK = "`ss -ltn` inside the app's container: 0.0.0.0 or 127.0.0.1?"


@once
def boxed(signs: Signs) -> Sign | None:
    """What shows, or says, that containers are in play, of whatever engine."""
    return _dialling.has_containers(signs) or signs.first("in_cluster") or _spoken_of(signs, _BOXES)


def _spoken_of(signs: Signs, words: Hinted) -> Sign | None:
    """A line with such a word, whether or not it was read otherwise."""
    if not words.search(signs.text, lower_text(signs)):
        return None
    line = next((one for one in lines_of(signs) if words.search(one, folded(one))), None)
    return Sign(kind="boxed", line=line) if line is not None else None


_BOXES = Hinted(
    re.compile(
        r"\b(?:docker|podman|LXCs?|LXD|incus|nspawn|machinectl|nomad|kubectl|containers?|pods?)\b",
        re.IGNORECASE,
    )
)


def told(signs: Signs) -> Finding | None:
    """Refused at the container's address, and bound to the loopback by a setting, a table or an answer."""
    return _asked_inside(signs) or _listens(signs) or _is_set(signs)


@once
def refusals(signs: Signs) -> tuple[Place, ...]:
    """Addresses beyond the loopback that refuse: a proxy, a probe, or somebody by hand."""
    asked = (
        place
        for sign in signs.of("answers_not")
        if "refused" in sign["reason"].lower() and (place := _dialling.place(sign["target"], sign, "http"))
    )
    every = (*_dialling.refused(signs), *asked)
    return tuple(one for one in every if not one.is_loopback and not one.is_any)


#: Docker's bridges and its name for them: the host itself.
_GATEWAYS = (".0.1", "host.docker.internal", "host.containers.internal")
_SYSTEMS = Hinted(re.compile(r"\b(?:LXCs?|LXD|incus|nspawn|machinectl|nomad|pct)\b", re.IGNORECASE))


def _asked_inside(signs: Signs) -> Finding | None:
    """Inside it answers on its loopback; at its address the same port refuses."""
    for well in signs.where("asked_from", where="app", result="well"):
        inside = _dialling.place(well["target"], well, "http")
        if inside is None or not inside.is_loopback:
            continue
        for dial in refusals(signs):
            if dial.port == inside.port or dial.sign["target"].count(":") == 0:
                says = f"inside its container the app answers on the loopback, and {dial.host} refuses"
                if _may_be_old(dial) and _BY_COMMAND.search(well.line):
                    return _told.possible(NAME, 58, says, RESTART, dial.sign, well, next_check=CHECK)
                return _told.likely(NAME, 88, says, RESTART, dial.sign, well, next_check=CHECK)
    return None


_BY_COMMAND = re.compile(r"\bexec\b|\battach\b|\brsh\b")


def _may_be_old(dial: Place) -> bool:
    """A proxy's address that nobody shows to be the container's: it may be one of before."""
    is_known = dial.is_name or _dialling.is_container_address(dial)
    return dial.sign.kind == "dial_refused" and not is_known


def _listens(signs: Signs) -> Finding | None:
    """A table of sockets with the loopback alone, and the same port refuses at another address."""
    if not refusals(signs):
        return None
    box = _spoken_of(signs, _SYSTEMS) or boxed(signs)
    for dial in refusals(signs) if box is not None else ():
        same = [one for one in _dialling.on_port(signs, dial.port) if one.host]
        if dial.host.endswith(_GATEWAYS) or not same or not all(one.is_loopback for one in same):
            continue
        # A table of sockets without more is the host's, unless a whole system is in the container.
        is_own = _dialling.is_inside(same[0]) or _dialling.is_container_address(dial)
        if is_own or _names_system(box):
            says = f"the app listens on {same[0].text} inside its container; {dial.text} refuses"
            return _told.likely(NAME, 90, says, RESTART, dial.sign, same[0].sign, box, next_check=CHECK)
    return None


def _names_system(box: Sign | None) -> bool:
    return box is not None and _SYSTEMS.search(box.line, folded(box.line)) is not None


def _is_set(signs: Signs) -> Finding | None:
    """The app's own setting binds the loopback, and its container's address refuses."""
    if not refusals(signs) or _dialling.deeper(signs) is not None:
        return None
    said = signs.first("bind_setting") or _setting(signs)
    if said is None or boxed(signs) is None:
        return None
    for dial in refusals(signs):
        other = [one for one in _dialling.on_port(signs, dial.port) if one.host and not one.is_loopback]
        if not other and said["port"] in ("", str(dial.port)):
            says = f"the app is told to bind {said['address']} inside its container; {dial.text} refuses"
            return _told.likely(NAME, 87, says, RESTART, dial.sign, said, next_check=CHECK)
    return None


_LOCAL = r"(?P<address>127\.0\.0\.1|localhost|\[?::1\]?)(?::(?P<port>\d{2,5}))?(?![\w.])"
_FAR = (
    r"(?!\w{0,40}(?:DB|DATABASE|REDIS|PG|MYSQL|MARIADB|MONGO|SMTP|MAIL|POSTGRES|AMQP|RABBIT|ELASTIC|SEARCH|CACHE"
    r"|QUEUE|KAFKA|REMOTE|UPSTREAM|BACKEND|PROXY|API_|VIRTUAL|ALLOWED|LDAP|STATSD|MEMCACHE|BROKER|OTEL))"
)
_SETTINGS = (
    re.compile(
        rf"(?:^|[\s\"'{{,;(-]){_FAR}(?:[A-Z][A-Z0-9_]{{0,40}}_)?(?:HOST|BIND|ADDR|ADDRESS|LISTEN|INTERFACE"
        rf"|HOSTNAME|BIND_ADDR(?:ESS)?|LISTEN_ADDR(?:ESS)?|BIND_IP|HTTP_ADDR)['\"]?\s?[=:]\s?['\"]?{_LOCAL}"
    ),
    re.compile(
        r"(?:^|[\s`'\"\[,])--?(?:server[.-])?(?:address|bind|bind-address|bind-addr|host|hostname|listen"
        rf"|listen-address|http-address|http\.host|interface|ip)(?:=|['\"]?,? ?['\"]?){_LOCAL}"
    ),
    re.compile(rf"\bserver\.address\s?[=:]\s?{_LOCAL}"),
    re.compile(
        r"\b(?:bind|listen|bound|binds|listens) (?:only )?(?:to|on) (?:the )?"
        r"(?P<address>loopback|localhost|lo\b|local network address)(?P<port>)",
        re.IGNORECASE,
    ),
)
_LONGEST = 600
#: One of these is in every line that sets or tells it.
_LOOPBACKS = ("127.", "localhost", "::1", "loopback", " lo", "local network")


def _setting(signs: Signs) -> Sign | None:
    """The first line that names the loopback as what the app is to bind."""
    lowered = lower_text(signs)
    if not any(word in lowered for word in _LOOPBACKS):
        return None
    for line in dict.fromkeys(lines_of(signs)):
        if not any(word in line.lower() for word in _LOOPBACKS):
            continue
        for setting in _SETTINGS:
            if len(line) < _LONGEST and (found := setting.search(line)):
                fields = {"address": found["address"], "port": found["port"] or ""}
                return Sign(kind="bind_setting", line=line.strip(), fields=fields)
    return None


def by_itself(signs: Signs) -> Finding | None:
    """What the app is, or how it is set, binds the loopback; nobody was seen to listen."""
    return _by_nature(signs) or _by_its_port(signs) or _by_setting(signs)


def _by_nature(signs: Signs) -> Finding | None:
    """A server that binds the loopback unless told otherwise is up, and its container's address refuses."""
    up = signs.first("up_on_loopback")
    if up is None or _dialling.deeper(signs) is not None:
        return None
    if any(_TOLD_WHERE.search(one) for one in lines_of(signs)):
        return None
    unbound = signs.first("no_port_bound")
    if unbound is not None:
        says = "the server is up on its own loopback, where the platform does not find it"
        return _told.likely(NAME, 78, says, RESTART, unbound, up, next_check=CHECK)
    for dial in _dialling.refused(signs):
        if dial.is_service or _dialling.is_container_address(dial):
            says = f"the server is up and binds the loopback by itself; {dial.text} refuses"
            return _told.likely(NAME, 79, says, RESTART, dial.sign, up, next_check=CHECK)
    return None


#: Programs that bind 127.0.0.1 by themselves, with their port: oauth2-proxy `http-address`, etcd
#: `listen-client-urls`, Vault `-dev-listen-address`, Consul `client_addr`, code-server `bind-addr`.
_LOOPBACK_PORTS = {4180: "oauth2", 2379: "etcd", 8200: "vault", 8500: "consul", 8080: "code-server"}


def _by_its_port(signs: Signs) -> Finding | None:
    """A container refuses on the port of a program that is spoken of and binds the loopback by itself."""
    if _dialling.deeper(signs) is not None or signs.has("container", "exited", "dns_kept", "address_moved"):
        return None
    known = [dial for dial in _dialling.refused(signs) if dial.port in _LOOPBACK_PORTS]
    lines = [line.lower() for line in lines_of(signs)] if known else []
    if any(_TOLD_WHERE.search(one) or "http_address" in one or "http-address" in one for one in lines):
        return None
    for dial in known:
        is_box = dial.is_service or _dialling.is_container_address(dial)
        if is_box and any(_LOOPBACK_PORTS[dial.port] in line for line in lines):
            says = f"{dial.text} refuses, and what has that port binds 127.0.0.1 unless it is told otherwise"
            return _told.possible(NAME, 58, says, RESTART, dial.sign, next_check=CHECK)
    return None


def _by_setting(signs: Signs) -> Finding | None:
    """A variable, as containers have, binds the app to the loopback; outside, a gateway fails."""
    told = signs.first("bind_set")
    if told is None or _dialling.deeper(signs) is not None or signs.has("unit", "dial_missing"):
        return None
    says = f"{told['name']} binds the app to {told['address']}: of its own container, where it runs in one"
    shown = _dialling.has_containers(signs)
    if shown is not None:
        return _told.likely(NAME, 78, says, RESTART, told, shown, next_check=CHECK)
    fails = next(iter(signs.of("page", "status")), None)
    if fails is None or any(dial.is_loopback for dial in _dialling.dialled(signs)):
        return None  # on one host with its proxy, the loopback is the right place
    if told["file"]:
        return _told.likely(NAME, 62, says, RESTART, told, fails, next_check=CHECK)
    return _told.possible(NAME, 60, says, RESTART, told, fails, next_check=CHECK)


#: A command or setting that names an address to bind.
_TOLD_WHERE = re.compile(
    r"--(?:host|ip|hostname)\b(?! to expose|`)|0\.0\.0\.0"
    r"|\b(?:host|ip)['\"]?\s?[:=]\s?(?:true\b|['\"](?:\*|::)?['\"])"
)
