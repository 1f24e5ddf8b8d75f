"""What raises the limit of open files: of nginx's workers, of the app's unit; and whose journal says so.

Source: ngx_core_module worker_rlimit_nofile (of the workers alone, read at each reload); systemd.exec(5)
LimitNOFILE=; ngx_channel.c: a worker that has no descriptor left for what its master passes it closes the
channel, hears of no reload from then on and serves by the files of before.
"""

from datetime import datetime, timedelta

from bot.model.verdict import Line
from bot.parsers.journal import JournalEntry
from bot.parsers.likely_units import LikelyUnit, LikelyUnits
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.processes import Process, Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _life

LEAK = "an end to the leak where the number only grows"
#: What a unit that is not named in the fleet file said longer ago is no news.
_LATELY = timedelta(minutes=2)


def of_nginx(config: NginxConfig | None, worker: Process | None) -> str:
    """The directive, with what it is now."""
    found = [d for d in config.named("worker_rlimit_nofile") if d.arguments] if config else []
    has = found[-1].arguments[0] if found else worker.fd_limit if worker else None
    now = f" (a worker has {has} now)" if has else ""
    return (
        f"worker_rlimit_nofile in nginx.conf{now}, above twice worker_connections; then a restart of nginx, "
        "for a worker without descriptors does not hear of a reload; and an end to what holds so many open"
    )


def of_app(unit: UnitState | None) -> str | None:
    """LimitNOFILE= of the unit; None where another keeps the app."""
    if unit is None or unit.container:
        return None
    limit = unit.properties.get("LimitNOFILE")
    now = f" ({limit} now)" if limit else ""
    return f"LimitNOFILE= of {unit.name}{now}, then a restart of it; {LEAK}"


def worker_of(entry: NginxError, processes: Processes | None) -> Process | None:
    """The worker that wrote the line; None where it was not seen."""
    seen = processes.processes if processes else ()
    return next((p for p in seen if p.pid == entry.pid and p.name == "nginx"), None)


def line(worker: Process | None, config: NginxConfig | None) -> tuple[Line, ...]:
    """The limit that nginx met."""
    found = config.named("worker_rlimit_nofile") if config else ()
    if found:
        return (Line(step="config", text=found[-1].text),)
    return (Line(step="processes", text=worker.line),) if worker else ()


def said_lately(likely: LikelyUnits | None, now: datetime) -> tuple[LikelyUnit, JournalEntry] | None:
    """A unit that names what nginx dials, and its last line about it; of a fleet entry without a unit."""
    for unit in likely.units if likely else ():
        found = unit.said.matching(_life.TOO_MANY_FILES) if unit.names and unit.is_up else ()
        if found and found[-1].at is not None and now - found[-1].at < _LATELY:
            return unit, found[-1]
    return None
