"""An app that is told to bind the loopback, and one that was asked inside its own container or pod.

Source: docs.spring.io "Common Application Properties" (server.address); Vault "Server configuration"
(the start's list of listeners); kubernetes.io "kubectl exec" and "kubectl port-forward" (it enters the pod's
network namespace, so a loopback listener answers); machinectl(1), lxc-attach(1), pct(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "bind_setting": "a file has an app bind the loopback; fields: name, address",
}
_LOCAL = r"(?P<address>127\.0\.0\.1|localhost|\[?::1\]?)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "listening",
        rf"\bListener \d: tcp \(addr: \"{_LOCAL}:(?P<port>\d{{2,5}})\"",
        "listener ",
        inside="app",
        process="vault",
    ),
)

_INTO = (
    r"(?:\b(?:docker|podman|nerdctl|kubectl|oc|crictl|lxc|incus|pct|nomad alloc)\b.{0,40}"
    r"\b(?:exec|rsh|attach)\b"
    r"|\bcompose\b.{0,20}\bexec\b|\bport-forward\b|\bmachinectl shell\b|\blxc-attach\b)"
)
_ASKED = re.compile(
    _INTO + r".{0,120}\b(?:curl|wget|http)\b.{0,80}?(?P<target>(?:localhost|127\.0\.0\.1|\[::1\]):\d{2,5})",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\A\s*(?:\"?(?:ok|up|healthy|pong|true|alive|ready|success)\b|200\b|HTTP/[\d.]+ [23]\d\d|\{"
    r"|<!doctype|<html|hello|welcome)",
    re.IGNORECASE,
)


@given(_ASKED, _WELL)
def _inside(piece: Piece) -> Iterator[Sign]:
    """Asked on its loopback from inside, and what was printed below."""
    lines = piece.text.split("\n")
    for at, line in enumerate(lines[:-1]):
        found = _ASKED.search(line) if len(line) < 400 else None
        if found and _WELL.match(lines[at + 1]):
            fields = {"where": "app", "result": "well", "target": found["target"]}
            yield Sign(kind="asked_from", line=f"{line.strip()}: {lines[at + 1].strip()}", fields=fields)


_BLOCK = re.compile(
    r"^(?P<indent>[ \t]{0,8})server:[ \t]*\n(?P<block>(?:(?P=indent)[ \t]+\S.*\n?){1,12})", re.MULTILINE
)
_ADDRESS = re.compile(rf"^[ \t]+(?P<name>address|host):\s*['\"]?{_LOCAL}['\"]?\s*$", re.MULTILINE)


@given(_BLOCK, _ADDRESS)
def _server_block(piece: Piece) -> Iterator[Sign]:
    """Spring Boot's `server: address:` as YAML, and others' that look like it."""
    for block in _BLOCK.finditer(piece.text):
        if found := _ADDRESS.search(block["block"]):
            fields = {"name": f"server.{found['name']}", "address": found["address"]}
            yield Sign(kind="bind_setting", line=f"server: {found[0].strip()}", fields=fields)


READERS: tuple[Reader, ...] = (_inside, _server_block)
