"""Proxies of development servers that were refused: they name the request, and the error follows below.

Source: vite packages/vite/src/node/server/middlewares/proxy.ts ("http proxy error: URL", earlier "http proxy
error at URL:" and "http proxy error:", "ws proxy error:", with the error's stack on the next lines); next.js
packages/next/src/server/lib/router-utils/proxy-request.ts ("Failed to proxy URL" and the error);
react-dev-utils WebpackDevServerUtils.js and Vue CLI prepareProxy.js ("Proxy error: Could not proxy request",
the code in brackets on the next line); http-proxy-middleware _handlers.ts ("Error occurred while proxying
request %s to %s [%s]"); node lib/internal/errors.js ("connect ECONNREFUSED address:port").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_PLACE = r"(?P<target>[\w.\[\]-]{1,100}:\d{2,5})"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "answer_reset",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} \[ECONNRESET\]",
        "[econnreset]",
        proxy="node",
    ),
    says(
        "dial_refused",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} \[ECONNREFUSED\]",
        "[econnrefused]",
        proxy="node",
    ),
    says(
        "answer_timeout",
        rf"\bproxying request \S{{1,200}} to (?P<protocol>https?)://{_PLACE}/?\S{{0,200}} "
        r"\[E(?:SOCKET)?TIMEDOUT\]",
        "timedout]",
        proxy="node",
    ),
    says(
        "proxy_in_container",
        r"\b(?:docker|podman)(?:[ -]compose)? logs (?:-\S{1,20} ){0,3}\W{0,3}[\w-]{0,30}"
        r"(?P<proxy>front-?_?end|web-?ui|webclient)",
        " logs ",
    ),
    # a name is set, and loopback is dialled all the same; a store's place is the app's affair
    says(
        "loopback_fails",
        r"^(?!.{0,400}\b(?:database|db|postgres\w*|mysql|mariadb|redis|mongo\w*|rabbit\w*)\b)"
        r"(?=.{0,300}\b(?:docker|podman|compose|container)).*\b(?:still|keeps?|always|actually)\b.{0,20}\b"
        r"(?:call|dial|request|prox[yi]|forward|connect|go|going|send|point|hit)\w*(?: \w+){0,3} \W{0,2}"
        r"(?:https?://)?(?P<target>127\.0\.0\.1|localhost):\d{2,5}\b",
        "127.0.0.1:",
        "localhost:",
    ),
)
_FAILED = re.compile(
    r"\b(?:http|ws) proxy error(?::| at )|\bFailed to proxy https?://|\bCould not proxy request "
)
_REFUSED = re.compile(r"\bconnect ECONNREFUSED (?P<target>(?:\[?[0-9a-f:]{2,39}\]?|[\w.-]{1,100}):\d{2,5})\b")
_CODE = re.compile(r"\(ECONNREFUSED\)")
_TO = re.compile(r" to (?:https?://)?(?P<target>[\w.\[\]:-]{3,100}?)/?\.?\s*\Z")
#: Lines below the proxy's own in which the error stands.
_NEAR = 4


@given(_FAILED)
def _refusals(piece: Piece) -> Iterator[Sign]:
    """Whom a development server's proxy dialled, by the error under its line."""
    if "ECONNREFUSED" not in piece.text:
        return
    rows = piece.text.split("\n")
    for at, row in enumerate(rows):
        if _FAILED.search(row) is None:
            continue
        to = _TO.search(row)
        for line in rows[at : at + _NEAR]:
            found = _REFUSED.search(line) or (to if _CODE.search(line) else None)
            if found is not None:
                fields = {"target": found["target"], "proxy": "node"}
                yield Sign(kind="dial_refused", line=line.strip(), fields=fields)
                break


READERS: tuple[Reader, ...] = (_refusals,)
