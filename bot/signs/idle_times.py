"""Two idle times: how long an app keeps a connection open, and how long the proxy reuses it.

Source: RFC 9112 section 9.3.1; Node's http `server.keepAliveTimeout` (5 s), AWS "Application Load Balancers"
idle timeout (60 s), Google Cloud backend keep-alive (600 s), gunicorn `keepalive` (2 s), nginx
`keepalive_timeout` of an upstream (60 s), Apache `KeepAliveTimeout` (5 s).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "idle_shorter": "the app closes idle connections before the proxy stops reusing them; fields: app, proxy",
}
PATTERNS: tuple[Pattern, ...] = ()
_TIME = r"(?P<n>\d{1,4}(?:\.\d)?)\s?(?P<unit>ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?)?\b"
_APPS = re.compile(
    r"\b(?:keep[- ]?alive ?time-?out|keep-?alive|--keep-?alive(?:-timeout)?)\b"
    r"[^.\d]{0,40}?" + _TIME,
    re.IGNORECASE,
)
_PROXYS = re.compile(
    r"\b(?:idle[_ -]?time-?out|idle connection timeout|keepalive_timeout|upstream keep-?alive)\b[^.\d]{0,50}?"
    + _TIME,
    re.IGNORECASE,
)


def _seconds(found: re.Match[str]) -> float:
    unit = (found["unit"] or "s").lower()
    factor = 60.0 if unit == "m" or unit.startswith("min") else 0.001 if unit[:2] in ("ms", "mi") else 1.0
    return float(found["n"]) * factor


@given(_APPS, _PROXYS)
def _both(piece: Piece) -> Iterator[Sign]:
    """The app's time and the proxy's, where both are told and the app's is the shorter one."""
    lowered = piece.text.lower()
    if "idle" not in lowered and "keepalive_timeout" not in lowered:
        return
    app = next(iter(_APPS.finditer(piece.text)), None)
    proxy = next(
        (one for one in _PROXYS.finditer(piece.text) if app is None or one.start() != app.start()), None
    )
    if app is None or proxy is None or _seconds(app) >= _seconds(proxy):
        return
    start, end = piece.text.rfind("\n", 0, app.start()) + 1, piece.text.find("\n", app.end())
    line = piece.text[start : None if end < 0 else end].strip()
    fields = {"app": f"{_seconds(app):g}", "proxy": f"{_seconds(proxy):g}"}
    yield Sign(kind="idle_shorter", line=line, fields=fields)


READERS: tuple[Reader, ...] = (_both,)
