"""nginx's server blocks read as blocks: what one answers by itself, and whether it dials itself.

Source: nginx's reference of ngx_http_rewrite_module `return`, ngx_http_core_module `listen`,
ngx_http_proxy_module `proxy_pass`; nginx-proxy's nginx.tmpl, which writes `return 500` and `return 503`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "answers_itself": "a server or location is told to answer with an error itself; fields: status, name",
    "dials_itself": "a server block dials the address and port it listens on; fields: target",
}
PATTERNS: tuple[Pattern, ...] = ()

_TOKEN = re.compile(
    r"(?P<open>[^;{}\n]{0,200})\{|(?P<close>\})|(?<![\w$.-])(?P<name>return|listen|server_name|proxy_pass)\s+"
    r"(?P<value>[^;{}]{1,300});"
)
_COMMENT = re.compile(r"(?:\A|(?<=\s))#.*")
_STATUS = re.compile(r"\A[\"']?(?P<status>50[0-4])\b")
_LISTEN = re.compile(r"\A(?P<address>\[[0-9a-f:]*\]|[\w.*-]*?)?:?(?P<port>\d{1,5})?(?=\s|\Z)")
_PASS = re.compile(
    r"\A(?P<scheme>https?)://(?P<host>\[::1\]|127\.\d+\.\d+\.\d+|localhost|0\.0\.0\.0)(?::(?P<port>\d+))?(?:/\S*)?\Z"
)
_OWN = ("", "*", "0.0.0.0", "[::]", "localhost", "127.0.0.1", "[::1]")  # noqa: S104  # compared, not bound
#: Places that answer for errors and for what nobody should ask.
_ASIDE = re.compile(
    r"location\s+(?:@|=\s*/\w*50x|[~^=*]*\s*\S*(?:\\\.|\.well-known|maintenance|error))|\bif\s*\("
)


@dataclass(kw_only=True)
class _Server:
    """What one server block says so far."""

    names: str = ""
    listens: list[tuple[str, str]] = field(default_factory=list)
    passes: list[tuple[str, str]] = field(default_factory=list)


def _blocks(piece: Piece) -> Iterator[Sign]:
    """Signs of every server block, also of one whose end is cut off."""
    if "server" not in piece.text or ("return" not in piece.text and "proxy_pass" not in piece.text):
        return
    stack: list[str] = []
    server: _Server | None = None
    for line in piece.text.split("\n"):
        for token in _TOKEN.finditer(_COMMENT.sub("", line)):
            if token["close"]:
                ended = stack.pop() if stack else ""
                if ended == "server" and server is not None:
                    yield from _loops(server)
                    server = None
            elif token["open"] is not None:
                stack.append(token["open"].strip())
                if stack[-1] == "server":
                    server = _Server()
            else:
                yield from _directive(token["name"], token["value"].strip(), stack, server, line.strip())
    if server is not None:
        yield from _loops(server)


def _directive(name: str, value: str, stack: list[str], server: _Server | None, line: str) -> Iterator[Sign]:
    if name == "return":
        status = _STATUS.match(value)
        if status and not any(_ASIDE.search(block) for block in stack):
            names = server.names if server else ""
            yield Sign(kind="answers_itself", line=line, fields={"status": status["status"], "name": names})
    elif server is None:
        return
    elif name == "server_name":
        server.names = value
    elif name == "listen" and (found := _LISTEN.match(value)):
        server.listens.append((found["address"] or "", found["port"] or "80"))
    elif name == "proxy_pass":
        server.passes.append((value, line))


def _loops(server: _Server) -> Iterator[Sign]:
    """A dial to a loopback address on a port that this very block listens on."""
    own = {port for address, port in server.listens if address in _OWN} or (
        set() if server.listens else {"80"}
    )
    for value, line in server.passes:
        found = _PASS.match(value)
        port = (found["port"] or ("443" if found["scheme"] == "https" else "80")) if found else ""
        if found and port in own:
            yield Sign(kind="dials_itself", line=line, fields={"target": f"{found['host']}:{port}"})


READERS: tuple[Reader, ...] = (_blocks,)
