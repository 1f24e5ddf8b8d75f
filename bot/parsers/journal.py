"""`journalctl -u UNIT -o short-iso`: what a unit and systemd wrote about it.

2026-11-20T23:23:03+0000 web-01 python3[224]: RuntimeError: DATABASE_URL is not set
2026-11-20T23:23:03+0000 web-01 systemd[1]: myapp.service: Failed with result 'exit-code'.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._times import time_of

_LINE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[+-]\d\d:?\d\d|Z)) (?P<host>\S+) "
    r"(?P<program>[^\s\[:]+)(?:\[(?P<pid>\d{1,10})\])?: ?(?P<message>.*)\Z"
)


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One line of a journal; a continuation line has its predecessor's time and program."""

    #: Aware UTC; None for a line without its head.
    at: datetime | None
    host: str
    program: str
    pid: int | None
    message: str
    line: str
    #: The step that read it, where that is not the journal's own.
    step: str | None = None

    @property
    def is_from_systemd(self) -> bool:
        """Written about the app by who keeps it, systemd or Docker, not by the app."""
        return self.program == "systemd"


@dataclass(frozen=True, kw_only=True)
class Journal:
    """Entries, the oldest first. After the judge's focus only those that speak of now."""

    entries: tuple[JournalEntry, ...]
    #: Entries from before what is judged; the parser leaves it empty.
    earlier: tuple[JournalEntry, ...] = ()

    def matching(self, pattern: re.Pattern[str]) -> tuple[JournalEntry, ...]:
        """The app's own entries whose message matches, newest first."""
        return tuple(e for e in reversed(self.entries) if not e.is_from_systemd and pattern.search(e.message))

    def of_systemd(self, pattern: re.Pattern[str]) -> tuple[JournalEntry, ...]:
        """systemd's entries whose message matches, newest first."""
        return tuple(e for e in reversed(self.entries) if e.is_from_systemd and pattern.search(e.message))


def journal(output: CommandOutput) -> Journal:
    """Entries in the journal's order; `-- No entries --` and boot marks are left out.

    Source: journalctl(1), output mode short-iso.
    """
    entries: list[JournalEntry] = []
    for line in output.stdout.splitlines():
        if not line.strip() or line.startswith("-- "):
            continue
        entries.append(_entry(line, entries[-1] if entries else None))
    return Journal(entries=tuple(entries))


def _entry(line: str, before: JournalEntry | None) -> JournalEntry:
    found = _LINE.match(line)
    if not found:
        return JournalEntry(
            at=before.at if before else None,
            host=before.host if before else "",
            program=before.program if before else "",
            pid=before.pid if before else None,
            message=line,
            line=line,
        )
    return JournalEntry(
        at=time_of(found["at"].replace(",", ".")),
        host=found["host"],
        program=found["program"],
        pid=int(found["pid"]) if found["pid"] else None,
        message=found["message"],
        line=line,
    )
