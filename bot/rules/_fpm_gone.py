"""PHP-FPM that does not run, or is not there, told by what the host shows of it besides the fleet's unit.

Source: systemd.unit(5): a masked unit refuses every start; fpm_conf.c says at ERROR why it gives up.
"""

from collections.abc import Iterable, Sequence

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers._fpm_log import FpmLine
from bot.parsers.http_probes import Probe
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool, FpmUnit, PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _last_words, _life, _quote

CHECK = "does php-fpm run, and on which socket does it listen?"


def of_another(
    fpm: PhpFpm, pool: FpmPool, unit: UnitState | None, logged: Sequence[NginxError], dead: Sequence[Probe]
) -> Finding | None:
    """A service that is not the fleet's runs the dialled pool, e.g. of another version; None if it is."""
    service = _fpm.unit_of(fpm, pool)
    if unit is not None and (service is None or service.name == unit.name) and not unit.is_running:
        return None
    name = service.name if service else "its PHP-FPM"
    is_masked = service is not None and service.load.startswith("masked")
    rests = service is not None and service.active == "inactive" and service.load == "loaded"
    words = _said_at_its_end(fpm, name)
    state = _state(service)
    return Finding(
        cause="php_fpm_down",
        certainty=Certainty.CONFIRMED if service else Certainty.LIKELY,
        says=f"nginx dials the pool {pool.name} of {pool.config}, and no PHP-FPM runs with that: {state}"
        + (f": {words.message}" if words else ""),
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dead[:1]),
            Line(step=_fpm.STEP, text=f"{pool.config}: pool {pool.name} listen = {pool.listen}; {state}"),
            *((_fpm.quoted(words),) if words else ()),
        ),
        restart=_start(name, service, words),
        next_check=None
        if words or rests or is_masked
        else f"`systemctl status {name}`: why it does not run"
        if service
        else CHECK,
        mend=_mend(name, service, words, is_named=unit is not None),
        weight=88,
    )


def _mend(name: str, service: FpmUnit | None, words: FpmLine | None, *, is_named: bool) -> str | None:
    """What to do about it, and how the bot may do it next time."""
    if service is None:
        return None
    if service.load.startswith("masked"):
        return f"asking who masked {name} and why; then systemctl unmask {name}, and a start"
    start = f"systemctl start {name}" + (
        "" if is_named else f" (offered here once the fleet file has service.unit: {name})"
    )
    if service.active == "inactive" and service.load == "loaded":
        return f"asking who stopped {name} and why; then {start}"
    return f"a correction of what it says there; then {start}" if words else None


def _state(service: FpmUnit | None) -> str:
    if service is None:
        return "no service of it is known"
    if service.load.startswith("masked"):
        return f"{service.name} is masked, and {service.active}"
    sub = f" ({service.sub})" if service.sub != service.active else ""
    why = f", Result={service.result}" if service.result not in ("", "success") else ""
    return f"{service.name} is {service.active}{sub}{why}"


def _start(name: str, service: FpmUnit | None, words: FpmLine | None) -> RestartAdvice:
    """Whether a start of it mends it."""
    if service is not None and service.load.startswith("masked"):
        return _quote.useless(name, "a masked unit refuses every start")
    if service is not None and service.load == "not-found":
        return _quote.useless(name, "its unit's file is gone")
    if service is not None and service.active == "inactive":
        return _quote.helps(name, "it only has to be started")
    if service is not None and service.result in ("signal", "core-dump", "watchdog", "oom-kill"):
        return _quote.temporary(name, f"it was ended ({service.result}) and works until that comes again")
    if words is not None:
        return _quote.useless(name, "it meets the same again when it starts")
    return _quote.unknown(name, "why it does not run is not known")


def taken(
    fpm: PhpFpm, addresses: Iterable[str], unit: UnitState | None, error_log: NginxErrorLog
) -> Finding | None:
    """FPM does not come up because somebody else has its address, and what has it answers nginx wrongly."""
    for address in addresses:
        pool = _fpm.not_running(fpm, address)
        service = _fpm.unit_of(fpm, pool) if pool else None
        words = _said_at_its_end(fpm, service.name) if service else None
        logged = [entry for entry in error_log.errors if entry.address == address]
        if pool and logged and words and _life.ADDRESS_IN_USE.search(words.message):
            return of_another(fpm, pool, unit, logged, ())
    return None


def none_here(fpm: PhpFpm, address: str, logged: Sequence[NginxError], dead: Sequence[Probe]) -> Finding:
    """Neither a process nor a pool for that address; maybe none was ever installed, or it was removed."""
    others = sorted({pool.listen for pool in fpm.pools})
    known = [u for u in fpm.units if u.active != "active"]
    tells = f"its files have pools on {', '.join(others[:3])} only" if others else "no file of a pool is here"
    services = ", ".join(f"{u.name} is {u.active}" for u in known[:3]) or "no service of it is known"
    return Finding(
        cause="php_fpm_down",
        certainty=Certainty.CONFIRMED if dead else Certainty.LIKELY,
        says=f"nginx dials {address}, and no PHP-FPM runs on this host: {tells}, {services}",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dead[:1]),
            Line(step=_fpm.STEP, text=f"no master process; {tells}; {services}"),
        ),
        restart=_quote.useless("PHP-FPM", "none is set up for that address"),
        next_check="which version should run: `ls /usr/sbin/php-fpm*`, and the log of the package manager",
        weight=88,
    )


def _said_at_its_end(fpm: PhpFpm, service: str) -> FpmLine | None:
    """Why a failed service did not come up: what it said before it said that it gives up."""
    said = [e for e in (*fpm.earlier, *fpm.said) if e.kind == f"unit:{service}"]
    return next((e for e in reversed(said) if not _last_words.FOLLOWS.search(e.message)), None)
