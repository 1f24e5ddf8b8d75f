"""What the app has not been started with yet: files changed since its last start, programs that are gone."""

from datetime import datetime, timedelta

from bot.model.host import Host
from bot.parsers.changes import Change, Changes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life

#: systemd and some `stat` cut times to the second: what is that much later may have been read by the start.
TICK = timedelta(seconds=1)
#: Where nobody knows the last start, what changed so soon before the stop has to do with it.
_BEFORE_STOP = timedelta(minutes=10)
_OF_THE_MACHINE = ("/etc/hosts", "/etc/resolv.conf")


def of_the_app(changes: Changes, host: Host) -> tuple[Change, ...]:
    """What the app reads at its start, the latest change first: unit, drop-ins, environment, release link."""
    proxy = host.service.nginx.config.rpartition("/")[0] + "/"
    own = [f for f in changes.files if f.name not in _OF_THE_MACHINE and not f.name.startswith(proxy)]
    if link := changes.link:
        own.append(Change(name=link.path, at=link.changed_at, line=link.line))
    return tuple(sorted(own, key=lambda change: change.at, reverse=True))


def change(
    changes: Changes | None, host: Host, unit: UnitState, history: Journal | None, stopped: datetime
) -> Change | None:
    """The latest change that no start of the app has met."""
    started = unit.started_at or _started(history)
    since = started + TICK if started else stopped - _BEFORE_STOP
    return next(iter(later(changes, host, since)), None)


def later(changes: Changes | None, host: Host, since: datetime) -> tuple[Change, ...]:
    """What it reads at its start and was changed after `since`, the latest first."""
    own = of_the_app(changes, host) if changes else ()
    return tuple(one for one in own if one.at > since)


def _started(history: Journal | None) -> datetime | None:
    """When systemd last logged a start; it forgets the times of a disabled unit that rests."""
    whole = (*history.earlier, *history.entries) if history else ()
    starts = [e.at for e in whole if e.is_from_systemd and e.at and _life.STARTED.search(e.message)]
    return starts[-1] if starts else None
