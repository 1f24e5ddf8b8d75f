"""Kubernetes objects as `kubectl` shows them: JSON, descriptions of pods and workloads, labels beside rows.

Source: kubernetes.io API reference; kubectl's describe.go (PodTemplate, Containers, Labels) and
`get --show-labels`, `-o json`, `-o jsonpath` (maps as JSON or as Go prints them: `map[app:web]`).
"""

import json
import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

#: Characters of JSON that are read: a list of many objects is no paste.
_MOST = 200_000
#: Objects of a list, and containers of a pod.
_MOST_OBJECTS = 50


def _json(piece: Piece) -> Iterator[Sign]:
    """Objects of `kubectl get … -o json`."""
    text = piece.text
    start, end = text.find("{\n"), text.rfind("\n}")
    if '"kind"' not in text or start < 0 or end < start or len(text) > _MOST:
        return
    try:
        whole = json.loads(text[start : end + 2])
    except (ValueError, RecursionError):
        return
    items = _list(whole.get("items")) if isinstance(whole, dict) and "items" in whole else [whole]
    for one in items[:_MOST_OBJECTS]:
        yield from _object(one)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _at(value: object, *path: str) -> object:
    """What stands under these keys; None where one is missing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: object, *path: str) -> str:
    found = _at(value, *path)
    return str(found) if isinstance(found, str | int) else ""


def _pairs(value: object) -> str:
    return ",".join(f"{key}={said}" for key, said in value.items()) if isinstance(value, dict) else ""


def _object(one: object) -> Iterator[Sign]:
    kind, name = _text(one, "kind"), _text(one, "metadata", "name")
    if kind == "Service":
        for port in _list(_at(one, "spec", "ports"))[:_MOST_OBJECTS]:
            fields = {
                "service": name,
                "namespace": _text(one, "metadata", "namespace"),
                "port": _text(port, "port"),
                "name": _text(port, "name"),
                "target_port": _text(port, "targetPort"),
                "node_port": _text(port, "nodePort"),
                "selector": _pairs(_at(one, "spec", "selector")),
            }
            yield Sign(kind="service", line=f'"targetPort": {fields["target_port"]}', fields=fields)
        return
    if kind == "Endpoints":
        sets = _list(_at(one, "subsets"))
        addresses = [a for s in sets for a in _list(_at(s, "addresses"))]
        targets = " ".join(_text(address, "ip") for address in addresses[:_MOST_OBJECTS])
        yield Sign(kind="endpoints", line=f'"name": "{name}"', fields={"service": name, "targets": targets})
        return
    template = one if kind == "Pod" else _at(one, "spec", "template")
    labels = _pairs(_at(template, "metadata", "labels"))
    if labels:
        yield Sign(kind="pod_labels", line='"labels": {', fields={"name": name, "labels": labels})
    for container in _list(_at(template, "spec", "containers"))[:_MOST_OBJECTS]:
        for port in _list(_at(container, "ports"))[:_MOST_OBJECTS]:
            said = _text(port, "containerPort")
            fields = {"name": name, "port": said, "label": _text(port, "name")}
            yield Sign(kind="serves_port", line=f'"containerPort": {said}', fields=fields)


_NAME = re.compile(r"\AName:\s+(?P<name>\S+)")
_LABELS = re.compile(r"\A\s*Labels:\s+(?P<pair>[\w./-]+=\S*)\s*\Z")
_MORE = re.compile(r"\A\s+(?P<pair>[\w./-]+=[\w.-]*)\s*\Z")
_PORTS = re.compile(r"\A\s+Ports?:\s+(?P<ports>\d+/(?:TCP|UDP)(?:,\s*\d+/(?:TCP|UDP))*)")


def _described(piece: Piece) -> Iterator[Sign]:
    """`kubectl describe pod` and of workloads: labels of the pods and ports of their containers."""
    if "Containers:" not in piece.text or "Labels:" not in piece.text:
        return
    name, is_open, is_inside = "", False, False
    labels: list[str] = []
    for line in piece.text.split("\n"):
        if found := _NAME.match(line):
            name, labels, is_open, is_inside = found["name"], [], False, False
        elif found := _LABELS.match(line):
            labels, is_open = [found["pair"]], True
        elif is_open and (found := _MORE.match(line)):
            labels.append(found["pair"])
        elif line.strip() == "Pod Template:":
            labels, is_open = [], False
        elif line.strip() == "Containers:" and labels:
            fields = {"name": name, "labels": ",".join(labels)}
            yield Sign(kind="pod_labels", line=labels[0], fields=fields)
            labels, is_open, is_inside = [], False, True
        elif is_inside and (found := _PORTS.match(line)):
            for port in re.findall(r"\d+(?=/)", found["ports"]):
                if port != "0":
                    yield Sign(kind="serves_port", line=line.strip(), fields={"name": name, "port": port})
        else:
            is_open = False


_ROW = re.compile(
    r"(?:\A|\s)(?:pod/)?(?P<name>[a-z0-9][\w.-]*)\s+\d+/\d+\s+[A-Z]\w+\s.{0,120}\s"
    r"(?P<labels>[\w./-]+=[\w.-]*(?:,[\w./-]+=[\w.-]*)*)\s*\Z"
)
_ASKED = re.compile(
    r"kubectl\s.{0,80}\bget\s(?:.{0,60}\s)?(?P<what>svc|services?|po|pods?|deploy\w*|rc|rs|sts|statefulsets?)[/\s]"
    r"+(?P<name>[a-z0-9][\w.-]*)?.{0,80}(?:jsonpath|go-template)\S*=.{0,80}\.(?P<field>selector|labels|matchLabels)"
)
_GIVEN = re.compile(r"(?:map\[(?P<go>[^\]]{1,400})\]|\{(?P<json>\"[^{}]{1,400})\})")


def _rows(piece: Piece) -> Iterator[Sign]:
    """`get pods --show-labels`, and one map that a jsonpath asked for."""
    asked: re.Match[str] | None = None
    for line in piece.text.split("\n"):
        row = _ROW.search(line) if "=" in line and "/" in line else None
        if row:
            fields = {"name": row["name"], "labels": row["labels"]}
            yield Sign(kind="pod_labels", line=line.strip(), fields=fields)
        given = _GIVEN.search(line) if asked and line.strip() else None
        if given and asked:
            yield _given(asked, given, line.strip())
        if line.strip():
            asked = _ASKED.search(line) if "kubectl" in line else None


def _given(asked: re.Match[str], given: re.Match[str], line: str) -> Sign:
    said = given["go"].split() if given["go"] else given["json"].replace('"', "").split(",")
    pairs = ",".join(pair.strip().replace(":", "=", 1) for pair in said)
    if asked["what"].startswith(("svc", "service")):
        return Sign(kind="service", line=line, fields={"service": asked["name"] or "", "selector": pairs})
    return Sign(kind="pod_labels", line=line, fields={"name": asked["name"] or "", "labels": pairs})


_DESCRIBED = re.compile(
    r"\A\s*(?P<key>Name|Selector|Port|TargetPort|NodePort|Endpoints|Labels):\s+(?P<value>.*?)\s*\Z"
)
_RULE = re.compile(r"\s(?P<service>(?!localhost:)[a-z][\w.-]*):(?P<port>[\w-]+) \((?P<targets>[^)]*)\)")


@given(("Endpoints", _RULE))
def _services_described(piece: Piece) -> Iterator[Sign]:
    """`kubectl describe svc` and `describe ingress`: port, target port, selector, endpoints."""
    said: dict[str, str] = {}
    for line in piece.text.split("\n"):
        row = _DESCRIBED.match(line)
        if row and row["key"] == "Name":
            said = {"service": row["value"]}
        elif row and row["key"] == "Endpoints":
            fields = {"service": said.get("service", ""), "targets": row["value"].replace("<none>", "")}
            yield Sign(kind="endpoints", line=line.strip(), fields=fields)
            yield Sign(kind="service", line=line.strip(), fields=_service_of(said))
        elif row:
            said[row["key"]] = row["value"]
        rule = _RULE.search(line)
        if rule and (":" in rule["targets"] or "none" in rule["targets"] or "error" in rule["targets"]):
            backend = {"service": rule["service"], "port": rule["port"]}
            yield Sign(kind="ingress_backend", line=line.strip(), fields=backend)
            if "none" in rule["targets"]:
                yield Sign(
                    kind="endpoints", line=line.strip(), fields={"service": rule["service"], "targets": ""}
                )


def _service_of(said: dict[str, str]) -> dict[str, str]:
    port = said.get("Port", "").split()
    target = said.get("TargetPort", "").partition("/")[0]
    return {
        "service": said.get("service", ""),
        "selector": said.get("Selector", ""),
        "port": port[-1].partition("/")[0] if port else "",
        "target_port": target,
    }


READERS: tuple[Reader, ...] = (_json, _described, _rows, _services_described)
