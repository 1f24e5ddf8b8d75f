"""telnet and nc as people run them, on the loopback inside a container and at its address from outside.

Each run is told in the command's words and its result: below it, or in the sentence around it.

Source: inetutils telnet/commands.c ("Connected to", "Unable to connect to remote host"), busybox telnet.c
("Connected to"), netcat-openbsd netcat.c ("succeeded!"), nmap's ncat ("Connected to"), busybox nc ("open");
docs.docker.com "Networking overview" (each container has its own loopback).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_RUN = re.compile(
    r"\b(?:telnet|nc|ncat|netcat)\s+(?:-\w+\s+){0,4}(?P<host>localhost|\[?::1\]?|\d{1,3}(?:\.\d{1,3}){3}"
    r"|[a-z][\w.-]{0,80})[ :](?P<port>\d{2,5})\b",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\A\s*(?:Ncat: )?Connected to\b|\bsucceeded!|\bopen\s*\Z|\bEscape character is", re.IGNORECASE
)
_REFUSED = re.compile(r"\brefused\b", re.IGNORECASE)
#: Prompts of a container's shell, and the commands and words that lead into one.
_INSIDE = re.compile(
    r"\b(?:docker|podman|kubectl|nerdctl|compose)\b.{0,40}\b(?:exec|attach|rsh)\b"
    r"|\A\s*(?:[\w-]+@[0-9a-f]{12}:\S*|/[\w/.-]*|bash-\d\.\d) ?[#$] "
    r"|\b(?:inside|into|within|in) (?:of )?(?:the |my |its |that )?(?:[\w-]+ )?(?:container|pod)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:on|from) (?:the |my )?(?:docker )?(?:host|server|machine)\b|\boutside\b", re.IGNORECASE
)
_LATER = 4


@given(_RUN, (_INSIDE, _OUTSIDE))
def _runs(piece: Piece) -> Iterator[Sign]:
    """One sign for each run whose place and result are told."""
    lines = piece.text.split("\n") if _RUN.search(piece.text) else []
    where = ""
    for at, line in enumerate(lines):
        if _INSIDE.search(line):
            where = "app"
        elif _OUTSIDE.search(line):
            where = "host"
        run = _RUN.search(line)
        if run is None or not where or "[error]" in line:
            continue
        result = _result(line[run.end() :], lines[at + 1 : at + 1 + _LATER])
        if result:
            target = f"{run['host']}:{run['port']}".lower()
            fields = {"where": where, "result": result, "target": target}
            yield Sign(kind="asked_from", line=line.strip(), fields=fields)


def _result(rest: str, below: list[str]) -> str:
    """What the sentence says after the command, or the next lines before another command."""
    for line in (rest, *below):
        if line is not rest and _RUN.search(line):
            return ""
        if _REFUSED.search(line):
            return "refused"
        if _WELL.search(line):
            return "well"
    return ""


READERS: tuple[Reader, ...] = (_runs,)
