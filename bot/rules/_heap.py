"""A request that filled a JVM's heap: its thread ends, and nobody is left to answer it.

Source: java.lang.Thread, ThreadGroup.uncaughtException: an error that no handler catches ends the thread
alone; what it kept is free again, its connection stays open, and nginx waits until its own time-out.
"""

from datetime import UTC, timedelta

from bot.model.verdict import RestartAdvice
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import JournalEntry
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.rules import _quote
from bot.rules._read_timeout import ReadTimeouts

#: Both logs cut their times to the second.
_TICK = timedelta(seconds=2)
_DEFAULT_S = 60.0


def unanswered(
    said: JournalEntry, error_log: NginxErrorLog | None, config: NginxConfig | None
) -> NginxError | None:
    """The request that nginx was waiting for when the app said so, and that it gave up."""
    limits = ReadTimeouts(config) if config else None
    for entry in error_log.of(Fault.READ_TIMEOUT) if error_log else ():
        seconds = limits.of(entry.address, entry.protocol) if limits else None
        began = timedelta(seconds=_DEFAULT_S if seconds is None else seconds) + _TICK
        ended = entry.at.replace(tzinfo=UTC) if entry.at else None  # the judge has made it UTC
        if said.at and ended and ended - began <= said.at <= ended + _TICK:
            return entry
    return None


def restart(upstreams: HttpProbes | None, entry: NginxError | None) -> RestartAdvice | None:
    """None where the app does not answer other requests well."""
    if entry is None or upstreams is None or not upstreams.are_well:
        return None
    what = f"a request for {entry.path}" if entry.path else "the same request"
    return _quote.useless("app", f"it answers other requests, and {what} fills its heap again")
