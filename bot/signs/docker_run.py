"""`docker run` read as a command: which container it makes, of what image, in which network, on which ports.

What a compose file says in blocks a command says in options; both become the same signs. A command that names
no network puts its container into the default bridge, where containers do not know each other by name.

Source: docs.docker.com `docker container run` (options), "Bridge network driver" (the default bridge resolves
no names); podman-run(1); nerdctl's command reference.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_RUN = re.compile(r"\b(?:docker|podman|nerdctl)(?: container)? (?:run|create)\s+(?P<rest>.{1,2000})")
#: Options without a value; every other one takes the next word where it has no `=`.
_FLAGS = frozenset(
    {
        *(
            "--rm",
            "--detach",
            "--interactive",
            "--tty",
            "--init",
            "--privileged",
            "--publish-all",
            "--read-only",
        ),
        *("--no-healthcheck", "--oom-kill-disable", "--sig-proxy", "--quiet", "--replace"),
    }
)
_SHORT_FLAGS = re.compile(r"\A-[ditPq]{1,5}\Z")
_PUBLISHED = re.compile(
    r"\A(?:(?P<address>\d[\d.]+|\[[^\]]+\]):)?(?P<host>\d{1,5})(?:-\d+)?:(?P<port>\d{1,5})(?:-\d+)?(?:/\w+)?\Z"
)
#: An option by which a program is told where to listen, in the many names it has.
_BINDS = re.compile(
    r"\A--?(?!upstream|backend|server|remote|vault|redis|db|store)(?:\w{1,20}[_-])?(?:bind|listen|addr(?:ess)?)"
    r"(?:[_-]\w{1,20})?="
    r"(?P<address>127\.0\.0\.1|localhost|0\.0\.0\.0|\[::\]?)?:(?P<port>\d{2,5})\Z"
)
_IMAGE = re.compile(r"\A[a-z0-9][\w./:@-]*\Z")


@dataclass(kw_only=True)
class _Container:
    """What one command makes."""

    name: str = ""
    image: str = ""
    networks: list[str] = field(default_factory=list)
    #: The command's own words behind the image.
    words: tuple[str, ...] = ()
    ports: list[str] = field(default_factory=list)


def _commands(piece: Piece) -> Iterator[Sign]:
    """A `compose_service` with its published ports for every command that starts a container."""
    if " run " not in piece.text and " create " not in piece.text:
        return
    for line in piece.text.replace("\\\n", " ").split("\n"):
        command = _RUN.search(line)
        made = _made(_words(command["rest"])) if command else None
        if made is not None:
            yield from _signs(made, line.strip())


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that is cut off
        return text.split()


def _made(words: list[str]) -> _Container | None:
    """The container that a command's words describe; None when they end before the image."""
    made = _Container()
    rest = iter(words)
    for word in rest:
        if word in ("|", "&&", ";", ">"):
            return None
        if not word.startswith("-"):
            made.image = word
            made.words = tuple(rest)
            return made if _IMAGE.match(word) else None
        option, is_joined, value = word.partition("=")
        if word in _FLAGS or _SHORT_FLAGS.match(word):
            continue
        if not is_joined:
            value = word[2:] if not word.startswith("--") and len(word) > 2 else next(rest, "")
            option = word if word.startswith("--") else word[:2]
        _take(made, option, value)
    return None


def _take(made: _Container, option: str, value: str) -> None:
    if option == "--name":
        made.name = value
    elif option in ("--network", "--net"):
        made.networks.append(value)
    elif option in ("-p", "--publish"):
        made.ports.append(value)


def _signs(made: _Container, line: str) -> Iterator[Sign]:
    modes = [net for net in made.networks if net in ("host", "none") or net.startswith("container:")]
    joined = [net for net in made.networks if net not in modes]
    # Without --name Docker makes one up; it is never the image's.
    fields = {"name": made.name, "image": made.image, "mode": modes[0] if modes else ""}
    networks = " ".join(joined) or ("" if modes else "bridge")
    yield Sign(kind="compose_service", line=line, fields={**fields, "networks": networks})
    for port in made.ports:
        if found := _PUBLISHED.match(port):
            place = {"address": found["address"] or "", "host_port": found["host"], "port": found["port"]}
            yield Sign(kind="published", line=line, fields={"name": made.name, **place})
    for word in made.words if not modes else ():
        if found := _BINDS.match(word):
            place = {"address": found["address"], "port": found["port"], "inside": "container"}
            yield Sign(kind="listening", line=line, fields=place)


READERS: tuple[Reader, ...] = (_commands,)
