"""The app's life by its unit and journal: does it run, how did it end, what did it say last."""

import re
from datetime import datetime, timedelta

from bot.model.evidence import HostClock
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState

#: A process that ends sooner than this ended while starting.
STARTUP_S = 15.0

#: A bad end so soon before a stop by hand is why it was stopped.
RECENT_S = 60.0

STARTED = re.compile(r"^Started |: Start(ed|ing) ")
EXITED = re.compile(r"Main process exited|Control process exited")
STOPPING = re.compile(r"^Stopping ")
STOPPED = re.compile(r"^Stopped ")
ENDED_WELL = re.compile(r": (Deactivated successfully|Succeeded)\.")
SCHEDULED = re.compile(r"Scheduled restart job")
KILLED = re.compile(r"code=killed, status=(9|15)/")
TOO_QUICKLY = re.compile(r"Start request repeated too quickly|start-limit-hit")
NO_SPACE = re.compile(r"no space left on device|ENOSPC|disk full|disk quota exceeded", re.IGNORECASE)
TOO_MANY_FILES = re.compile(r"too many open files|EMFILE|ENFILE|no file descriptors available", re.IGNORECASE)
ADDRESS_IN_USE = re.compile(
    r"address (is )?already in use|EADDRINUSE|address in use|connection in use: \(|"
    r"port \d+ (is )?(already )?in use|"
    r"another FPM instance seems to already listen on|"
    r"only one usage of each socket address|port is already allocated",
    re.IGNORECASE,
)
NO_MEMORY = re.compile(
    r"cannot allocate memory|\bMemoryError\b|OutOfMemoryError|heap out of memory|std::bad_alloc|ENOMEM|"
    r"Allowed memory size",
)
#: Words by which programs say that the code itself cannot be loaded.
BROKEN_CODE = re.compile(
    r"ModuleNotFoundError|ImportError|No module named|Cannot find module|ERR_MODULE_NOT_FOUND|SyntaxError|"
    r"NameError|AttributeError|NoClassDefFoundError|ClassNotFoundException|cannot load such file|LoadError|"
    r"undefined (symbol|method|function|reference)|NoSuchMethodError|UnsupportedClassVersionError|"
    r"error while loading shared libraries|Class \S+ not found|PHP (Parse|Fatal) error|"
    r"GLIBC_\S+' not found|IndentationError|failed to load (module|library)",
)


def is_crashing(unit: UnitState, clock: HostClock) -> bool:
    """It has ended badly and is down, waits for its next start, or was started again a moment ago."""
    if unit.active == "failed" or unit.sub == "auto-restart":
        return True
    if unit.active == "activating" and unit.restarts > 0:
        return True
    if was_stopped_between_starts(unit):
        return True
    return unit.restarts > 0 and _runs_since(unit, clock) < timedelta(seconds=STARTUP_S)


def was_stopped_between_starts(unit: UnitState) -> bool:
    """Somebody stopped it while it was down after a failure; else it would be called failed."""
    return unit.active == "inactive" and unit.load == "loaded" and unit.result not in ("success", "")


def end_of_itself(unit: UnitState, journal: Journal | None) -> JournalEntry | None:
    """systemd's line about a good end that nobody had asked it for; None where it was told to stop it."""
    if unit.active != "inactive" or unit.properties.get("Type") == "oneshot" or stop_by_hand(journal):
        return None
    own = [e for e in journal.entries if e.is_from_systemd] if journal else []
    for entry in reversed(own):
        if STOPPING.search(entry.message) or STOPPED.search(entry.message):
            return None
        if ENDED_WELL.search(entry.message):
            return entry
    return None


def gave_up(unit: UnitState, journal: Journal | None) -> float | None:
    """Seconds it lived where it ended without an error while it started, and by itself; None for another end.

    Of a unit that nobody enabled systemd forgets the last run as soon as it rests; the journal still has it.
    """
    end = end_of_itself(unit, journal)
    if end is None or unit.was_killed:
        return None
    lived = unit.lived_s if unit.lived_s is not None else _since_start(journal, end)
    return lived if lived is not None and lived <= STARTUP_S else None


def _since_start(journal: Journal | None, end: JournalEntry) -> float | None:
    starts = [e.at for e in journal.of_systemd(STARTED) if e.at] if journal else []
    return (end.at - starts[0]).total_seconds() if starts and end.at else None


def stop_by_hand(journal: Journal | None) -> JournalEntry | None:
    """The last stop by hand with no start after it; systemd may have forgotten the unit since."""
    whole = (*journal.earlier, *journal.entries) if journal else ()
    at = last_stop(whole)
    after = [e for e in whole[at + 1 :] if e.is_from_systemd and STARTED.search(e.message)]
    is_stop = bool(whole) and (STOPPING.search(whole[at].message) or STOPPED.search(whole[at].message))
    return whole[at] if is_stop and whole[at].is_from_systemd and not after else None


#: sysexits.h EX_CONFIG; PHP-FPM ends with it at its start and at a reload (fpm.h FPM_EXIT_CONFIG).
_BAD_CONFIGURATION = 78


def failed_to_reread(unit: UnitState, lived: float | None) -> bool:
    """It had worked, and ended by its own configuration: it was told to read that again."""
    is_config = unit.exit_code == 1 and unit.exit_status == _BAD_CONFIGURATION
    return is_config and lived is not None and lived > STARTUP_S


def failure_before_stop(journal: Journal | None) -> JournalEntry | None:
    """The main process's bad end of shortly before the last stop by hand; None when it was well by then."""
    whole = (*journal.earlier, *journal.entries) if journal else ()
    at = last_stop(whole)
    if not at or (stopped := whole[at].at) is None:
        return None
    life = _since_start_by_hand(whole[last_stop(whole[:at]) : at])
    bad = [e for e in life if EXITED.search(e.message) and "status=0/" not in e.message]
    end = bad[-1].at if bad else None
    if end is None or (stopped - end).total_seconds() >= RECENT_S:
        return None
    starts = [e.at for e in life if STARTED.search(e.message) and e.at and e.at >= end]
    outlived = bool(starts) and (stopped - starts[-1]).total_seconds() > _longest(
        lives_of(Journal(entries=life))
    )
    return None if outlived else bad[-1]


def _since_start_by_hand(entries: tuple[JournalEntry, ...]) -> tuple[JournalEntry, ...]:
    """systemd's own entries since the last start that it had not scheduled itself."""
    own = tuple(e for e in entries if e.is_from_systemd)
    found, is_scheduled = 0, False
    for index, entry in enumerate(own):
        if SCHEDULED.search(entry.message):
            is_scheduled = True
        elif TOO_QUICKLY.search(entry.message):  # the start it had scheduled was refused
            is_scheduled = False
        elif STARTED.search(entry.message):
            found = found if is_scheduled else index
            is_scheduled = False
    return own[found:]


def _longest(lives: list[float]) -> float:
    """Seconds, and one more for journals that cut their times to the second."""
    return max(lives, default=0.0) + 1.0


def _runs_since(unit: UnitState, clock: HostClock) -> timedelta:
    return clock.now - unit.started_at if unit.started_at else timedelta(days=1)


def lived_s(unit: UnitState, journal: Journal | None) -> float | None:
    """Seconds the last ended main process lived, 0 where its start failed before it; None: nobody says."""
    exit_ = last_exit(journal)
    if exit_ and is_before_main(exit_) and _is_since(unit, exit_):
        return 0.0
    if unit.lived_s is not None:
        return unit.lived_s
    lives = lives_of(journal) if journal else []
    return lives[-1] if lives else None


def is_before_main(exit_: JournalEntry) -> bool:
    """ExecStartPre= failed: systemd's times are still those of the process before."""
    return "Control process exited" in exit_.message


def _is_since(unit: UnitState, exit_: JournalEntry) -> bool:
    started = unit.started_at
    return exit_.at is None or started is None or exit_.at > started


def lives_of(journal: Journal) -> list[float]:
    """How many seconds each main process lived, oldest first."""
    return [(end - start).total_seconds() for start, end in spans_of(journal)]


def spans_of(journal: Journal) -> list[tuple[datetime, datetime]]:
    """From when to when each main process lived, as systemd logged it, oldest first."""
    lives: list[tuple[datetime, datetime]] = []
    started: JournalEntry | None = None
    for entry in (*journal.earlier, *journal.entries):
        if not entry.is_from_systemd or entry.at is None:
            continue
        if STARTED.search(entry.message):
            started = entry
        elif STOPPED.search(entry.message):
            started = None
        elif EXITED.search(entry.message) and started is not None and started.at is not None:
            lives.append((started.at, entry.at))
            started = None
    return lives


def life_of_exit(journal: Journal) -> tuple[JournalEntry, ...]:
    """Entries of the process that ended last, from its start (or the try of one) to its end."""
    exit_ = last_exit(journal)
    if exit_ is None:
        return journal.entries
    end = max(i for i, entry in enumerate(journal.entries) if entry is exit_)
    begins = [
        i for i, e in enumerate(journal.entries[:end]) if e.is_from_systemd and _BEGINS.search(e.message)
    ]
    return journal.entries[begins[-1] if begins else 0 : end]


#: With ExecStartPre= and for units of Type=notify systemd says `Starting` long before `Started`.
_BEGINS = re.compile(rf"{STARTED.pattern}|^Starting ")


def since_last_start(journal: Journal) -> tuple[JournalEntry, ...]:
    """The same and what was written after that end, which a program's last words may be."""
    life = life_of_exit(journal)
    begun = next((i for i, entry in enumerate(journal.entries) if life and entry is life[0]), 0)
    return journal.entries[begun:]


def last_stop(entries: tuple[JournalEntry, ...]) -> int:
    """Index of the first entry of the present life: the last stop by hand; 0 when there was none.

    systemd logs `Stopped` for its own restarts too, but then right after `Scheduled restart job`.
    """
    found, is_scheduled, is_stopping = 0, False, False
    for index, entry in enumerate(entries):
        if not entry.is_from_systemd:
            continue
        if SCHEDULED.search(entry.message):
            is_scheduled = True
        elif STOPPING.search(entry.message):
            found, is_stopping = index, True
        elif STOPPED.search(entry.message):
            found = found if is_scheduled or is_stopping else index
            is_scheduled = is_stopping = False
    return found


def last_exit(journal: Journal | None) -> JournalEntry | None:
    """systemd's line about the last end of the main process."""
    found = journal.of_systemd(EXITED) if journal else ()
    return found[0] if found else None


def has_own_reason(journal: Journal | None) -> bool:
    """The journal names a reason that another rule knows better: disk, descriptors, port, memory."""
    if journal is None:
        return False
    return any(journal.matching(p) for p in (NO_SPACE, TOO_MANY_FILES, ADDRESS_IN_USE, NO_MEMORY))
