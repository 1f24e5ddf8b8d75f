"""What of the kernel's log is this host's, and of now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bot.model.host import Host
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelEvent, KernelLog
from bot.parsers.unit_state import UnitState
from bot.rules._life import last_stop

#: Errors older than this are no news.
WINDOW = timedelta(minutes=10)
#: `dmesg -T` cuts its times to the second: an event may be that much later than it says.
TICK = timedelta(seconds=1)


def kernel(  # needs all that tells hosts and lives apart
    kernel: KernelLog,
    zone: timezone,
    facts: Mapping[str, object],
    now: datetime,
    host: Host,
    *,
    is_well: bool,
) -> KernelLog:
    """Events of this host alone, since the app's present life began or lately."""
    unit = facts.get("unit")
    since = now - WINDOW
    if isinstance(unit, UnitState) and unit.is_running and unit.restarts == 0 and unit.active_since:
        since = max(since, unit.active_since)
    elif isinstance(unit, UnitState) and not unit.is_running and not is_well and unit.exited_at:
        since = min(since, unit.exited_at - WINDOW)
    history = facts.get("app_history", facts.get("app_journal"))
    if isinstance(history, Journal):
        whole = (*history.earlier, *history.entries)
        start = last_stop(whole)
        since = max(since, whole[start].at or since) if start else since
    names = hosts_of(facts, host)

    def news(events: tuple[KernelEvent, ...]) -> tuple[KernelEvent, ...]:
        aware = (replace(e, at=in_utc(e.at, zone)) for e in events)
        return tuple(e for e in aware if (e.at is None or e.at + TICK > since) and is_here(e, names))

    return KernelLog(
        oom_kills=news(kernel.oom_kills), crashes=news(kernel.crashes), denials=news(kernel.denials)
    )


def in_utc(at: datetime | None, zone: timezone) -> datetime | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def hosts_of(facts: Mapping[str, object], host: Host) -> frozenset[str]:
    journal = facts.get("app_journal")
    logged = {e.host for e in journal.entries} if isinstance(journal, Journal) else set()
    return frozenset({host.name, *logged} - {""})


def is_here(event: KernelEvent, names: frozenset[str]) -> bool:
    """A control group in front of `/system.slice` belongs to a host inside this machine: it must be ours."""
    before, found, _ = event.control_group.partition("/system.slice/")
    return not found or not before or any(part in names for part in before.split("/"))
