"""A request that broke off in the moment in which the app's main process ended: the request ended it."""

from datetime import timedelta

from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.rules import _life

#: Both logs cut their times to the second.
_TICK = timedelta(seconds=1)


def request_at_end(
    app_journal: Journal | None, error_log: NginxErrorLog | None, upstreams: HttpProbes | None
) -> NginxError | None:
    """nginx's line about the request; None where no process ended by itself with one, or none serves by now.

    An app that cannot start breaks off whatever is waiting, but its next process does not answer either.
    """
    if app_journal is None or error_log is None or upstreams is None or not upstreams.are_well:
        return None
    ends = [e.at for e in app_journal.of_systemd(_life.EXITED) if e.at and not _life.KILLED.search(e.message)]
    broken = error_log.of(Fault.RESET, Fault.CLOSED_EARLY, Fault.CUT_SHORT)
    timed = (entry for entry in broken if entry.at and entry.at.tzinfo)
    return next((e for e in timed if e.at and any(abs(e.at - end) <= _TICK for end in ends)), None)
