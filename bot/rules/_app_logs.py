"""What the app wrote into files of its own stands beside what it wrote into the journal."""

from dataclasses import replace
from datetime import UTC, datetime, timezone

from bot.parsers.app_logs import AppLog, AppLogs
from bot.parsers.journal import Journal, JournalEntry
from bot.rules._life import EXITED, STARTED


def with_files(
    journal: Journal | None, logs: AppLogs, zone: timezone, *, since: datetime, is_well: bool
) -> Journal:
    """The journal with the files' lines at their times, each marked with the step that read it.

    A line of a file without any time was written when the file last was, at the latest; while nothing
    fails and no process ended after `since` that is no news, so it stands in `earlier`. Else it is taken as
    said by the process that ended last: the one that starts now says the same, if it fails the same way.
    """
    entries = list(journal.entries) if journal else []
    ended = _last_exit_at(entries)
    is_quiet = is_well and (ended is None or ended < since)
    host = entries[-1].host if entries else ""
    earlier: list[JournalEntry] = []
    known = {entry.message.strip() for entry in entries}
    said = [entry for log in logs.files for entry in _entries(log, zone, host)]
    dated = sorted((e for e in said if e[1]), key=lambda pair: pair[0].at or datetime.min.replace(tzinfo=UTC))
    for entry, _ in dated:
        if entry.line.strip() not in known:  # a supervisor may write into both
            _insert(entries, entry)
    for entry, _ in (pair for pair in said if not pair[1]):
        if is_quiet:
            earlier.append(entry)
        else:
            _insert(entries, replace(entry, at=min(entry.at, ended)) if entry.at and ended else entry)
    return Journal(entries=tuple(entries), earlier=(*(journal.earlier if journal else ()), *earlier))


def _entries(log: AppLog, zone: timezone, host: str) -> list[tuple[JournalEntry, bool]]:
    """Each line as an entry, and whether its time is its own."""
    program = log.path.rpartition("/")[2]
    found = []
    for line in log.lines:
        at = line.at.replace(tzinfo=zone) if line.at and line.at.tzinfo is None else line.at
        entry = JournalEntry(
            at=(at.astimezone(UTC) if at else log.modified_at),
            host=host,
            program=program,
            pid=None,
            message=line.message,
            line=line.line,
            step="app_logs",
        )
        found.append((entry, at is not None))
    return found


def _last_exit_at(entries: list[JournalEntry]) -> datetime | None:
    ends = [e.at for e in entries if e.at and e.is_from_systemd and EXITED.search(e.message)]
    return ends[-1] if ends else None


def _insert(entries: list[JournalEntry], new: JournalEntry) -> None:
    """Behind all that is not younger, but before the end of the process that may have said it."""
    at = new.at
    if at is None:
        entries.append(new)
        return
    place = len(entries)
    while place and (before := entries[place - 1]) and (before.at is None or _is_later(before, at)):
        place -= 1
    entries.insert(place, new)


def _is_later(entry: JournalEntry, at: datetime) -> bool:
    """Journals cut times to the second: within one, an end comes after the last words and a start before."""
    if entry.at is None:
        return False
    if entry.is_from_systemd and not STARTED.search(entry.message):
        return entry.at >= at.replace(microsecond=0)
    return entry.at > at
