"""The app is still starting."""

from bot.model.evidence import HostClock
from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _quote

#: Warm-up that deserves patience.
PATIENCE_S = 120


def not_ready_yet(
    unit: UnitState,
    clock: HostClock,
    upstreams: HttpProbes | None,
    listeners: ListeningSockets | None,
    processes: Processes | None,
) -> Finding | None:
    """The app was started a moment ago and does not listen yet; it heals by waiting.

    Why: the unit runs, never ended, is younger than two minutes, and listens nowhere.
    Ruled out when: the unit was restarted by systemd, is older, or already listens.
    Mistaken when: it hangs in its start, e.g. waits for a dependency.
    Source: systemd.service(5) Type=simple is active as soon as the process exists.
    """
    starting = unit.active == "activating" and unit.sub in ("start", "start-pre")
    started = unit.started_at
    if not starting and (not unit.is_running or unit.restarts > 0 or started is None):
        return None
    age_s = (clock.now - started).total_seconds() if started else 0
    refused = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    if age_s > PATIENCE_S or not refused or listeners is None or not _address.are_owners_seen(listeners):
        return None
    if any(socket.port for socket in _address.app_sockets(listeners, unit, processes)):
        return None
    return Finding(
        cause="not_ready_yet",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} was started {age_s:.0f} s ago and does not listen yet",
        because=(
            _quote.state(unit, "ActiveState", "SubState", "ExecMainStartTimestamp"),
            _quote.probe(refused[0]),
        ),
        restart=_quote.harmful("app", "it would start from the beginning again"),
        next_check="ask again in a minute",
        weight=82,
    )
