"""The PHP-FPM pool that the site asked about really dials, and how busy it is."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timezone

from bot.model.verdict import Line, RestartAdvice
from bot.parsers._fpm_log import FpmLine, SlowCall
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import FpmPool, FpmUnit, PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _quote

STEP = "php_fpm"


def dialled(
    fpm: PhpFpm | None, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> tuple[FpmPool, ...]:
    """Pools behind what nginx dials by FastCGI for the site; pools of others are no business of it.

    Both arguments have passed through focus, which leaves only what the site asked about dials.
    """
    if fpm is None:
        return ()
    found: dict[tuple[str, str], FpmPool] = {}
    for address in addresses(upstreams, error_log):
        for pool in fpm.pools_at(address):
            found[pool.config, pool.name] = pool
    return tuple(found.values())


def words(
    fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    pattern: re.Pattern[str],
) -> tuple[FpmLine, ...]:
    """FPM's own lines of now about the dialled pools that match, oldest first."""
    names = {pool.name for pool in dialled(fpm, upstreams, error_log)}
    said = fpm.said if fpm and names else ()
    return tuple(e for e in said if e.kind == "fpm" and e.pool in names and pattern.search(e.message))


#: Where the kit has a rule for FPM's log; elsewhere root reads none, for the folder may be the pool's user's.
_OF_THE_KIT = re.compile(r"/var/log/php[\d.]*-fpm\.log")


def shut(fpm: PhpFpm | None) -> str | None:
    """FPM's or PHP's own log that the bot may not read, with the way out; None when there is none."""
    path = next((path for path in fpm.unread if "slow" not in path), None) if fpm else None
    if path is None:
        return None
    way = "" if _OF_THE_KIT.fullmatch(path) else " (its group or an ACL could let it)"
    return f"{path}, which the bot may not read{way}"


def addresses(upstreams: HttpProbes | None, error_log: NginxErrorLog | None) -> tuple[str, ...]:
    """What nginx dials by FastCGI, each once."""
    asked = [p.address for p in upstreams.probes if p.protocol == "fastcgi"] if upstreams else []
    logged = (
        [e.address for e in error_log.errors if e.protocol == "fastcgi" and e.address] if error_log else []
    )
    return tuple(dict.fromkeys([*asked, *(logged if not asked else [])]))


def asked_by_http(
    fpm: PhpFpm | None, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> FpmPool | None:
    """A pool that runs, to which nginx sends HTTP: FPM reads no FastCGI in it and closes the connection."""
    if fpm is None:
        return None
    asked = [p.address for p in upstreams.probes if p.protocol in ("http", "https")] if upstreams else []
    logged = [e.address for e in error_log.errors if e.protocol in ("http", "https")] if error_log else []
    found = (pool for a in dict.fromkeys([*asked, *logged]) if a for pool in fpm.pools_at(a))
    return next((pool for pool in found if pool.master and not pool.is_stale), None)


def not_reloaded(fpm: PhpFpm | None, address: str) -> FpmPool | None:
    """A pool whose file says that it listens there, and whose FPM runs with an older file."""
    pools = fpm.pools_at(address) if fpm else ()
    return next((pool for pool in pools if pool.is_stale), None)


def not_running(fpm: PhpFpm | None, address: str) -> FpmPool | None:
    """A pool whose file says that it listens there, and no FPM runs with that file.

    Where masters may not be seen, its service has to say so.
    """
    pools = fpm.pools_at(address) if fpm else ()
    if fpm is None or any(pool.master for pool in pools):
        return None
    return next((pool for pool in pools if fpm.sees_all or _rests(unit_of(fpm, pool))), None)


def runs(fpm: PhpFpm) -> bool:
    """A master has one of the files; where masters may not be seen, a service says that it is active."""
    if not fpm.sees_all and any(unit.active == "active" for unit in fpm.units):
        return True
    return any(pool.master for pool in fpm.pools)


def _rests(unit: FpmUnit | None) -> bool:
    return unit is not None and unit.active in ("inactive", "failed")


def is_absent(fpm: PhpFpm | None, address: str) -> bool:
    """No FPM runs on this host and none is set to listen there, though the name is of PHP's making."""
    if fpm is None or fpm.masters or not fpm.sees_all or fpm.pools_at(address):
        return False
    return "php" in address or "fpm" in address


def is_down(fpm: PhpFpm | None, address: str, unit: UnitState | None) -> bool:
    """What is dialled there is a pool that nothing runs, or an FPM that this host does not have."""
    return not_running(fpm, address) is not None or (unit is None and is_absent(fpm, address))


def reload_helps(pool: FpmPool, unit: UnitState | None) -> RestartAdvice:
    """What a restart does for a pool whose file waits for a reload."""
    return _quote.helps(
        service_of(pool, unit), "it then listens where its file says now; a reload of it is enough"
    )


def waits_for_reload(pool: FpmPool) -> Line:
    """What its file says and since when."""
    at = datetime.fromtimestamp(pool.changed_s, UTC)
    return Line(
        step=STEP,
        text=f"{pool.config}: pool {pool.name} listen = {pool.listen}, files changed {at:%H:%M:%S} UTC, "
        "children of before",
        at=at,
    )


_VERSION = re.compile(r"php/?(\d)\.?(\d)")


def unit_of(fpm: PhpFpm, pool: FpmPool) -> FpmUnit | None:
    """The service that runs the pool's file, by the version in the names of both; None when none fits."""
    version = found.groups() if (found := _VERSION.search(pool.config)) else None
    for unit in fpm.units:
        named = _VERSION.search(unit.name)
        if (named.groups() if named else None) == version:
            return unit
    return None


def is_full(pool: FpmPool) -> bool:
    """Every child it may have has a connection, and in both looks others waited for one.

    A pool that may still grow is not full: FPM starts more children each second until pm.max_children.
    """
    return is_taken(pool) and (not pool.may_grow or pool.is_stale)


def is_taken(pool: FpmPool) -> bool:
    """Every child it has is taken, and others wait, in both looks."""
    if not pool.children or not pool.taken:
        return False
    return min(pool.taken) >= pool.children and min(pool.waiting) > 0


def is_deaf(pool: FpmPool) -> bool:
    """Connections wait in both looks though children are idle: they do not accept."""
    if not pool.master or not pool.waiting or not min(pool.waiting):
        return False
    never_started = not pool.children and pool.settings.get("pm") == "ondemand" and pool.may_grow
    return never_started or max(pool.taken) < pool.children


def is_free(pool: FpmPool) -> bool:
    """In one of the looks a child was idle, or one more could be started, and nothing waited."""
    if not pool.is_seen or pool.master is None:
        return False
    looks = zip(pool.taken, pool.waiting, strict=True)
    return any((taken < pool.children or pool.may_grow) and not waiting for taken, waiting in looks)


def of_now(fpm: PhpFpm, zone: timezone, since: datetime) -> PhpFpm:
    """Times made aware UTC; entries from before `since`, or from before FPM's last start, set apart."""
    said = [replace(entry, at=_aware(entry.at, zone)) for entry in fpm.said]
    kept: list[FpmLine] = []
    earlier: list[FpmLine] = []
    for entry in said:
        is_fresh = entry.at is not None and entry.at >= since
        (kept if is_fresh else earlier).append(entry)
    slow = (replace(call, at=_aware(call.at, zone)) for call in fpm.slow)
    return replace(
        fpm,
        said=tuple(kept),
        earlier=tuple(earlier),
        slow=tuple(call for call in slow if call.at is not None and call.at >= since),
    )


def _aware(at: datetime | None, zone: timezone) -> datetime | None:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC) if at else None


def counted(pool: FpmPool) -> Line:
    """How many children the pool has, how many are taken, and how many connections wait."""
    return Line(step=STEP, text=pool.line)


def quoted(entry: FpmLine) -> Line:
    """A line of FPM's log or of PHP's own."""
    return Line(step=STEP, text=entry.line, at=entry.at)


def slow_call(fpm: PhpFpm | None, pool: FpmPool) -> SlowCall | None:
    """The last thing a child of the pool was seen waiting in, where a slow log is kept."""
    calls = [call for call in fpm.slow if call.pool in ("", pool.name)] if fpm else []
    return calls[-1] if calls else None


def service_of(pool: FpmPool, unit: UnitState | None) -> str:
    """What a restart of the pool restarts: `app` where the fleet's unit is FPM's own."""
    name = pool.master.unit if pool.master else ""
    if not name:
        return "app" if unit is not None and "fpm" in unit.name else "PHP-FPM"
    return "app" if unit is not None and unit.name == name else name
