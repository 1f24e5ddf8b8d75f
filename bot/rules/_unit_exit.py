"""Ends of a unit that systemd itself brought about before or while it ran the program."""

import re

from bot.model.verdict import Line
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def ended_with(unit: UnitState, *statuses: int) -> bool:
    """The main process ended with one of systemd's own exit codes and the unit is down."""
    return not unit.is_running and unit.exit_code == 1 and unit.exit_status in statuses


def lines(
    unit: UnitState, app_journal: Journal | None, pattern: re.Pattern[str], *more: str
) -> tuple[Line, ...]:
    """What systemd logged about it, and the unit's state."""
    entries = (*app_journal.earlier, *app_journal.entries) if app_journal else ()
    said = [e for e in reversed(entries) if pattern.search(e.message)]
    state = _quote.state(unit, "LoadState", "ActiveState", "Result", "ExecMainStatus", *more)
    return (*(_quote.logged(entry) for entry in said[:1]), state)
