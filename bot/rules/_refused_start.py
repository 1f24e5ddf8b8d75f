"""Why nginx refused its configuration at its last start, as its journal has it."""

import re

from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
from bot.rules import _life

#: Level of a line that ends the start. Source: ngx_log.c, ngx_init_cycle.
_ENDS = re.compile(r"\[(?:emerg|alert)\] ")
#: How systemd announces a start. Source: systemd, job.c job_start_message_format.
_STARTS = re.compile(r"Starting ")
#: Those that are no mistake in a file: causes of their own, or of nginx's user.
_NO_MISTAKE = re.compile(
    r"host not found in (?:upstream|resolver)|bind\(\)|still could not bind"
    r"|\((?:12|13|24|28): |getpwnam|getgrnam"
)


def refused(journal: Journal | None, unit: UnitState | None) -> JournalEntry | None:
    """nginx's own line of its last start, where it does not run since; None where it names no mistake.

    Once it was started, such a line is of a reload or of a worker, and not why nginx ended.
    """
    if journal is None or unit is None or unit.active != "failed":
        return None
    starts = [n for n, e in enumerate(journal.entries) if e.is_from_systemd and _STARTS.match(e.message)]
    since = journal.entries[starts[-1] if starts else 0 :]
    if any(e.is_from_systemd and _life.STARTED.match(e.message) for e in since):
        return None
    said = [e for e in since if not e.is_from_systemd]
    return next((e for e in said if _ENDS.search(e.message) and not _NO_MISTAKE.search(e.message)), None)
