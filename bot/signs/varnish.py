"""Varnish's health of its backends: `varnishadm backend.list` and varnishlog's Backend_health.

Source: bin/varnishd/cache/cache_backend_cfg.c and cache_backend_probe.c: `Sick 0/8` up to 5, `0/8 sick` since
6; in 3 the name bears its address, `default(127.0.0.1,,8080)`; "Went sick", "Still sick" in the log;
bin/varnishd/mgt/mgt_child.c ("died signal=").
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

PATTERNS: tuple[Pattern, ...] = (
    # The child does the work; its master starts a new one at once, with an empty cache.
    says(
        "killed",
        r"varnishd?.{0,60}\bChild \(\d+\) died signal=(?P<signal>9)\b",
        "died signal=9",
        who="varnishd's child",
    ),
    says(
        "crashed",
        r"\bChild \(\d+\) (?:died signal=(?P<signal>6|11)\b|Panic )",
        "died signal=",
        ") panic ",
        who="varnishd's child",
    ),
)

_ROW = re.compile(
    r"^\s*(?P<name>[\w.-]{1,80}(?:\([^)]{0,60}\))?)\s+(?:\d+\s+)?(?:probe|auto|sick|healthy)\s+"
    r"(?:\d+/\d+\s+)?(?P<state>sick|healthy)\b",
    re.IGNORECASE,
)
_LOGGED = re.compile(
    r"\bBackend_health\s+-?\s*(?P<name>[\w.-]{1,80}) (?:Still|Went|Back) (?P<state>sick|healthy)\b"
)


@given("sick", (_LOGGED, _ROW))
def _health(piece: Piece) -> Iterator[Sign]:
    """Every backend's last state; where all are sick Varnish asks none of them."""
    last: dict[str, tuple[str, str]] = {}
    for line in piece.text.split("\n"):
        if found := _LOGGED.search(line) or _ROW.match(line):
            last[found["name"]] = found["state"].lower(), line.strip()
    if last and all(state == "sick" for state, _ in last.values()):
        (_, line), *_ = last.values()
        yield Sign(kind="no_live", line=line, fields={"proxy": "varnish"})


READERS: tuple[Reader, ...] = (_health,)
