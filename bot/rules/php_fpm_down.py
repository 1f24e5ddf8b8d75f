"""PHP-FPM does not run."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _fpm_gone, _fpm_units, _just_now, _quote, _told
from bot.rules._once import lines_of
from bot.rules.app_stopped_by_hand import is_ordered


def php_fpm_down(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    unit: UnitState | None,
    php_fpm: PhpFpm | None,
    clock: HostClock,
) -> Finding | RuledOut | None:
    """nginx speaks FastCGI to a place where no PHP-FPM listens.

    Why: a fastcgi upstream refuses or its socket is missing.
    Ruled out when: the FastCGI socket takes connections.
    Mistaken when: PHP-FPM listens elsewhere, e.g. after a PHP upgrade renamed its socket (socket_missing).
    Mended by: installing, enabling or starting PHP-FPM, and the correction of what its own log complains of;
    the right socket in fastcgi_pass.
    Not mended by: a restart of nginx; file modes, which give another error (13).
    Source: ngx_http_fastcgi_module fastcgi_pass; php-fpm `listen`.
    """
    faults = error_log.of(Fault.REFUSED, Fault.SOCKET_MISSING) if error_log else ()
    logged = [entry for entry in faults if entry.protocol == "fastcgi"]
    dead = [
        p
        for p in (upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ())
        if p.protocol == "fastcgi"
    ]
    if not logged and not dead:
        asked = _fpm.addresses(upstreams, error_log)
        if php_fpm and error_log and (taken := _fpm_gone.taken(php_fpm, asked, unit, error_log)):
            return taken
        running = [pool for pool in _fpm.dialled(php_fpm, upstreams, error_log) if pool.children]
        because = tuple(_fpm.counted(pool) for pool in running[:1])
        return RuledOut(cause="php_fpm_down", says="PHP-FPM runs", because=because) if running else None
    addresses = dict.fromkeys([*(p.address for p in dead), *(entry.address for entry in logged)])
    idle = next((p for a in addresses if (p := _fpm.not_running(php_fpm, a))), None)
    if (
        php_fpm is not None
        and idle is not None
        and (other := _fpm_gone.of_another(php_fpm, idle, unit, logged, dead))
    ):
        return other
    if (
        php_fpm is not None
        and unit is None
        and (absent := [a for a in addresses if _fpm.is_absent(php_fpm, a)])
    ):
        return _fpm_gone.none_here(php_fpm, absent[0], logged, dead)
    runs = php_fpm is not None and _fpm.runs(php_fpm)
    if runs and idle is None and (unit is None or unit.is_running):
        return None  # it runs and listens elsewhere: socket_missing, wrong_port
    moves = _just_now.motion(unit)
    is_down = unit is not None and "php" in unit.name and _just_now.is_down(unit)
    return Finding(
        cause="php_fpm_down",
        certainty=Certainty.CONFIRMED if is_down and dead else Certainty.LIKELY,
        says="nothing answers where nginx speaks FastCGI"
        + (f", and {unit.name} {moves} at this moment" if unit and moves else "")
        + (f": {unit.name} is {unit.active}" if unit and is_down else ""),
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dead[:1]),
            *((_quote.state(unit, "ActiveState", "SubState", "Result"),) if unit is not None else ()),
        ),
        restart=_just_now.start(unit, clock, helps="PHP-FPM only has to be started", otherwise=_UNKNOWN),
        next_check=_just_now.AGAIN if moves else _check(unit if is_down else None),
        weight=41,
    )


_UNKNOWN = "it is not known why it is not there"


def _check(unit: UnitState | None) -> str:
    """Of a service that is seen to be down only the reason is asked, which its journal has."""
    if unit is None:
        return _fpm_gone.CHECK
    if unit.active == "failed":
        return f"`journalctl -u {unit.name} -n 50` and `php-fpm -t` of its version: why it failed"
    return f"`journalctl -u {unit.name} -n 50`: who or what stopped it"


#: `httpd-UDS` is Apache's name for a unix socket.
_LOCAL = re.compile(r"unix:|\A/|httpd-uds|127\.0\.0\.1|localhost|\[?::1\]?")
_VERSIONED = re.compile(r"php(?:-fpm)?-?\d|fpm\d")


def told(signs: Signs) -> Finding | RuledOut | None:
    """FastCGI finds nobody; FPM's unit or its own log says why."""
    dialled = next(
        (s for s in signs.of("dial_refused", "dial_missing", "dial_failed") if _is_fastcgi(s)), None
    )
    unit = _fpm_units.down(signs, dialled)
    absent = signs.first("fpm_absent")
    complains = signs.first("fpm_complains")
    ends = signs.of("exited", "start_limit")
    own = next((s for s in ends if "fpm" in s["who"] + s["unit"] and "child" not in s["who"]), None)
    gone = unit or absent or signs.first("fpm_dies") or complains or own
    if dialled is None and gone is None:
        return None
    running = next((s for s in signs.of("unit") if "fpm" in s["unit"] and s["active"] == "active"), None)
    # A pool's `listen =` (inside a container, or so written) says what is meant, not what runs.
    open_ = (s for s in signs.of("listening") if s["inside"] != "container" and not s["meant"])
    listens = next((s for s in open_ if "fpm" in s["process"] + s["path"]), None)
    if gone is None and (there := running or listens):
        line = Line(step=there.source or "pasted", text=there.line)
        return RuledOut(cause="php_fpm_down", says="PHP-FPM runs", because=(line,))
    if gone is not None:
        return _gone(signs, gone, dialled)
    if signs.has("pool_exhausted", "crashed", "out_of_memory"):
        return _told.possible("php_fpm_down", 46, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)
    if dialled is None or _is_in_container(dialled):
        return _told.possible("php_fpm_down", 45, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)
    path = dialled["target"].removeprefix("unix:").rstrip(":")
    meant = next((s for s in signs.of("listening") if path and s["path"] == path), None)
    if meant is not None:
        says = "PHP-FPM is set to listen where it is dialled, and does not"
        return _told.likely("php_fpm_down", 78, says, _NOT_KNOWN, dialled, meant, next_check=_fpm_gone.CHECK)
    ended = signs.first("fpm_ended_told")
    if ended is not None:
        says = "PHP-FPM's service ends with an error, as the report says, so nobody makes its socket"
        return _told.likely("php_fpm_down", 84, says, _NOT_KNOWN, dialled, ended, next_check=_fpm_gone.CHECK)
    if dialled.kind == "dial_missing":
        return _missing(dialled)
    if "hhvm" in path.lower():
        return None  # it is HHVM that does not answer
    if any("hhvm" in line.lower() for line in lines_of(signs)):
        return _told.possible("php_fpm_down", 32, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)
    return _told.likely("php_fpm_down", 72, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)


_SAYS = "nobody answers where FastCGI is spoken: PHP-FPM does not run there"
_DIES = "PHP-FPM's own process does not come up, so nobody speaks FastCGI"
_NOT_KNOWN = _quote.useless(
    "php-fpm", "it is not known why it is not there, nor whether it listens elsewhere"
)


def _is_fastcgi(sign: Sign) -> bool:
    target = sign["target"].lower()
    if sign["protocol"] not in ("", "fastcgi"):
        return False
    return sign["protocol"] == "fastcgi" or "php" in target or "fpm" in target or target.endswith(":9000")


def _is_in_container(dialled: Sign) -> bool:
    """A name or an address of another network: there FPM is the main process and comes and goes with it."""
    return not _LOCAL.search(dialled["target"].lower())


def _missing(dialled: Sign) -> Finding:
    """A socket that is not there; one with a version in its name is often of a PHP that was replaced."""
    if _VERSIONED.search(dialled["target"].rpartition("/")[2]):
        return _told.possible("php_fpm_down", 53, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)
    return _told.likely("php_fpm_down", 62, _SAYS, _NOT_KNOWN, dialled, next_check=_fpm_gone.CHECK)


_LIMITED = _quote.unknown(
    "php-fpm", "no complaint of its own is shown: `systemctl reset-failed` and one start would tell"
)


def _gone(signs: Signs, gone: Sign, dialled: Sign | None) -> Finding:
    if gone.kind == "start_limit" and dialled is None:  # started too often, maybe while it was well
        says = "PHP-FPM's service was started too often in a row, and does not run"
        return _told.likely("php_fpm_down", 66, says, _LIMITED, gone, next_check=_fpm_gone.CHECK)
    if gone.kind == "fpm_dies":
        dies = _quote.useless("php-fpm", "it meets the same again when it starts")
        weight = 62 if signs.has("out_of_memory", "disk_full", "port_taken") else 89
        return _told.likely("php_fpm_down", weight, _DIES, dies, gone, dialled, next_check=_fpm_gone.CHECK)
    clean = gone.kind == "unit" and gone["active"] == "inactive" and gone["result"] in ("", "success")
    clean = clean and "want up" not in gone.line  # runit tries again each second, and it ends each time
    advice = (
        _quote.helps("php-fpm", "it only has to be started")
        if clean
        else _quote.useless("php-fpm", "it is not installed, or meets the same complaint again")
    )
    if gone.kind == "unit" and clean and is_ordered(signs, gone):
        return _told.likely("php_fpm_down", 80, _SAYS, advice, gone, dialled, next_check=_fpm_gone.CHECK)
    taken = "already listen" in gone["text"]
    if gone.kind == "fpm_complains" and signs.has("unit_user"):  # permission_user is what keeps it down
        return _told.likely("php_fpm_down", 74, _SAYS, advice, gone, dialled, next_check=_fpm_gone.CHECK)
    if dialled is not None and not taken and not signs.has("port_taken", "disk_full", "out_of_memory"):
        return _told.confirmed("php_fpm_down", 92, _SAYS, advice, gone, dialled)
    return _told.likely(
        "php_fpm_down", 62 if taken else 80, _SAYS, advice, gone, dialled, next_check=_fpm_gone.CHECK
    )
