"""Whether the running release is new and has not yet been seen to work."""

from datetime import UTC, datetime, timedelta

from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _life

#: A release in place for longer has had its chance to show itself.
NEW = timedelta(days=1)
#: A success this soon after the switch may still be the old process.
SWITCH = timedelta(seconds=2)


def of_one_server(access_log: AccessLog | None, upstreams: HttpProbes | None) -> AccessLog | None:
    """The access log where it tells of this app; None when another server may have given its good answers."""
    probes = upstreams.probes if upstreams else ()
    has_others = len({probe.address for probe in probes}) > 1
    return None if has_others and any(probe.is_well for probe in probes) else access_log


def is_suspect(changes: Changes | None, access_log: AccessLog | None, app_journal: Journal | None) -> bool:
    """The link was changed, there is another release, and nothing shows that this one ever worked."""
    if changes is None or changes.link is None or not changes.other_releases:
        return False
    end = _last_seen(app_journal)
    if end is not None and end - changes.link.changed_at > NEW:
        return False
    return not has_worked(changes.link.changed_at, access_log, app_journal)


def has_worked(since: datetime, access_log: AccessLog | None, app_journal: Journal | None) -> bool:
    """After the switch it was started and then answered, or lived on until somebody stopped it."""
    entries = (*app_journal.earlier, *app_journal.entries) if app_journal else ()
    after = tuple(sorted((e for e in entries if e.at and e.at >= since), key=_when))
    starts = [e.at for e in after if e.at and e.is_from_systemd and _life.STARTED.search(e.message)]
    is_covered = bool(entries) and entries[0].at is not None and entries[0].at <= since
    switched = starts[0] if starts and is_covered else since + SWITCH
    requests = (*access_log.earlier, *access_log.requests) if access_log else ()
    if any(r.at and r.at > switched and not r.failed for r in requests):
        return True
    lives = _life.lives_of(Journal(entries=after))
    return any(life > _life.STARTUP_S for life in lives) or _was_stopped_alive(after)


def _was_stopped_alive(entries: tuple[JournalEntry, ...]) -> bool:
    """A start is followed by a stop by hand, with no exit in between."""
    started = False
    for entry in entries:
        if not entry.is_from_systemd:
            continue
        if _life.STARTED.search(entry.message):
            started = True
        elif _life.EXITED.search(entry.message):
            started = False
        elif started and _life.STOPPING.search(entry.message):
            return True
    return False


def _when(entry: JournalEntry) -> datetime:
    return entry.at or datetime.min.replace(tzinfo=UTC)


def _last_seen(app_journal: Journal | None) -> datetime | None:
    times = [entry.at for entry in app_journal.entries if entry.at] if app_journal else []
    return times[-1] if times else None
