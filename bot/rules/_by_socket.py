"""A service that its socket unit starts anew: each connection sets off a start, and each start ends badly.

systemd's NRestarts counts what Restart= brings about, and no start that a socket set off. So a service that
dies while it starts is found running and "never started again" as often as somebody connects, the checklist
included.
Source: systemd.socket(5) Accept=; service.c service_enter_restart (n_restarts); socket.c
socket_enter_running.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.verdict import RestartAdvice, RestartEffect
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
from bot.rules import _life

#: Clients, probes and balancers ask at least so often; a start of longer after an end may be somebody's.
_SOON = timedelta(minutes=1)
#: Journals cut their times to the second.
_TICK = timedelta(seconds=1)


def counted(facts: dict[str, object], now: datetime) -> None:
    """Have `restarts` of a unit that is being started by its socket count the bad ends right before."""
    unit, journal, upstreams = facts.get("unit"), facts.get("app_journal"), facts.get("upstreams")
    if not isinstance(unit, UnitState) or not isinstance(journal, Journal) or unit.restarts:
        return
    is_well = isinstance(upstreams, HttpProbes) and upstreams.are_well
    started = unit.started_at
    if is_well or not sockets(unit) or not unit.is_running or started is None:
        return
    life = journal.entries[_life.last_stop(journal.entries) :]
    ends = [e.at for e in life if _is_bad_end(e) and e.at and e.at <= started + _TICK]
    is_new = (now - started).total_seconds() < _life.STARTUP_S
    if ends and is_new and started - ends[-1] <= _SOON:
        facts["unit"] = replace(unit, restarts=len(ends))


def sockets(unit: UnitState | None) -> tuple[str, ...]:
    """The socket units that start it on a connection, as far as systemd has them in mind."""
    named = unit.properties.get("TriggeredBy", "").split() if unit else []
    return tuple(name for name in named if name.endswith(".socket"))


def mend(unit: UnitState, advice: RestartAdvice) -> str | None:
    """How a service comes back whose socket unit gave up with it; None where no start would help yet.

    Source: systemd.socket(5) TriggerLimitIntervalSec=; a socket unit fails with its service's start limit.
    """
    names = sockets(unit)
    if not names or advice.effect is not RestartEffect.TEMPORARY:
        return None
    listed = " ".join(names)
    return (
        f"systemctl reset-failed {unit.name} {listed}, then systemctl start {listed}: the next connection"
        f" starts {unit.name}"
    )


def _is_bad_end(entry: JournalEntry) -> bool:
    """Of itself, and with an error."""
    exited = entry.is_from_systemd and _life.EXITED.search(entry.message)
    return bool(exited) and "status=0/" not in entry.message and not _life.KILLED.search(entry.message)
