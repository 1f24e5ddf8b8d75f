"""Kubernetes manifests in YAML, whole or cut: services, ingresses and routes, labels and ports of workloads.

Read line by line and not as YAML: pasted excerpts begin in the middle and lose their indentation.
Source: kubernetes.io API reference (Service, Ingress, Deployment, ReplicationController, Pod); gateway-api
HTTPRoute `backendRefs`; Traefik IngressRoute `services`; Istio VirtualService is left out (`destination`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.model.sign import Piece, Sign

_KEY = re.compile(r"\A(?P<indent>[\s-]*)[\"']?(?P<key>[\w./-]+)[\"']?:[.,;]?(?:\s+(?P<value>.*?))?\s*\Z")
_FLOW = re.compile(r"\A(?P<indent>[\s-]*)\{(?P<inner>[^{}]*)\}\s*\Z")
_MARKS = ("servicePort", "targetPort", "containerPort", "apiVersion", "serviceName", "kind:", "backend:")
_OF_PORT = frozenset(
    {"port", "targetPort", "nodePort", "containerPort", "hostPort", "name", "protocol", "appProtocol"}
)
#: Kinds whose services are listed without a `backend`.
_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TLSRoute", "IngressRoute", "IngressRouteTCP"})
#: A value that says nothing: a typing error or a cut behind the colon.
_NOTHING = re.compile(r"\A[\W_]*\Z")


def manifests(piece: Piece) -> Iterator[Sign]:
    """Signs `service`, `ingress_backend`, `serves_port` and `pod_labels`."""
    if not any(mark in piece.text for mark in _MARKS):
        return
    reader = _Reader()
    for line in piece.text.split("\n"):
        if line.strip() == "---":
            yield from reader.end()
            reader = _Reader()
            continue
        for indent, key, value in _keys(line):
            yield from reader.key(key, value, indent, line.strip())
    yield from reader.end()


def _keys(line: str) -> Iterator[tuple[str, str, str]]:
    """Indentation (with its dash), key and bare value; several of a `{a: b, c: d}`."""
    flow = _FLOW.match(line)
    if flow:
        for at, pair in enumerate(flow["inner"].split(",")):
            key, _, value = pair.partition(":")
            indent = flow["indent"] if at == 0 else flow["indent"].replace("-", " ")
            yield indent, key.strip("'\" "), value.strip("'\" ")
        return
    found = _KEY.match(line)
    if found:
        yield found["indent"], found["key"], _bare(found["value"] or "")


def _bare(value: str) -> str:
    value = value.partition(" #")[0]
    return value.strip("'\" ,") if not value.startswith("{") else value.strip()


@dataclass
class _Reader:
    """Remembers the kind of object and what of it was already said."""

    kind: str = ""
    name: str = ""
    namespace: str = ""
    selector: str = ""
    is_backend: bool = False
    is_template: bool = False
    #: Within a list of ports, whose names are not the object's.
    is_ports: bool = False
    #: The name is that of a list's item, as an excerpt begins: not the service's, but its port's.
    is_item: bool = False
    #: Where the last port of a list stands, and what of it was said.
    entry: dict[str, str] = field(default_factory=dict)
    ports: list[dict[str, str]] = field(default_factory=list)
    backend: dict[str, str] = field(default_factory=dict)
    map: tuple[int, str, str, list[str]] | None = None

    def key(self, key: str, value: str, indent: str, line: str) -> Iterator[Sign]:
        """What one key adds."""
        yield from self._close_map(len(indent))
        if self.map is not None:
            self.map[3].append(f"{key}={value}")
            return
        if key not in _OF_PORT or ("-" in indent and self.entry):
            yield from self._close_entry()
        if key not in _OF_PORT:
            self.is_ports = key == "ports"
        if key == "kind" and not indent:
            yield from self.end()
            self.__init__(kind=value, is_template=value == "Pod")  # type: ignore[misc]  # the next object
        elif key in ("selector", "matchLabels", "labels"):
            yield from self._labels(key, value, indent, line)
        elif key in ("backend", "backendRefs") or (key == "services" and self.kind in _ROUTES):
            self.is_backend, self.backend = True, {}
        elif key == "template":
            self.is_template = True
        elif key == "namespace" and not self.namespace:
            self.namespace = value
        else:
            yield from self._named(key, value, line, is_item="-" in indent)

    def _named(self, key: str, value: str, line: str, *, is_item: bool) -> Iterator[Sign]:
        """Names and numbers: of the object, of a backend, of a port."""
        if key in ("serviceName", "servicePort"):
            self.backend["service" if key == "serviceName" else "port"] = value
            yield from self._send(line)
        elif self.is_backend and key in ("name", "number", "port") and value:
            what = (
                "port"
                if key != "name" or ("service" in self.backend and self.kind not in _ROUTES)
                else "service"
            )
            self.backend[what] = value
            yield from self._send(line)
        elif key == "name" and not self.name and not self.entry and not self.is_ports:
            self.name, self.is_item = value, is_item
        elif key in _OF_PORT and self.kind != "Ingress" and (value or self.entry):
            self.entry = {**self.entry, key: value}
            if key not in ("name", "protocol"):
                self.entry["line"] = line

    def _labels(self, key: str, value: str, indent: str, line: str) -> Iterator[Sign]:
        if value.startswith("{"):
            pairs = [pair.replace(":", "=", 1).replace(" ", "") for pair in value.strip("{}").split(",")]
            yield from self._mapped(key, line, [pair.replace('"', "").replace("'", "") for pair in pairs])
        elif _NOTHING.match(value):
            self.map = (len(indent), key, line, [])

    def _send(self, line: str) -> Iterator[Sign]:
        """A backend whose service and port are both known, in whichever order."""
        if "service" in self.backend and "port" in self.backend:
            yield Sign(
                kind="ingress_backend", line=line, fields={**self.backend, "namespace": self.namespace}
            )
            self.backend, self.is_backend = {}, self.kind in _ROUTES

    def _close_entry(self) -> Iterator[Sign]:
        """A port is said as a whole: a container's at once, a service's when its selector is known too."""
        entry, self.entry = self.entry, {}
        if "containerPort" in entry:
            fields = {"name": self.name, "port": entry["containerPort"], "label": entry.get("name", "")}
            yield Sign(kind="serves_port", line=entry["line"], fields=fields)
        elif self.kind in ("Service", "") and ("port" in entry or "targetPort" in entry):
            self.ports.append(entry)

    def _close_map(self, indent: int) -> Iterator[Sign]:
        if self.map is None or indent > self.map[0]:
            return
        _, key, line, pairs = self.map
        self.map = None
        yield from self._mapped(key, line, pairs)

    def _mapped(self, key: str, line: str, pairs: list[str]) -> Iterator[Sign]:
        labels = ",".join(pairs)
        if key == "selector" and self.kind == "Service":
            self.selector = labels
        elif key == "labels" and self.is_template and pairs:
            yield Sign(kind="pod_labels", line=line, fields={"name": self.name, "labels": labels})

    def end(self) -> Iterator[Sign]:
        """What the object's end makes certain."""
        yield from self._close_map(0)
        yield from self._close_entry()
        for port in self.ports:
            fields = {
                "service": "" if self.is_item else self.name,
                "namespace": self.namespace,
                "port": port.get("port", ""),
                "name": port.get("name", self.name if self.is_item else ""),
                "target_port": port.get("targetPort", ""),
                "node_port": port.get("nodePort", ""),
                "selector": self.selector,
            }
            yield Sign(kind="service", line=port["line"], fields=fields)
        self.ports = []
