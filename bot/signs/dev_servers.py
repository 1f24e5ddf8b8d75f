"""Development servers and notebooks that say they are up: which of them only their own container reaches.

They bind localhost unless told otherwise. Where a log is cut before the address it says so by what it is.

Source: Vite packages/vite/src/node/logger.ts printServerUrls ("Network: use --host to expose") and
server.host (localhost); Astro packages/astro/src/core/messages.ts serverStart; Jekyll
lib/jekyll/commands/serve.rb server_address; notebook/notebookapp.py and jupyter_server/serverapp.py
display_url (the host's own name, or "all ip addresses", where `ip` is every address; localhost by default).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "up_on_loopback": "a server is up that binds the loopback unless told otherwise; fields: app",
    "host_switch": "a switch that binds every address was tried, or mends it; fields: what",
}
_ADDRESS = r"https?://(?P<address>\[[0-9a-f:]+\]|[\w.-]+):(?P<port>\d{2,5})"
PATTERNS: tuple[Pattern, ...] = (
    says("listening", rf"┃ (?:Local|Network)\s+{_ADDRESS}", "┃ ", inside="app"),
    says("listening", rf"\bServer address: {_ADDRESS}", "server address: ", inside="app"),
    says(
        "host_switch",
        r"(?P<what>\b(?:tried|try|trying|add(?:ed|ing)?|pass(?:ed|ing)?|append(?:ed|ing)?|set(?:ting)?"
        r"|with)\b"
        r"(?: \w+){0,3} [`'\"]?(?:--host(?:[= ](?:0\.0\.0\.0|true|::))?(?![\w-])|--bind[= ]0\.0\.0\.0"
        r"|HOST=0\.0\.0\.0).{0,60}\b(?:(?:npm|yarn|pnpm|bun)(?: run)? (?:dev|start|serve)\b|vite\b|ng serve\b"
        r"|vue-cli-service\b|webpack\b|dev(?:elopment)? server\b|astro\b))",
        "--host",
        "--bind",
        "host=",
    ),
    says("up_on_loopback", r"\bNetwork:?\s+use `?--host`? to expose", "to expose", app="node"),
)
_UP: Mapping[str, re.Pattern[str]] = {
    "vite": re.compile(r"\bVITE v\d[\w.-]*\s+ready in \d"),
    "astro": re.compile(r"\bastro\s+v\d[\w.-]*\s+(?:ready|started) in \d"),
    "jupyter": re.compile(
        r"\b(?:Notebook|Server|Lab|Jupyter\w*)App\] .{0,40}(?:is running at|Serving notebooks from local dir)"
    ),
}
_SAYS_WHERE = re.compile(r"\bLocal:?\s+https?://|\bNetwork:?\s|--host\b|0\.0\.0\.0")
_OF_JUPYTER = re.compile(
    r"(?:\b(?:Notebook|Server|Lab|Jupyter\w*)App\]|\bor\b|^\s*(?:[\w.-]+\s+\| )?)\s.{0,60}?https?://"
    r"(?P<host>\[all ip addresses[^\]]*\]|\([^)]{1,80}\)|[\w.-]+):(?P<port>\d{2,5})/"
)


def _up(piece: Piece) -> Iterator[Sign]:
    """A server's line that it is up, where no line says on which address."""
    if not any(word in piece.text for word in ("VITE", "astro", "App]")):
        return
    jupyter = _UP["jupyter"].search(piece.text) is not None
    urls = (
        [found for line in piece.text.split("\n") if (found := _OF_JUPYTER.search(line))] if jupyter else []
    )
    if urls:
        yield _jupyter(urls)
        return
    if _SAYS_WHERE.search(piece.text):
        return
    for line in piece.text.split("\n"):
        app = next((name for name, words in _UP.items() if words.search(line)), "")
        if app:
            yield Sign(kind="up_on_loopback", line=line.strip(), fields={"app": app})
            return


def _jupyter(urls: list[re.Match[str]]) -> Sign:
    """With every address it names its host, or says so, beside 127.0.0.1."""
    is_local = all(found["host"] in ("localhost", "127.0.0.1") for found in urls)
    address = "127.0.0.1" if is_local else "0.0.0.0"  # noqa: S104  # read, not bound
    fields = {"address": address, "port": urls[0]["port"], "inside": "app", "process": "jupyter"}
    return Sign(kind="listening", line=urls[0].string.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_up,)
