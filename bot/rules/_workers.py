"""Workers that die while they start: their master lives on, listens, and starts others again and again.

Source: gunicorn arbiter.py: only a worker that ends with code 3 or 4 ends the master; uWSGI master.c.
"""

import re
from datetime import timedelta

from bot.parsers.journal import Journal, JournalEntry
from bot.rules.upstream_timeout_worker_kill import KILLED_FOR_TIME

_BOOTED = re.compile(r"Booting worker with pid|[Rr]espawned uWSGI worker|spawned uWSGI worker")
#: So many starts at different seconds within a minute are no set of workers that came up together.
_SEVERAL = 4
_LATELY = timedelta(minutes=1)


def start_again(app_journal: Journal | None) -> tuple[JournalEntry, ...]:
    """The starts of workers of the last minute, the newest first; empty where they do not go on and on."""
    if app_journal is None or app_journal.matching(KILLED_FOR_TIME):
        return ()
    boots = app_journal.matching(_BOOTED)
    newest = boots[0].at if boots else None
    late = tuple(e for e in boots if e.at and newest and newest - e.at <= _LATELY)
    return late if len({entry.at for entry in late}) >= _SEVERAL else ()
