"""Excerpts of compose files and Dockerfiles, also cut ones.

Source: docs.docker.com "Compose file reference" (services: ports, expose, networks, network_mode);
"Dockerfile reference" (EXPOSE, CMD).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "compose_service": "a service of a compose file, or what `docker run` makes; "
    "fields: name, alias, image, mode, networks",
    "found_by_label": "a container tells a generated proxy that it is to be reached; fields: what",
    "network_joined": "a network that several projects join, by name or by command; fields: name",
    "port_setting": "a setting by which an app is told its port; fields: port, name",
    "proxy_setting": "a setting by which a generated proxy finds a container; fields: name, port",
}
_BIND = r"(?:--bind[= ]|-b |--host[= ]|--hostname[= ]|-H )\W{0,3}(?P<address>\[?[\w.:]*?\]?)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "listening",
        r"(?:CMD|ENTRYPOINT|command:|entrypoint:|ExecStart=|exec ).{0,160}?(?:--bind[= ]|-b "
        r"|--listen[= ])[\"', ]{0,4}"
        r"(?P<address>\[[^\]]*\]|[\d.]+|localhost):(?P<port>\d+)",
        "bind",
        "-b ",
        "--listen",
        inside="app",
    ),
    says(
        "listening",
        r"(?:CMD|ENTRYPOINT|command:|entrypoint:).{0,160}?runserver[\"', ]{0,4}(?P<address>[\d.]+"
        r"|localhost):(?P<port>\d+)",
        "runserver",
        inside="app",
    ),
    says(
        "listening",
        r"(?:CMD|ENTRYPOINT|command:|entrypoint:|ExecStart=|exec ).{0,160}?--host[= \"',]{1,5}"
        r"(?P<address>[\d.]+|localhost)"
        r".{0,60}?--port[= \"',]{1,5}(?P<port>\d+)",
        "--host",
        inside="app",
    ),
    says(
        "found_by_label",
        r"(?P<what>\btraefik\.(?:enable|frontend|http\.routers|backend)\b|\bVIRTUAL_HOST\b|\bcaddy(?:_\d+)?[:=])",
        "traefik.",
        "virtual_host",
        "caddy",
    ),
    says(
        "network_joined",
        r"^\s+external:(?: true)?\s*$|\bdocker network connect (?:-\S{1,40} ){0,4}(?P<name>[\w.-]+)",
        "external:",
        "network connect",
    ),
    says("proxy_setting", r"VIRTUAL_PORT['\"]?\s*[=:]\s*['\"]?(?P<port>\d+)", "virtual_port"),
    says(
        "proxy_setting",
        r"traefik\.(?:http\.services\."
        r"(?P<name>[\w-]+)\.loadbalancer\.server\.)?port['\"]?\s*[=:]\s*['\"]?(?P<port>\d+)",
        "traefik.",
    ),
)

_KEY = re.compile(r"\A(?P<indent>\s*)(?P<key>[\w.-]+):\s*(?P<value>.*?)\s*\Z")
_ITEM = re.compile(r"\A(?P<indent>\s*)- *(?P<value>.+?)\s*\Z")
_OF_SERVICE = {
    *("image", "build", "ports", "expose", "networks", "depends_on", "links", "network_mode", "command"),
    *(
        "environment",
        "volumes",
        "restart",
        "container_name",
        "env_file",
        "healthcheck",
        "entrypoint",
        "labels",
    ),
}
_PUBLISHED = re.compile(
    r"\A(?:(?P<address>[\d.]+|\[[^\]]+\]):)?(?P<host>\d+)(?:-\d+)?:(?P<port>\d+)(?:-\d+)?(?:/\w+)?\Z"
)


@dataclass(kw_only=True)
class _Service:
    name: str
    line: str
    indent: int
    alias: str = ""
    image: str = ""
    mode: str = ""
    networks: list[str] = field(default_factory=list)
    ports: list[tuple[str, str]] = field(default_factory=list)
    keys: int = 0

    def signs(self) -> Iterator[Sign]:
        fields = {"image": self.image, "mode": self.mode, "networks": " ".join(self.networks)}
        named = {"name": self.name, "alias": self.alias}
        yield Sign(kind="compose_service", line=self.line, fields=named | fields)
        for line, port in self.ports:
            yield from _port(named, line, port)


def _port(named: dict[str, str], line: str, port: str) -> Iterator[Sign]:
    found = _PUBLISHED.match(port)
    if found:
        place = {"address": found["address"] or "", "host_port": found["host"], "port": found["port"]}
        yield Sign(kind="published", line=line, fields=named | place)
    elif port.isdigit():
        yield Sign(kind="serves_port", line=line, fields=named | {"port": port})


def _services(piece: Piece) -> Iterator[Sign]:
    """Services with what they publish and which networks they join; cut files are read too."""
    if not _looks_like_compose(piece.text):
        return
    service: _Service | None = None
    parent: tuple[int, str, str] | None = None  # a key without value: it may be a service
    under, at, child = "", 0, 0  # the key of a list or map, its indent, and that of the map's own keys
    for line in piece.text.split("\n"):
        key, item = _KEY.match(line), _ITEM.match(line)
        if item and service and not child:
            _take(service, under, item["value"].strip("'\" "), line.strip())
        elif key:
            indent = len(key["indent"])
            if service and indent <= service.indent:
                yield from service.signs() if service.keys else ()
                service = None
            if service is None and key["key"] in _OF_SERVICE and parent and parent[0] < indent:
                service = _Service(name=parent[1], line=parent[2], indent=parent[0])
            if service and key["key"] in _OF_SERVICE:
                under, at, child = key["key"], indent, 0
                service.keys += 1
                _value(service, under, key["value"].strip("'\" "), line.strip())
            elif service and indent <= at:
                under, child = "", 0
            elif service and under == "networks" and not key["value"] and indent == (child or indent):
                child = indent  # what stands deeper is a network's own: aliases, addresses
                service.networks.append(key["key"])
            if not key["value"] and (service is None or key["key"] not in _OF_SERVICE) and service is None:
                parent = (indent, key["key"], line.strip())
    if service and service.keys:
        yield from service.signs()


def _cut_ports(piece: Piece) -> Iterator[Sign]:
    """The `ports:` of a service whose head was left out."""
    if "ports:" not in piece.text or _looks_like_compose(piece.text):
        return
    is_within = False
    for line in piece.text.split("\n"):
        if key := _KEY.match(line):
            is_within = key["key"] == "ports"
        elif is_within and (item := _ITEM.match(line)):
            yield from _port({}, line.strip(), item["value"].strip("'\" "))


def _looks_like_compose(text: str) -> bool:
    return ("image:" in text or "build:" in text or "services:" in text) and "apiVersion:" not in text


def _value(service: _Service, key: str, value: str, line: str) -> None:
    if key == "image":
        service.image = value
    elif key == "network_mode":
        service.mode = value
    elif key == "container_name":
        service.alias = value
    elif key in ("ports", "expose", "networks") and value.startswith("["):
        for one in value.strip("[]").split(","):
            _take(service, key, one.strip("'\" "), line)


def _take(service: _Service, key: str, value: str, line: str) -> None:
    if key in ("ports", "expose"):
        service.ports.append((line, value.partition(" #")[0].strip("'\" ")))
    elif key == "networks":
        service.networks.append(value)


_TOLD = re.compile(
    # Not which port a proxy is to dial, nor whence a client came.
    r"(?:^|[\s\"'{,(-])(?!(?:VIRTUAL_|traefik\.|client_|remote_|peer_))"
    r"(?P<name>(?:\w+[_.])?(?:PORT|listen_port|server\.port|http\.port|http_port))"
    r"['\"\])]*\s*[=:]>?\s*['\"]?(?P<port>\d{2,5})\b(?![:.\d])",
    re.IGNORECASE,
)
#: Beside these a plain `port: 80` is that of a service of Kubernetes, which the app is not told.
_OF_A_SERVICE = re.compile(
    r"\b(?:targetPort|nodePort|clusterIP)\b|^apiVersion:|^[ \t]*(?:service:|- name: \S+)[ \t]*\n[ \t]+port:"
    r"|^[ \t]+services:[ \t]*$",
    re.MULTILINE,
)


@given("port", _TOLD)
def _port_settings(piece: Piece) -> Iterator[Sign]:
    """Settings and variables that tell an app its port."""
    if "port" not in piece.text.lower():
        return
    is_of_service = _OF_A_SERVICE.search(piece.text) is not None
    for line in piece.text.split("\n"):
        found = _TOLD.search(line)
        if found and not (is_of_service and found["name"] == "port"):
            fields = {"name": found["name"], "port": found["port"]}
            yield Sign(kind="port_setting", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_services, _cut_ports, _port_settings)
