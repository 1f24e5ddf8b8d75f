"""One thing asked of a container by its path, and the answer below it.

Source: docs.docker.com `docker inspect` --format, and the State and NetworkSettings it shows;
podman-inspect(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_ASKED = re.compile(r"\b(?:docker|podman)\b.{0,80}\binspect\b.{0,160}\.State\.(?P<path>[\w.]{1,40})")
_NAME = re.compile(r"inspect\s+(?:-\S+\s+)?(?P<before>[a-zA-Z][\w.-]*)\s|(?P<after>[a-zA-Z][\w.-]*)\s*\Z")
_VALUE = re.compile(r"\A\W{0,3}(?P<value>[\w-]{1,40})\W{0,3}\Z")


@given(_ASKED)
def _states(piece: Piece) -> Iterator[Sign]:
    """`docker inspect --format '{{.State.OOMKilled}}' app` with `true` below."""
    asked: re.Match[str] | None = None
    for line in piece.text.split("\n"):
        value = _VALUE.match(line.strip())
        if asked and value:
            yield from _state(asked, value["value"].lower(), line.strip())
        if line.strip():
            asked = _ASKED.search(line)


def _state(asked: re.Match[str], value: str, line: str) -> Iterator[Sign]:
    found = _NAME.search(asked.string)
    name = (found["before"] or found["after"] or "") if found else ""
    line = f"{asked.string.strip()}: {line}"
    match asked["path"]:
        case "OOMKilled" if value == "true":
            yield Sign(kind="out_of_memory", line=line, fields={"who": name, "limit": "cgroup"})
        case "Running" if value == "false":
            yield Sign(kind="container", line=line, fields={"name": name, "state": "exited"})
        case "Status":
            state = {"running": "up"}.get(value, value)
            yield Sign(kind="container", line=line, fields={"name": name, "state": state})
        case "ExitCode" if value.isdigit() and value != "0":
            yield Sign(kind="exited", line=line, fields={"who": name, "code": value})
        case "Health.Status":
            yield Sign(kind="health", line=line, fields={"name": name, "state": value})
        case _:
            return


_ADDRESS_ASKED = re.compile(r"\b(?:docker|podman)\b.{0,60}\binspect\b.{0,200}\.IPAddress\b")
_ADDRESS = re.compile(r"\A\W{0,3}(?P<address>\d{1,3}(?:\.\d{1,3}){3})\W{0,3}\Z")
_FORMAT = re.compile(r"\s(?:-f|--format)[ =]?(?:'[^']*'|\"[^\"]*\"|\S+)")
_LAST = re.compile(r"\binspect\s+(?:-\S+\s+)*/?(?P<name>[a-zA-Z][\w.-]*)\s*(?:\Z|[|;&])")


@given(_ADDRESS_ASKED)
def _addresses(piece: Piece) -> Iterator[Sign]:
    """`docker inspect -f '{{.NetworkSettings.IPAddress}}' app` with an address below."""
    asked = ""
    for line in piece.text.split("\n"):
        value = _ADDRESS.match(line.strip())
        name = _LAST.search(_FORMAT.sub("", asked)) if asked and value else None
        if name and value:
            fields = {"name": name["name"], "address": value["address"]}
            yield Sign(kind="on_network", line=f"{asked}: {line.strip()}", fields=fields)
        if line.strip():
            asked = line.strip() if _ADDRESS_ASKED.search(line) else ""


READERS: tuple[Reader, ...] = (_states, _addresses)
