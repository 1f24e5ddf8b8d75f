"""Kubernetes manifests in YAML, whole or cut: services, ingresses, what containers serve.

Read line by line and not as YAML: pasted excerpts begin in the middle and lose their indentation.
Source: kubernetes.io API reference (Service, Ingress, Deployment).
"""

import re
from collections.abc import Iterator

from bot.model.sign import Piece, Sign

_KEY = re.compile(r"\A(?P<indent>[\s-]*)(?P<key>[\w./-]+):\s*(?P<value>.*?)\s*\Z")
_MARKS = ("servicePort", "targetPort", "containerPort", "apiVersion", "serviceName", "kind:", "backend:")


def manifests(piece: Piece) -> Iterator[Sign]:
    """Signs `service`, `ingress_backend`, `serves_port` and `pod_labels`."""
    if not any(mark in piece.text for mark in _MARKS):
        return
    reader = _Reader()
    for line in piece.text.split("\n"):
        yield from reader.line(line)
    yield from reader.end()


class _Reader:
    """Remembers the kind of object and what of it was already said."""

    def __init__(self) -> None:
        self.kind = ""
        self.name = ""
        self.said: dict[str, str] = {}
        self.map: tuple[int, str, str, list[str]] | None = None
        self.selector = ""
        self.is_backend = False
        self.is_template = False

    def line(self, line: str) -> Iterator[Sign]:
        if line.strip() == "---":
            yield from self.end()
            self.__init__()  # type: ignore[misc]  # a new document
            return
        found = _KEY.match(line)
        if not found:
            return
        key, value = found["key"], found["value"].partition(" #")[0].strip("'\" ")
        indent = len(found["indent"])
        yield from self._close_map(indent)
        if self.map is not None:
            self.map[3].append(f"{key}={value}")
            return
        yield from self._key(key, value, indent, line.strip())

    def _key(self, key: str, value: str, indent: int, line: str) -> Iterator[Sign]:
        if key == "kind" and indent == 0:
            yield from self.end()
            self.kind, self.name, self.selector = value, "", ""
            self.is_template = value == "Pod"
        elif key in ("selector", "matchLabels", "labels") and not value:
            self.map = (indent, key, line, [])
        elif key == "backend":
            self.is_backend = True
        elif key == "template":
            self.is_template = True
        elif key == "serviceName":
            self.said = {"service": value, "line": line}
        elif key == "servicePort":
            yield self._backend(value, line)
        elif key == "name" and (self.is_backend or self.kind == "Ingress"):
            self.said = {"service": value, "line": line}
        elif key == "name" and not self.name:
            self.name = value
        elif key == "containerPort":
            yield Sign(kind="serves_port", line=line, fields={"name": self.name, "port": value})
        elif key == "number" or (key == "port" and self.is_backend and value):
            yield self._backend(value, line)
        elif key in ("port", "targetPort", "nodePort") and self.kind in ("Service", ""):
            yield from self._port(key, value, line)

    def _backend(self, port: str, line: str) -> Sign:
        self.is_backend = False
        return Sign(
            kind="ingress_backend", line=line, fields={"service": self.said.get("service", ""), "port": port}
        )

    def _port(self, key: str, value: str, line: str) -> Iterator[Sign]:
        if key in self.said:
            yield from self._service()
        self.said = {**self.said, key: value, "line": line}

    def _service(self) -> Iterator[Sign]:
        if "port" in self.said or "targetPort" in self.said:
            fields = {
                "service": self.name,
                "port": self.said.get("port", ""),
                "target_port": self.said.get("targetPort", ""),
                "node_port": self.said.get("nodePort", ""),
                "selector": self.selector,
            }
            yield Sign(kind="service", line=self.said["line"], fields=fields)
        self.said = {}

    def _close_map(self, indent: int) -> Iterator[Sign]:
        if self.map is None or indent > self.map[0]:
            return
        _, key, line, pairs = self.map
        self.map = None
        labels = ",".join(pairs)
        if key == "selector" and self.kind == "Service":
            self.selector = labels
        elif key == "labels" and self.is_template and pairs:
            yield Sign(kind="pod_labels", line=line, fields={"name": self.name, "labels": labels})

    def end(self) -> Iterator[Sign]:
        yield from self._close_map(0)
        if self.kind in ("Service", ""):
            yield from self._service()
