"""`nginx -T`, or its files in the same form: what nginx listens on and what it proxies to.

# configuration file /etc/nginx/sites-enabled/myapp:
upstream myapp { server 127.0.0.1:3000; }
server { listen 80 default_server; location / { proxy_pass http://myapp; proxy_read_timeout 3s; } }
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

_FILE = re.compile(r"# configuration file (?P<path>.+):\Z")
_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<mark>[;{}])|"""
    r"""(?P<word>(?:\$\{[^}]*\}|\\.|[^\s;{}\\])+)""",
    re.DOTALL,
)
_PASS = re.compile(r"(proxy|fastcgi|uwsgi|scgi|grpc)_pass\Z")
_TIME = re.compile(r"(\d{1,9})(ms|s|m|h)?\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, kw_only=True)
class Directive:
    """One directive, where it stands, and the blocks around it, outermost first."""

    name: str
    arguments: tuple[str, ...]
    within: tuple[tuple[str, ...], ...]
    file: str
    #: Number of the `server` block it stands in, at whatever depth; None outside of any.
    server: int | None

    @property
    def text(self) -> str:
        """As it could be written on one line."""
        return " ".join((self.name, *self.arguments)) + ";"


@dataclass(frozen=True, kw_only=True)
class NginxConfig:
    """All directives of all files, in order."""

    directives: tuple[Directive, ...]

    def named(self, *names: str) -> tuple[Directive, ...]:
        """Directives of these names."""
        return tuple(directive for directive in self.directives if directive.name in names)

    @property
    def passes(self) -> tuple[Directive, ...]:
        """proxy_pass and its like."""
        return tuple(directive for directive in self.directives if _PASS.match(directive.name))

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Name of each `upstream` block -> addresses of its servers."""
        groups: dict[str, tuple[str, ...]] = {}
        for directive in self.named("server"):
            if directive.arguments and directive.within and directive.within[-1][:1] == ("upstream",):
                name = directive.within[-1][1]
                groups[name] = (*groups.get(name, ()), directive.arguments[0])
        return groups

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address nginx may dial, `host:port` or `unix:/path`, each once; variables left out."""
        found: dict[str, None] = {}
        groups = self.groups
        for directive in self.passes:
            for address in self.addresses_of(directive, groups):
                found[address] = None
        return tuple(found)

    def addresses_of(self, place: Directive, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """The same of one proxy_pass or its like; `groups` as of this configuration."""
        target = place.arguments[0] if place.arguments else ""
        scheme, _, rest = target.rpartition("://")
        name = rest if rest.startswith("unix:") else rest.split("/", 1)[0]
        if "$" in name or not name:
            return
        for address in groups.get(name, (name,)):
            if address.startswith("unix:"):
                yield "unix:" + address[5:].split(":", 1)[0]
            elif re.search(r":\d+\Z", address):
                yield address
            else:
                yield f"{address}:{443 if scheme in ('https', 'grpcs') else 80}"

    @property
    def worker_connections(self) -> int | None:
        """The `worker_connections` in force; None when not set."""
        values = [d.arguments[0] for d in self.named("worker_connections") if d.arguments]
        return int(values[-1]) if values and is_number(values[-1]) else None

    def seconds(self, name: str, default: float) -> float:
        """The shortest value of a time directive such as `proxy_read_timeout`, in seconds."""
        values = [_seconds(d.arguments[0]) for d in self.named(name) if d.arguments]
        return min((value for value in values if value is not None), default=default)


def nginx_config(output: CommandOutput) -> NginxConfig:
    """Directives in file order; text that is not nginx's syntax ends as odd directives, never as an error.

    Source: nginx(8) -T, ngx_conf_file.c.
    """
    directives: list[Directive] = []
    for number, (file, text) in enumerate(_files(output.stdout)):
        directives += _directives(text, file, first_block=1000 * number)
    return NginxConfig(directives=tuple(directives))


def _files(text: str) -> Iterator[tuple[str, str]]:
    file, lines = "", list[str]()
    for line in text.splitlines():
        heading = _FILE.match(line)
        if heading:
            yield file, "\n".join(lines)
            file, lines = heading["path"], []
        else:
            lines.append(line)
    yield file, "\n".join(lines)


def _directives(text: str, file: str, *, first_block: int) -> Iterator[Directive]:
    words: list[str] = []
    within: list[tuple[str, ...]] = []
    servers: list[int | None] = [None]
    opened = first_block
    for token in _TOKEN.finditer(text):
        if token["quoted"] is not None:
            words.append(token["quoted"][1:-1])
        elif token["word"]:
            words.append(token["word"])
        elif token["mark"] == ";" and words:
            yield Directive(
                name=words[0], arguments=tuple(words[1:]), within=tuple(within), file=file, server=servers[-1]
            )
            words = []
        elif token["mark"] == "{":
            opened += 1
            servers.append(opened if words[:1] == ["server"] else servers[-1])
            within.append(tuple(words))
            words = []
        elif token["mark"] == "}":
            words = []
            if within:
                within.pop()
                servers.pop()


def _seconds(text: str) -> float | None:
    found = _TIME.match(text)
    return int(found[1]) * _SECONDS[found[2] or "s"] if found else None
