"""What nginx sees of an app that only just starts is the start, and no fault beside an app that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.unit_state import UnitState
from bot.rules import _likely, _no_systemd, _requests

#: A start takes a moment, in which all may fail.
_GRACE = timedelta(seconds=3)
#: A longer one is over with the first good answer; after so long what failed was no start.
_LONGEST = timedelta(minutes=5)
#: Logs cut their times to the second.
_TICK = timedelta(seconds=1)
#: What nginx sees while nobody listens yet, and of a group of which nobody does.
_NO_LISTENER = (Fault.REFUSED, Fault.SOCKET_MISSING, Fault.CONNECT_TIMEOUT)
_NONE_LEFT = (Fault.NO_LIVE, Fault.DISABLED)
#: What it sees of an app that listens and is not ready; other complaints come from one that runs.
_NOT_READY = (Fault.BACKLOG, Fault.RESET, Fault.CLOSED_EARLY, Fault.READ_TIMEOUT)


#: How a probe ends where somebody listens.
_TAKEN = (
    Answer.ANSWERED,
    Answer.CONNECTED,
    Answer.READ_TIMEOUT,
    Answer.CLOSED,
    Answer.RESET,
    Answer.TLS_FAILED,
    Answer.NOT_HTTP,
)


@dataclass(frozen=True, kw_only=True)
class CameUp:
    """When the app that runs had started, and when it had answered well; aware UTC."""

    #: From when on a log line speaks of the present state.
    since: datetime
    started: datetime
    answered: datetime
    #: Addresses at which somebody listens now, and whether that is all that were asked.
    listening: frozenset[str]
    is_all: bool

    def counts_from(self, error: NginxError, *, is_well: bool) -> datetime:
        """From when on an error of that kind speaks of now: one of a start only after it."""
        if not is_well:
            return self.since
        if error.fault not in (*_NO_LISTENER, *_NONE_LEFT, *_NOT_READY):
            # In the very second of a start it is of the app before: users are served, and none came after it.
            return self.since + _TICK
        is_there = error.fault in _NO_LISTENER and error.address in self.listening
        is_there = is_there or (error.fault in _NONE_LEFT and self.is_all)
        return max(self.since, self.answered if is_there else self.started)


def runs_since(facts: Mapping[str, object], now: datetime, spawned: datetime | None) -> tuple[datetime, ...]:
    """When the app that runs was started, by all that tell; who knows it best comes first.

    `spawned` is when a supervisor of its own started it, whose unit runs for longer.
    """
    unit = facts.get("unit")
    is_steady = isinstance(unit, UnitState) and unit.is_running and unit.restarts == 0
    at = unit.active_since if isinstance(unit, UnitState) and is_steady else None
    told = (spawned, at, *_likely.runs_since(facts), *_no_systemd.runs_since(facts, now))
    return tuple(one for one in told if one)


def came_up(
    facts: Mapping[str, object], since: datetime, now: datetime, starts: Sequence[datetime]
) -> CameUp:
    """As of `since` for an app that has run for longer, or where no `starts` are known."""
    access, upstreams = facts.get("access_log"), facts.get("upstreams")
    at = next(iter(starts), None)
    started = min(at + _GRACE, now) if at else since
    first = _requests.first_good(access, at) if at and isinstance(access, AccessLog) else None
    is_start = at is not None and first is not None and first - at <= _LONGEST
    probes = upstreams.probes if isinstance(upstreams, HttpProbes) else ()
    listening = frozenset(probe.address for probe in probes if probe.answer in _TAKEN)
    return CameUp(
        since=since,
        started=started,
        answered=min(max(started, first + _TICK), now) if first and is_start else started,
        listening=listening,
        is_all=bool(probes) and all(probe.address in listening for probe in probes),
    )
