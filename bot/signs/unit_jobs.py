"""What systemd's jobs come to: a unit that came up, one that was stopped, a pid file looked for too early.

systemd names a unit by its description, since v250 by its name and description. nginx's starter ends before
its master has written the pid file, so systemd finds it missing or empty for a moment and waits for it;
`Started` after that says that all is well.

Source: systemd src/core/job.c job_done_messages, unit.c unit_status_string (StatusUnitFormat=combined, v250),
service.c service_enter_restart ("Scheduled restart job") and service_load_pid_file (v208 to v256); Ubuntu bug
1581864.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "unit_started": "systemd says that a unit came up, which is no word of the app itself; fields: who",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "unit_started",
        r"systemd\[\d+\]: (?:Started|Reloaded) (?P<who>.{1,100}?)\.?\s*$",
        "]: started ",
        "]: reloaded ",
    ),
    says(
        "noise",
        r"\bnginx\.service: (?:Failed to (?:parse|read) PID from file \S+: Invalid argument"
        r"|(?:Can't open PID file|PID file) \S+ (?:not readable )?\(yet\?\) after start)",
        "pid from file",
        "(yet?) after",
        what="systemd looked for nginx's pid file before it was written",
    ),
)
_STOPPED = re.compile(
    r"systemd\[\d+\]: Stopped (?!target )"
    r"(?P<who>[\w@.\\:-]{1,80}\.service(?: - .{1,100}?)?|[^.]{1,80})\.?\s*$",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\bscheduled restart job\b|, scheduling restart\b", re.IGNORECASE)


@given(_STOPPED)
def _stopped(piece: Piece) -> Iterator[Sign]:
    """Units that were stopped by order: not those that systemd stops to start them anew after a failure."""
    before = ""
    for line in piece.text.split("\n"):
        if (found := _STOPPED.search(line)) and not _AGAIN.search(before):
            yield Sign(kind="stopped", line=line.strip(), fields={"who": found["who"]})
        before = line


READERS: tuple[Reader, ...] = (_stopped,)
