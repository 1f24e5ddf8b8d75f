"""Orders to stop, as shells and Docker keep them: who ended by order did not fail, whatever its code.

Docker sends SIGTERM, and SIGKILL ten seconds later: a container that does not heed the first ends with 137.

Source: compose pkg/progress ("Container NAME  Stopped"), compose 1 parallel.py ("Stopping NAME ... done"),
compose up ("Gracefully stopping..."), moby daemon/stop.go ("failed to exit within"); bash(1) `history`.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says("stopped", r"^\W{0,6}Container (?P<who>[\w.-]{1,80})\s+Stopped\b", "container "),
    says("stopped", r"^\s*Stopping (?P<who>[\w.-]{1,80})\s+\.\.\. done", "stopping "),
    says(
        "stopped",
        r"\bContainer (?P<who>[0-9a-f]{12,64} )?failed to exit within \d{1,4} ?s(?:econds)? of signal \d",
        "failed to exit within",
    ),
)
_HISTORY = re.compile(r"\A\s*\d{1,6}\*?\s+(?:\d{4}-\d\d-\d\d[ T][\d:]{5,8}\s+)?(?:sudo )?(?P<what>[a-z].*)\Z")
_STOPS = re.compile(
    r"\A(?:systemctl(?: --\w+)? stop|(?:rc-)?service \S+ stop|supervisorctl stop|sv (?:stop|down)"
    r"|(?:docker|podman)(?:[ -]compose)?(?: -\S+(?: \S+)?){0,3}(?: container)? (?:stop|kill|down)"
    r"|pm2 (?:stop|delete))\b"
)
_STARTS = re.compile(r"\b(?:start|restart|up|run|enable --now)\b")


@given(_HISTORY, _STOPS)
def _in_history(piece: Piece) -> Iterator[Sign]:
    """The last order of a shell's history that stops something, unless a later one starts it."""
    stop: Sign | None = None
    for line in piece.text.split("\n"):
        order = _HISTORY.match(line)
        if order is None:
            continue
        if _STOPS.match(order["what"]):
            stop = Sign(kind="stopped_told", line=line.strip(), fields={"what": order["what"]})
        elif _STARTS.search(order["what"]):
            stop = None
    if stop is not None:
        yield stop


READERS: tuple[Reader, ...] = (_in_history,)
