"""Ends of a unit that systemd itself brought about before or while it ran the program."""

import re

from bot.model.evidence import HostClock
from bot.model.verdict import Line
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote

#: systemd's own exit codes: the program was never run, or not in the way the unit asks.
SYSTEMD_EXITS = range(200, 246)

#: What the process that was to become the program says of itself before systemd logs its exit.
_WHY = re.compile(r": Failed to (?!run )\S|Failed at step ")


def ended_with(unit: UnitState, journal: Journal | None, clock: HostClock, *statuses: int) -> bool:
    """The main process ended with one of systemd's own exit codes and the unit is down.

    Between a start and the failure to execute, a unit that is started again and again counts as running
    for an instant; then its journal tells how it ended the last time.
    """
    if not unit.is_running:
        return unit.exit_code == 1 and unit.exit_status in statuses
    exit_ = _life.last_exit(journal) if _life.is_crashing(unit, clock) else None
    status = _STATUS.search(exit_.message) if exit_ else None
    return status is not None and int(status["status"]) in statuses


def is_refused(unit: UnitState, journal: Journal | None, clock: HostClock) -> bool:
    """systemd could not execute the program for want of processes or memory, not of the program.

    Source: execve(2) EAGAIN, ENOMEM: RLIMIT_NPROC of the user is checked there.
    """
    if not ended_with(unit, journal, clock, 203):
        return False
    said = [e for e in reversed(journal.entries) if _SPAWN.search(e.message)] if journal else []
    return bool(said) and _REFUSED.search(said[0].message) is not None


_SPAWN = re.compile(r"Failed at step EXEC spawning ")
_REFUSED = re.compile(r": (?:Resource temporarily unavailable|Cannot allocate memory)\s*\Z")
_STATUS = re.compile(r"Main process exited, code=exited, status=(?P<status>\d{1,3})/")


def lines(
    unit: UnitState, app_journal: Journal | None, pattern: re.Pattern[str], *more: str
) -> tuple[Line, ...]:
    """What systemd logged about it, and the unit's state."""
    entries = (*app_journal.earlier, *app_journal.entries) if app_journal else ()
    said = [e for e in reversed(entries) if pattern.search(e.message)]
    said.sort(key=lambda e: _WHY.search(e.message) is None)  # the line that also says why, where there is one
    state = _quote.state(unit, "LoadState", "ActiveState", "Result", "ExecMainStatus", *more)
    return (*(_quote.logged(entry) for entry in said[:1]), state)


def was_not_run(unit: UnitState) -> bool:
    """Its last start ended before the program ran: what was to be read, entered or executed was not there."""
    by_systemd = unit.exit_code == 1 and unit.exit_status in SYSTEMD_EXITS
    return not unit.is_running and (by_systemd or unit.result == "resources")
