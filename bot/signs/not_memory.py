"""Somebody looked, and memory is not it: the kernel killed nobody, most of the memory is free.

Source: docker stats (MEM USAGE / LIMIT), dmesg(1); common phrases of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "kills_denied": "somebody looked, and no kill for want of memory is there; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "kills_denied",
        r"(?P<what>\b(?:dmesg|kernel log|journalctl -k|syslog)\b.{0,20}\b(?:is|was|are|stays?|shows?|has"
        r"|says?|with) (?:\w+ )?(?:empty|clean|nothing|no (?:OOM|kills?|killer|entry|entries|line))"
        r"|\b(?:no|not an?|never an?|without) (?:sign of (?:an? )?)?OOM(?:[- ]?kill\w*)?\b.{0,20}"
        r"\b(?:dmesg|kernel|log|events?)|\bOOMKilled\W{1,4}false\b)",
        "dmesg",
        "kernel",
        "journalctl",
        "syslog",
        "oom",
    ),
)
_USED = re.compile(
    r"\b(?P<used>\d+(?:\.\d+)?) ?(?P<unit>[KMG])i?B? ?(?:/|of) ?"
    r"(?P<limit>\d+(?:\.\d+)?) ?(?P<most>[KMG])i?B\b"
)
_UNITS = {"K": 1, "M": 1024, "G": 1024 * 1024}
_WHOLE_TIME = re.compile(
    r"\b(?:whole|all) (?:the )?time\b|\bnever (?:more|above)\b|\bconstant|\bstays?\b|\bflat\b", re.I
)


@given(_USED, _WHOLE_TIME)
def _used(piece: Piece) -> Iterator[Sign]:
    """Used memory is less than half of what there is, and stays so."""
    for line in piece.text.split("\n"):
        found = _USED.search(line)
        if found is None or not _WHOLE_TIME.search(line):
            continue
        used = float(found["used"]) * _UNITS[found["unit"]]
        if used * 2 < float(found["limit"]) * _UNITS[found["most"]]:
            yield Sign(kind="kills_denied", line=line.strip(), fields={"what": found[0]})


READERS: tuple[Reader, ...] = (_used,)
