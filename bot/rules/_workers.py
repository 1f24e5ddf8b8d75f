"""Workers that die while they start: their master lives on, listens, and starts others again and again.

Source: gunicorn arbiter.py: only a worker that ends with code 3 or 4 ends the master; uWSGI master.c.
"""

import re
from datetime import timedelta

from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _life
from bot.rules.upstream_timeout_worker_kill import KILLED_FOR_TIME

_BOOTED = re.compile(r"Booting worker with pid|[Rr]espawned uWSGI worker|spawned uWSGI worker")
#: So many starts at different seconds within a minute are no set of workers that came up together.
_SEVERAL = 4
_LATELY = timedelta(minutes=1)


def none_left(app_journal: Journal | None) -> tuple[JournalEntry, ...]:
    """The starts of this life's workers where each ended by an error of its own; the newest first.

    gunicorn's master then ends too, or hangs in that for its graceful_timeout (arbiter.py reap_workers, which
    raises HaltServer where a signal is handled).
    """
    entries = app_journal.entries if app_journal else ()
    starts = (i for i, e in enumerate(entries) if e.is_from_systemd and _life.STARTED.search(e.message))
    life = entries[max(starts, default=0) :]
    boots = {m[1]: e for e in life if (m := _PID_BOOTED.search(e.message))}
    gone = {m[1] for e in life if (m := _PID_EXITING.search(e.message))}
    failed = any(_FAILED.search(e.message) for e in life)
    return tuple(reversed(boots.values())) if boots and failed and boots.keys() <= gone else ()


_PID_BOOTED = re.compile(r"Booting worker with pid: (\d+)")
_PID_EXITING = re.compile(r"Worker exiting \(pid: (\d+)\)")
_FAILED = re.compile(r"Exception in worker process")


def start_again(app_journal: Journal | None) -> tuple[JournalEntry, ...]:
    """The starts of workers of the last minute, the newest first; empty where they do not go on and on."""
    if app_journal is None or app_journal.matching(KILLED_FOR_TIME):
        return ()
    boots = app_journal.matching(_BOOTED)
    newest = boots[0].at if boots else None
    late = tuple(e for e in boots if e.at and newest and newest - e.at <= _LATELY)
    return late if len({entry.at for entry in late}) >= _SEVERAL else ()
