"""Ends that systemd itself brings about: a start that is late, a silent program, a command before it."""

import re
from dataclasses import dataclass
from enum import Enum

from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
from bot.rules import _last_words, _life

_TIMED_OUT = re.compile(r": (?P<stage>start|start-pre|start-post) operation timed out")
_SILENT = re.compile(r": Watchdog timeout")
_CONTROL = re.compile(r"Control process exited, code=(?:exited, status=[1-9]|killed|dumped)")
_FORBIDDEN = re.compile(r"Main process exited, code=(?:killed|dumped), status=31/SYS")
_STARTING = re.compile(r"^Starting ")


class How(Enum):
    """Why systemd did not let it run on, or did not run it."""

    #: A command of ExecStartPre= failed: the program was never run.
    BEFORE = "before"
    #: A command of ExecStartPre= or ExecStartPost= did not end in time.
    BESIDE_LATE = "beside_late"
    #: The program did not say in time that its start is done.
    START_LATE = "start_late"
    #: The program did not say in time that it is alive.
    WATCHDOG = "watchdog"
    #: The kernel killed it for a system call that the unit forbids.
    SYSTEM_CALL = "system_call"


@dataclass(frozen=True, kw_only=True)
class End:
    """How systemd ended it last, and the line that says so."""

    how: How
    entry: JournalEntry


def last(unit: UnitState, app_journal: Journal | None) -> End | None:
    """What systemd did to the last run of a unit that is down or was started again; None for any other end.

    Of Type=forking a control process may be the program itself, so its exit tells of no other command.
    Source: service.c service_dispatch_timer, service_dispatch_watchdog, service_sigchld_event.
    """
    if app_journal is None or (unit.is_running and unit.restarts == 0):
        return None
    found: End | None = None
    is_starting = False
    for entry in app_journal.entries:
        if not entry.is_from_systemd:
            continue
        said = entry.message
        if _STARTING.search(said):
            is_starting = True
        elif _life.STARTED.search(said):
            is_starting = False
            found = found if found and found.how in (How.WATCHDOG, How.SYSTEM_CALL) else None
        elif timed := _TIMED_OUT.search(said):
            how = How.START_LATE if timed["stage"] == "start" else How.BESIDE_LATE
            found, is_starting = End(how=how, entry=entry), False
        elif _SILENT.search(said):
            found = End(how=How.WATCHDOG, entry=entry)
        elif _FORBIDDEN.search(said):
            found = End(how=How.SYSTEM_CALL, entry=entry)
        elif _CONTROL.search(said) and is_starting and unit.properties.get("Type") != "forking":
            found = End(how=How.BEFORE, entry=entry)
        elif _life.EXITED.search(said) and not _is_told(found, entry):
            found = None
    return None if found and found.how is How.BEFORE and _names_an_error(found, app_journal) else found


def _names_an_error(end: End, app_journal: Journal) -> bool:
    """What runs before the program is the app's own code, e.g. a migration, and tells of its own trouble."""
    words = words_before(end, app_journal)
    return words is not None and _last_words.NAMED_ERROR.search(words.message) is not None


def _is_told(found: End | None, entry: JournalEntry) -> bool:
    """The exit that follows at once from what systemd did."""
    at, end = found.entry.at if found else None, entry.at
    return found is not None and (at is None or end is None or (end - at).total_seconds() < _KILL_S)


#: A process that does not heed the first signal is killed after TimeoutStopSec=, by default 90 s.
_KILL_S = 95.0


def words_before(end: End, app_journal: Journal | None) -> JournalEntry | None:
    """The last thing that was said, not by systemd, in the start that ended so.

    Output and systemd's own lines come to the journal on two ways: within a second their order tells
    nothing.
    """
    entries = app_journal.entries if app_journal else ()
    before = entries[: next((i for i, entry in enumerate(entries) if entry is end.entry), 0)]
    begun = next((e.at for e in reversed(before) if e.is_from_systemd and _STARTING.search(e.message)), None)
    own = [
        e for e in before if not e.is_from_systemd and e.message.strip() and e.at and begun and e.at >= begun
    ]
    return own[-1] if own else None
