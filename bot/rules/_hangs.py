"""Which upstream servers answer nothing, and which request was the first that waited."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, Probe
from bot.parsers.nginx_error_log import NginxError

SILENT = (Answer.READ_TIMEOUT, Answer.CONNECT_TIMEOUT, Answer.BACKLOG_FULL)
#: So many of one kind are no single request that stuck a process.
_SEVERAL = 3


def hung(asked: Sequence[Probe]) -> list[str]:
    """Addresses that answered none of the paths they were asked for, in the order asked."""
    answering = {probe.address for probe in asked if probe.answer not in SILENT}
    return list(dict.fromkeys(probe.address for probe in asked if probe.address not in answering))


def slow_request(logged: Sequence[NginxError], silent: Sequence[Probe]) -> NginxError | None:
    """The oldest request that ran into nginx's time-out, if many for its path did and it was not asked here.

    Whoever waits behind them is only the next: the workers are taken, not stuck.
    """
    late = sorted((e for e in logged if e.fault is Fault.READ_TIMEOUT and e.path and e.at), key=_at)
    if not late:
        return None
    path = late[0].path.split("?", 1)[0]
    count = Counter(entry.path.split("?", 1)[0] for entry in late)[path]
    return late[0] if count >= _SEVERAL and path not in {probe.path for probe in silent} else None


def _at(entry: NginxError) -> datetime:
    return entry.at or datetime.min.replace(tzinfo=UTC)
