"""Whether the running release is new and has not yet been seen to work."""

from datetime import UTC, datetime, timedelta

from bot.model.evidence import HostClock
from bot.parsers.access_log import AccessLog, Request
from bot.parsers.changes import Changes, ReleaseLink
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
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


def is_suspect(
    unit: UnitState,
    clock: HostClock,
    changes: Changes | None,
    access_log: AccessLog | None,
    app_journal: Journal | None,
) -> bool:
    """The link was changed, there is another release, and nothing shows that this one ever worked."""
    if changes is None or changes.link is None or not changes.other_releases:
        return False
    # What runs was in use until now, whatever it wrote down; what is down only until its last word.
    end = clock.now if unit.is_running else _last_seen(app_journal)
    if end is not None and end - changes.link.changed_at > NEW:
        return False
    return not has_worked(changes.link.changed_at, access_log, app_journal)


def broke(
    changes: Changes | None, access_log: AccessLog | None, upstreams: HttpProbes | None
) -> Request | None:
    """The last good answer to a path that failed each time since the release was switched, and fails now.

    A release may answer its health path and fail at all else; None where the log does not reach back so far.
    """
    if changes is None or changes.link is None or not changes.other_releases or access_log is None:
        return None
    failing = (
        {p.path for p in upstreams.probes if p.answer in _OF_ITS_OWN and not p.is_well}
        if upstreams
        else set()
    )
    switched = changes.link.changed_at
    if any(f.at > switched for f in changes.files if f.name not in _OF_THE_MACHINE):
        return None  # what was changed last is the nearer suspect
    asked = [r for r in (*access_log.earlier, *access_log.requests) if r.at and r.path in failing]
    after = [r for r in asked if r.at and r.at > switched + SWITCH]
    before = [r for r in asked if r.at and r.at <= switched and not r.failed]
    if not after or not before or not all(r.failed for r in after):
        return None
    return max(before, key=lambda r: r.at or switched)


#: These change with the network, not with the service.
_OF_THE_MACHINE = ("/etc/hosts", "/etc/resolv.conf")
#: What a process that runs answers, when it answers badly.
_OF_ITS_OWN = (Answer.ANSWERED, Answer.READ_TIMEOUT, Answer.CLOSED, Answer.RESET)


def is_stale(unit: UnitState | None, changes: Changes | None) -> bool:
    """The process that runs was started before the link was changed: it still is of the release before.

    Only of a unit that runs from the link; what PHP or a web server reads through it changes at once.
    """
    link = changes.link if changes else None
    if link is None or unit is None or not unit.is_running or unit.started_at is None:
        return False
    at = f"{link.path}/"
    is_from = f"{unit.working_directory}/".startswith(at) or at in unit.properties.get("ExecStart", "")
    return is_from and unit.started_at + TICK < link.changed_at


def was_tried(link: ReleaseLink, unit: UnitState, app_journal: Journal | None) -> bool:
    """The last process that ended began and ended under this release; an end from before tells of another.

    What ExecStartPre= fails at is no start to systemd, whose time is still that of the process before.
    """
    exit_ = _life.last_exit(app_journal)
    ended = exit_.at if exit_ else unit.exited_at
    began = None if exit_ and _life.is_before_main(exit_) else unit.started_at
    return all(at is None or at + TICK > link.changed_at for at in (began, ended))


def is_dangling(changes: Changes) -> bool:
    """The link names a release that is not among those that are there."""
    if changes.link is None or not changes.releases:
        return False
    name = changes.link.target.rstrip("/").rsplit("/", 1)[-1]
    return name not in {release.name for release in changes.releases}


#: systemd cuts its times to the second.
TICK = timedelta(seconds=1)


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
    lives = _life.spans_of(Journal(entries=after))
    return any(_served(life, requests) for life in lives) or _was_stopped_alive(after)


#: A large app loads for so long before it meets what it lacks.
_LONG_START_S = 120.0


def _served(life: tuple[datetime, datetime], requests: tuple[Request, ...]) -> bool:
    """It lived longer than a start takes; where all that was asked meanwhile failed, than the longest."""
    start, end = life
    lived_s = (end - start).total_seconds()
    asked = [r for r in requests if r.at and start <= r.at <= end]
    is_deaf = bool(asked) and all(r.failed for r in asked)
    return lived_s > (_LONG_START_S if is_deaf else _life.STARTUP_S)


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
