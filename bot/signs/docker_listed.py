"""Containers listed, or asked for a field, by a command whose answer has no heading.

Source: docs.docker.com `docker ps --format`, `docker compose ps --format` (Go templates), `docker inspect
--format` (NetworkSettings.Networks.*.IPAddress), `docker port`, "Using profiles with Compose";
podman-ps(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "containers_listed": "containers were listed; fields: all (yes, with those that ended)",
    "profile": "a service of a compose file that only starts with a profile; fields: name, profile",
}
PATTERNS: tuple[Pattern, ...] = (
    # `docker port shop`, and its table in a web interface.
    says(
        "published",
        r"^\s*(?P<port>\d{2,5})/tcp(?: ->)?\s+(?P<address>\d{1,3}(?:\.\d{1,3}){3}|\[::\]):"
        r"(?P<host_port>\d{2,5})\s*$",
        "/tcp",
    ),
)

_LIST = re.compile(
    r"\A\s*(?:[^\s$#%>]{0,80}[$#%>] ?)?(?:sudo )?(?:docker|podman)(?:[- ]compose)?(?: -\S+(?: \S+)?){0,4}"
    r" (?:ps|container ls)\b(?P<how>.*)"
)
_ALL = re.compile(r"(?:\A|\s)(?:-\w*a\w*|--all)\b")
_ROW = re.compile(
    r"\A(?P<name>[a-zA-Z0-9][\w.-]{0,80})[\s,:|]+(?:\S{1,120}[\s,:|]+)?(?P<state>running|exited|restarting|created"
    r"|paused|dead|Up|Exited|Restarting|Created)\b(?: \((?P<code>\d{1,3})\))?"
)
_PROMPT = re.compile(r"\A\s*(?:\$|#|>|[\w.@~/:\[\]-]{1,60}[$#%>])\s*")
_STATE = {"running": "up"}


@given(_LIST)
def _listed(piece: Piece) -> Iterator[Sign]:
    """That containers were listed; and the rows, where a format took the heading away."""
    formatted = False
    for line in piece.text.split("\n"):
        command = _LIST.search(line)
        if command:
            formatted = "format" in command["how"] and "table" not in command["how"]
            fields = {"all": "yes" if _ALL.search(command["how"].partition("format")[0]) else ""}
            yield Sign(kind="containers_listed", line=line.strip(), fields=fields)
        elif not line.strip() or _PROMPT.match(line):
            formatted = False
        elif formatted and (row := _ROW.match(line.strip())):
            state = row["state"].lower()
            fields = {"name": row["name"], "state": _STATE.get(state, state), "code": row["code"] or ""}
            yield Sign(kind="container", line=line.strip(), fields=fields)


_INSPECTED = re.compile(
    r"\b(?:docker|podman)\b.{0,40}\binspect\b(?P<rest>.{0,400}(?:NetworkSettings|IPAddress).*)"
)
_WORD = re.compile(r"\A[a-zA-Z0-9][\w.-]*\Z")
_ADDRESS = re.compile(r"(?<![\d.])(?!0\.|127\.)(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?![\d./])")


@given(_INSPECTED)
def _inspected(piece: Piece) -> Iterator[Sign]:
    """`docker inspect shop | grep IPAddress`, or by a format, and the address below it."""
    name = ""
    for line in piece.text.split("\n"):
        command = _INSPECTED.search(line)
        if command:
            asked = re.sub(r"'[^']*'|\"[^\"]*\"|-\S+", " ", command["rest"]).partition("|")[0].split()
            names = [word for word in asked if _WORD.match(word)]
            name = names[0] if len(names) == 1 else ""  # of several, each row tells its own
        elif name and (found := _ADDRESS.search(line)) and "ateway" not in line:
            fields = {"name": name, "network": "", "address": found["address"]}
            yield Sign(kind="on_network", line=line.strip(), fields=fields)
        elif _PROMPT.match(line):
            name = ""


_SERVICE = re.compile(r"\A(?P<indent>[ \t]{1,8})(?P<name>[\w.-]{1,60}):\s*\Z")
_PROFILES = re.compile(r"\A(?P<indent>[ \t]{2,16})profiles:\s*(?P<given>\[[^\]]{1,80}\])?\s*\Z")


@given(_PROFILES)
def _profiles(piece: Piece) -> Iterator[Sign]:
    """The service above a `profiles:` key."""
    name, depth = "", 0
    for line in piece.text.split("\n"):
        service, profiles = _SERVICE.match(line), _PROFILES.match(line)
        if profiles and name and len(profiles["indent"]) > depth:
            given = (profiles["given"] or "").strip("[]").replace('"', "").replace("'", "")
            yield Sign(kind="profile", line=line.strip(), fields={"name": name, "profile": given})
        elif service and (not name or len(service["indent"]) <= depth):
            name, depth = service["name"], len(service["indent"])


READERS: tuple[Reader, ...] = (_listed, _inspected, _profiles)
