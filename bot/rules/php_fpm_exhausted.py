"""PHP-FPM has no child left."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers._numbers import is_number
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import FpmPool, PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _outage, _quote, _restart_told, _told

#: fpm_process_ctl.c; fpm_children.c for the limit of all pools together. Static pools never say so.
_SAID = re.compile(r"(server )?reached (pm\.)?max_children setting|reached process\.max", re.IGNORECASE)


def php_fpm_exhausted(  # counted, said by FPM, and felt by nginx
    php_fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    app_journal: Journal | None,
    error_log: NginxErrorLog | None,
    unit: UnitState | None,
    front: HttpProbes | None,
) -> Finding | RuledOut | None:
    """All children of the PHP-FPM pool are busy, so requests wait until nginx gives up.

    Why: of the pool that nginx dials for the site every child has a connection, in two looks, and others
    wait for one; or PHP-FPM says that pm.max_children is reached while nginx waits in vain.
    Ruled out when: the pool has an idle child, or may start one more, and nobody waits.
    Mistaken when: it was reached for a moment and requests are answered again.
    Mended by: faster scripts (slow log), a time limit for stuck ones (request_terminate_timeout), or more
    children where memory allows (pm.max_children); a reload where the file has more already.
    Not mended by: longer nginx time-outs; more children than memory holds.
    Source: fpm_process_ctl.c; php-fpm pm.max_children; unix(7), /proc/net/unix.
    """
    pools = _fpm.dialled(php_fpm, upstreams, error_log)
    own = _fpm.words(php_fpm, upstreams, error_log, _SAID)
    logged = error_log.of(Fault.BACKLOG, Fault.READ_TIMEOUT, Fault.CONNECT_TIMEOUT) if error_log else ()
    logged = tuple(entry for entry in logged if not pools or entry.protocol in ("", "fastcgi"))
    lines = (
        *(_fpm.quoted(entry) for entry in own[-1:]),
        *(_quote.logged(entry) for entry in (app_journal.matching(_SAID) if app_journal else ())[:1]),
        *(_quote.error(entry) for entry in logged[:1]),
        *(_quote.probe(p, "front") for p in (front.probes if front and not logged else ()) if not p.is_well),
    )
    is_well = front is not None and front.are_well and not logged  # busy, and quick enough for all
    for pool in pools if not is_well else ():
        if pool.may_grow and _fpm.is_taken(pool) and (stunted := _stunted(php_fpm, pool, unit)):
            return _cannot_grow(pool, stunted, lines[-1:], unit)
        if _fpm.is_full(pool):
            return _full(pool, lines, php_fpm, unit)
    said = own or (app_journal is not None and app_journal.matching(_SAID))
    if pools and all(_fpm.is_free(pool) for pool in pools) and not (said and logged):
        says = f"{_busy(pools[0])} of pool {pools[0].name} are busy, and nobody waits for one"
        return RuledOut(cause="php_fpm_exhausted", says=says, because=(_fpm.counted(pools[0]),))
    if not said:
        return None
    return Finding(
        cause="php_fpm_exhausted",
        certainty=Certainty.CONFIRMED if logged and not pools else Certainty.LIKELY,
        says="PHP-FPM had all its children busy",
        because=(*lines, *(_fpm.counted(pool) for pool in pools[:1])),
        restart=_quote.temporary(
            _fpm.service_of(pools[0], unit) if pools else "app",
            "children are free again until the slow requests come back",
        ),
        next_check="what the children wait for (php-fpm slow log)",
        weight=69,
    )


def _busy(pool: FpmPool) -> str:
    limit = max(pool.max_children or 0, pool.children)
    return f"{min(pool.taken)} of {limit} children"


def _full(pool: FpmPool, lines: tuple[Line, ...], fpm: PhpFpm | None, unit: UnitState | None) -> Finding:
    """Full now by count; what a child was seen in, and a larger limit that waits for a reload, are told."""
    call = _fpm.slow_call(fpm, pool)
    what = _fpm.service_of(pool, unit)
    limit = pool.max_children or 0
    waits_for_reload = pool.is_stale and limit >= pool.children + min(pool.waiting)
    advice = (
        _quote.helps(what, f"its file says pm.max_children = {limit}, and it was not reloaded since")
        if waits_for_reload
        else _quote.temporary(
            what, "it ends the requests that hold the children; those that come take them again"
        )
    )
    return Finding(
        cause="php_fpm_exhausted",
        certainty=Certainty.CONFIRMED,
        says=f"{_all(pool)} busy and {_wait(pool)} for one"
        + (f"; {call.script} was seen in {call.call}" if call else ""),
        because=(_fpm.counted(pool), *lines),
        restart=advice,
        next_check=None if waits_for_reload else _waits_for(pool, fpm),
        weight=69,
    )


def _all(pool: FpmPool) -> str:
    if pool.children == 1:
        return f"the only child of PHP-FPM's pool {pool.name} is"
    return f"all {pool.children} children of PHP-FPM's pool {pool.name} are"


def _wait(pool: FpmPool) -> str:
    waiting = min(pool.waiting)
    return "1 connection waits" if waiting == 1 else f"{waiting} connections wait"


#: fpm_children.c: the host, the unit (TasksMax=) or the user (ulimit -u) has no room for one more process.
_NO_FORK = re.compile(r"fork\(\) failed", re.IGNORECASE)


def _stunted(fpm: PhpFpm | None, pool: FpmPool, unit: UnitState | None) -> Line | None:
    """FPM's complaint, which names no pool; or the unit's own count, where the log may not be read."""
    said = [e for e in fpm.said if e.kind == "fpm" and _NO_FORK.search(e.message)] if fpm else []
    if said:
        return _fpm.quoted(said[-1])
    if unit is None or _fpm.service_of(pool, unit) != "app":
        return None
    has, may = unit.properties.get("TasksCurrent", ""), unit.properties.get("TasksMax", "")
    is_at_limit = is_number(has) and is_number(may) and int(has) >= int(may)
    return _quote.state(unit, "TasksCurrent", "TasksMax") if is_at_limit else None


def _cannot_grow(pool: FpmPool, said: Line, logged: tuple[Line, ...], unit: UnitState | None) -> Finding:
    """All children are busy, and the kernel does not let FPM start more."""
    state = _quote.state(unit, "TasksCurrent", "TasksMax") if unit is not None else said
    return Finding(
        cause="php_fpm_exhausted",
        certainty=Certainty.CONFIRMED,
        says=f"{_all(pool)} busy, {_wait(pool)}, and no more children can be started",
        because=(_fpm.counted(pool), *dict.fromkeys((said, state)), *logged),
        restart=_quote.temporary(
            _fpm.service_of(pool, unit),
            "the limit stays, and it ends only the requests that hold the children",
        ),
        mend="room for more processes: TasksMax= of the unit, the user's limit of processes, or memory",
        weight=73,
    )


def _waits_for(pool: FpmPool, fpm: PhpFpm | None) -> str:
    call = _fpm.slow_call(fpm, pool)
    if call is not None:
        return f"why {call.script} stays in {call.call}"
    if "slowlog" in pool.settings:
        return f"what the children wait for: {pool.settings['slowlog']}"
    return (
        f"what the children wait for (database, another service, a lock): pool {pool.name} keeps no slow log"
        " (request_slowlog_timeout, slowlog)"
    )


def told(signs: Signs) -> Finding | None:
    """FPM's own line about its children; stuck ones are freed by a restart, busy ones are busy again."""
    full = next((s for s in signs.of("pool_exhausted") if s["app"] == "php-fpm"), None)
    seen = signs.first(*_outage.SLOW, *_outage.BROKEN, "dial_refused") or next(
        iter(_outage.gateway_errors(signs)), None
    )
    says = "all children of the PHP-FPM pool are busy, so requests wait"
    counted = signs.first("fpm_all_busy")
    if full is None and counted is not None and not signs.has("worker_timeout", "out_of_memory"):
        return _told.likely("php_fpm_exhausted", 89, says, _BUSY_AGAIN, counted, seen, next_check=_CHECK)
    if full is None:
        busy = next((s for s in signs.of("pool_busy") if s["app"] == "php-fpm"), None)
        if busy is not None and seen is not None:
            return _told.likely("php_fpm_exhausted", 66, says, _BUSY_AGAIN, busy, seen, next_check=_CHECK)
        return _guessed(signs)
    stuck = signs.has("answer_timeout")
    helped = _restart_told.brought_back(signs)
    of_fpm = helped if helped is not None and helped.what == "php-fpm" else None
    advice = _STUCK if stuck else of_fpm or _BUSY_AGAIN
    deeper = signs.has(
        "worker_timeout", "crashed", "out_of_memory", "dependency_away", "dial_denied", "lock_awaited"
    )
    queue = signs.first("dial_busy")
    if (
        queue is not None and not deeper and not _is_of_another_pool(full, queue)
    ):  # a late answer alone may be one slow script's (http_504_timeout)
        return _told.confirmed("php_fpm_exhausted", 93, says, advice, full, queue)
    if seen is not None and not deeper and seen.kind not in ("dial_refused", *_outage.BROKEN):
        return _told.likely("php_fpm_exhausted", 90, says, advice, full, seen, next_check=_CHECK)
    return _told.likely("php_fpm_exhausted", 80, says, advice, full, seen, next_check=_CHECK)


def _is_of_another_pool(full: Sign, queue: Sign) -> bool:
    """The pool that is full has a name, and the socket that is dialled has another one."""
    pool = _POOL.search(full.line)
    named = set(re.split(r"[\W\d_]+", queue["target"])) - _PLAIN
    return pool is not None and pool[1] != "www" and bool(named) and pool[1] not in queue["target"]


_POOL = re.compile(r"\[pool ([\w.-]+)\]")
#: What every socket of PHP-FPM is called.
_PLAIN = {"", "unix", "run", "var", "tmp", "php", "fpm", "sock", "www", "fastcgi"}
_STUCK = _quote.temporary("php-fpm", "stuck children are gone until the slow requests come back")
_BUSY_AGAIN = _quote.useless("php-fpm", "the same load takes all children again")
_CHECK = "how long the children work on what (php-fpm status page, slow log)"


def _guessed(signs: Signs) -> Finding | None:
    """A FastCGI socket whose queue is full, or that answers too late, has all children busy."""
    waits = next(
        (
            s
            for s in signs.of("dial_busy", "answer_timeout", "dial_timeout")
            if (s["protocol"] == "fastcgi" or "php" in s["target"])
            and (s.kind != "dial_timeout" or "unix:" in s["target"])
        ),
        None,
    )
    if waits is None:
        return None
    says = "FastCGI waits for PHP-FPM; maybe all of its children are busy"
    weight = 40 if waits.kind == "answer_timeout" else 56
    return _told.possible("php_fpm_exhausted", weight, says, _BUSY_AGAIN, waits, next_check=_CHECK)
