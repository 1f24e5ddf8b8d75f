"""Freezes: windows of the wall clock in which nothing is done without break-glass.

A window is meant in local time: from Friday 18:00 for 60 hours ends on Monday at 06:00, also when the
clock was turned in between. A local time that comes twice or never is read the way that makes the
window longer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.ruling import Frozen
from bot.policy.cron import Cron

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """One window, or one that comes again."""

    name: str
    #: Empty: every action.
    actions: frozenset[str] = frozenset()
    #: All of these that are not empty must fit the host.
    environments: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    #: IANA name, e.g. Europe/Berlin.
    zone: str = "UTC"
    #: A single window, to excluded; aware, or local to the zone.
    dates: tuple[datetime, datetime] | None = None
    #: One that comes again: when it begins, and how long it lasts.
    begins: Cron | None = None
    lasts_s: float = 0.0


def frozen_at(freezes: Iterable[Freeze], at: datetime) -> tuple[Frozen, ...]:
    """Those in force at this instant, in order, each with the end of its window."""
    found = ((freeze.name, _until(freeze, at)) for freeze in freezes)
    return tuple(Frozen(name=name, until=until) for name, until in found if until is not None)


def _until(freeze: Freeze, at: datetime) -> datetime | None:
    ends = [end for begin, end in _windows(freeze, at) if begin <= at < end]
    return max(ends, default=None)


def _windows(freeze: Freeze, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every window that could be open then."""
    zone = ZoneInfo(freeze.zone)
    if freeze.dates is not None:
        yield min(_instants(freeze.dates[0], zone)), max(_instants(freeze.dates[1], zone))
    if freeze.begins is None:
        return
    lasts = timedelta(seconds=freeze.lasts_s)
    local = at.astimezone(zone).replace(tzinfo=None)
    day = (local - lasts - _DAY).date()
    while day <= (local + _DAY).date():
        if freeze.begins.begins_on(day):
            for time in freeze.begins.times():
                start = datetime.combine(day, time)
                yield min(_instants(start, zone)), max(_instants(start + lasts, zone))
        day += _DAY


def _instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a local time; the same twice on all but two nights of the year."""
    if local.tzinfo is not None:
        return local.astimezone(UTC), local.astimezone(UTC)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
