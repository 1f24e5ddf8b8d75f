"""The unix socket nginx dials does not exist."""

import re

from bot.model.evidence import HostClock
from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.likely_units import LikelyUnits
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.related_units import RelatedUnits
from bot.parsers.socket_files import SocketFiles
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _dialling,
    _fpm,
    _fpm_elsewhere,
    _life,
    _likely,
    _private_tmp,
    _quote,
    _socket_removed,
    _socket_side,
    _socket_unit,
    _told,
)
from bot.rules._kin_sockets import is_kin, is_same, paths
from bot.rules._socket_side import CHECK, SAME_PLACE


def socket_missing(  # noqa: PLR0913, PLR0917  # a path and all who may make, hide, hold or remove it
    error_log: NginxErrorLog | None,
    socket_files: SocketFiles | None,
    unix_listeners: ListeningSockets | None,
    listeners: ListeningSockets | None,
    unit: UnitState | None,
    nginx_unit: UnitState | None,
    php_fpm: PhpFpm | None,
    clock: HostClock,
    related_units: RelatedUnits | None,
    upstreams: HttpProbes | None,
    likely_units: LikelyUnits | None,
    host: Host,
) -> Finding | RuledOut | None:
    """The path of the unix socket in nginx's configuration does not exist, though the app runs.

    Why: nginx gets "No such file or directory"; the path is not there, or in a /tmp that a unit has for
    itself (PrivateTmp=); the app or its socket unit listens elsewhere, as PHP-FPM of another version does. A
    former path's file may be left, which refuses.
    Ruled out when: the path exists.
    Mistaken when: the app does not run and would make the socket (upstream_down, app_crash_startup).
    Mended by: the same path in the proxy's and the app's configuration (and PrivateTmp= off for sockets in
    /tmp).
    Not mended by: a restart of an app that runs and listens elsewhere: it makes its socket there again. It
    mends one whose file was removed under it.
    Source: unix(7), connect(2) ENOENT.
    """
    logged = error_log.of(Fault.SOCKET_MISSING) if error_log else ()
    if hidden := _private_tmp.of_nginx(logged, socket_files, nginx_unit):
        return hidden
    logged = tuple(e for e in logged if not _exists(e.address, socket_files))
    missing = (
        [m for m in socket_files.missing if m.endswith((".sock", ".socket")) or logged]
        if socket_files
        else []
    )
    if held := _socket_unit.found(related_units, socket_files, missing, upstreams, unit, logged):
        return held
    if not logged and not missing:
        there = [e for e in socket_files.entries if e.kind == "socket"] if socket_files else []
        says = f"{there[0].name} exists" if there else ""
        because = tuple(Line(step="socket_files", text=entry.line) for entry in there[:1])
        return RuledOut(cause="socket_missing", says=says, because=because) if there else None
    if unit is not None and (not unit.is_running or _life.is_crashing(unit, clock)):
        return None
    path = logged[0].address[5:] if logged and logged[0].address else (missing or ["the socket"])[0]
    if _fpm.is_down(php_fpm, f"unix:{path}", unit):
        return None  # php_fpm_down
    pool = _fpm.not_reloaded(php_fpm, f"unix:{path}")
    pids = frozenset({unit.main_pid} - {0}) if unit else frozenset()
    own = [s for seen in (unix_listeners, listeners) if seen for s in seen.of_pids(pids)]
    sees_owners = unix_listeners is not None and any(s.processes for s in unix_listeners.sockets)
    elsewhere = _fpm_elsewhere.pools(php_fpm, f"unix:{path}") if not own else ()
    is_up = unit is not None or bool(elsewhere)
    may_come = sees_owners and not own and not elsewhere
    removed = next((s for s in unix_listeners.sockets if s.path == path), None) if unix_listeners else None
    if removed is not None:
        of_fpm = next(iter(php_fpm.pools_at(f"unix:{path}")), None) if php_fpm else None
        what = _fpm.service_of(of_fpm, unit) if of_fpm else "app"
        return _private_tmp.of_app(path, removed, logged, unit) or _socket_removed.finding(
            path, removed, logged, missing, unit, what=what
        )
    side = (
        _socket_side.of_stale_pool(pool, unit, own)
        if pool is not None
        else _socket_side.of_other_pools(elsewhere, path, unit)
        if elsewhere
        else _socket_side.of_unit(own)
        if unit is not None
        else _socket_side.of_no_unit(_likely.of(f"unix:{path}", likely_units, host, listeners))
    )
    return Finding(
        cause="socket_missing",
        certainty=Certainty.CONFIRMED if missing and is_up and not may_come else Certainty.LIKELY,
        says=f"nginx dials {path}, which does not exist{side.says}",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(Line(step="socket_files", text=f"missing {name}") for name in missing[:1]),
            *side.lines,
        ),
        restart=side.restart,
        next_check=None if is_up and not may_come else side.next_check,
        mend=side.mend,
        weight=70 if may_come else 86,
    )


def _exists(address: str, files: SocketFiles | None) -> bool:
    entry = files.entry(address.removeprefix("unix:")) if files else None
    return entry is not None and entry.kind == "socket"


_NOT_KNOWN = _quote.useless("app", "it is not known whether it runs and listens elsewhere")


def told(signs: Signs) -> Finding | RuledOut | None:
    """The dialled path is not there; an app that listens elsewhere settles it, one that is down ends it."""
    refused = signs.first("dial_missing")
    if refused is None:
        return _cut_off(signs) or _of_files(signs) or _of_php(signs) or _private_tmp.told(signs, before=_SAID)
    path = re.sub(r"\A(?:unix:)?/*(?=/)|:\Z", "", refused["target"])
    other = next((s for s in paths(signs) if path and not is_same(path, s["path"])), None)
    here = next((s for s in paths(signs) if path and is_same(path, s["path"])), None)
    down = _dialling.deeper(signs) or next(iter(signs.where("unit", active="inactive")), None)
    says = f"the proxy dials {path or 'a unix socket'}, which does not exist"
    if other is not None and here is None and "/current/" in path and "/releases/" in other["path"]:
        says = f"{says}; what listens is below the folder of one release"
        return _told.likely("socket_missing", 74, says, SAME_PLACE, refused, other, next_check=CHECK)
    may_be_it = other is not None and is_kin(path, other)
    if other is not None and here is None and (may_be_it or down is None):
        return _elsewhere(says, refused, other, is_seen=other.kind == "listening" and may_be_it)
    if down is not None:
        return _told.possible("socket_missing", 32, says, _NOT_KNOWN, refused, next_check=CHECK)
    took = next((s for s in signs.of(*_TOOK) if path and s["target"].rstrip(":").endswith(path)), None)
    if took is not None:
        says = f"{says} at that moment; at others it took requests, so that its name is right"
        return _told.possible("socket_missing", 40, says, _NOT_KNOWN, refused, took, next_check=CHECK)
    running = (u for u in signs.where("unit", active="active") if "nginx" not in u["unit"])
    up = next(running, None) or next((one.sign for one in _dialling.listeners(signs)), None)
    if up is not None and here is None:
        return _told.likely("socket_missing", 78, says, SAME_PLACE, refused, up, next_check=CHECK)
    is_fpm = refused["protocol"] == "fastcgi" or "php" in path or "fpm" in path
    hidden = signs.first("private_tmp")
    if hidden is not None and path.startswith("/tmp/"):  # noqa: S108  # PrivateTmp= hides it
        says = f"{path} is there, but not for the proxy: a unit with PrivateTmp= has a /tmp of its own"
        return _told.likely(
            "socket_missing", 86, says, SAME_PLACE, refused, hidden, next_check=_private_tmp.CHECK
        )
    if path.startswith("/tmp/") or here is not None:  # noqa: S108  # the same
        return _told.likely("socket_missing", 68, says, SAME_PLACE, refused, here, next_check=CHECK)
    if is_fpm and (
        _GUIDES.search(path) or signs.has("php_changed")
    ):  # an upgrade changes such a name; a pool's own name is meant
        says = f"{says}; another version of PHP makes a socket of another name"
        return _told.likely("socket_missing", 67, says, SAME_PLACE, refused, next_check=CHECK)
    weight = 52 if is_fpm else 58
    return _told.possible("socket_missing", weight, says, _NOT_KNOWN, refused, next_check=CHECK)


#: A request was sent there, whatever came of it.
_TOOK = ("answer_reset", "answer_closed", "answer_cut", "answer_timeout")
#: Paths as packages make them, which guides copy.
_GUIDES = re.compile(r"\A/(?:var/)?run/(?:php/)?php-?(?:fpm)?-?\d")


def _elsewhere(says: str, refused: Sign, other: Sign, *, is_seen: bool) -> Finding:
    says = f"{says}; there is {other['path']} instead"
    if is_seen:
        return _told.confirmed("socket_missing", 93, says, SAME_PLACE, refused, other)
    return _told.likely("socket_missing", 84, says, SAME_PLACE, refused, other, next_check=CHECK)


def _of_php(signs: Signs) -> Finding | None:
    """Another version of PHP, and a gateway fails: each version has a socket of its own name."""
    new = signs.first("php_changed")
    fails = next((s for s in (*signs.of("status"), *signs.of("page")) if s["status"].startswith("502")), None)
    if new is None or fails is None or _dialling.refused(signs) or signs.has(*_SAID):
        return None
    former = next((v for v in _VERSIONS.findall(new.line) if new["version"] and v != new["version"]), None)
    if former is not None:
        says = f"PHP is {new['version']} now, and the socket or unit of {former} is still asked for"
        return _told.likely("socket_missing", 70, says, SAME_PLACE, new, fails, next_check=CHECK)
    says = "PHP was changed to another version, whose socket has another name than the proxy's file says"
    return _told.possible("socket_missing", 60, says, _NOT_KNOWN, new, fails, next_check=CHECK)


#: A unit or socket that is named after PHP's version.
_VERSIONS = re.compile(r"php-?(\d\.\d)-?fpm", re.IGNORECASE)
#: What the proxy or PHP itself says goes before such a guess.
_SAID = (
    "dial_denied",
    "dial_busy",
    "answer_closed",
    "answer_timeout",
    "answer_reset",
    "app_failed",
    "crashed",
)


def _cut_off(signs: Signs) -> Finding | None:
    """The line was cut before the reason; another socket's name beside it gives the reason."""
    cut = signs.first("dial_cut")
    if cut is None or signs.has(*_SAID):
        return None
    path = cut["target"].removeprefix("unix:")
    other = next((s for s in paths(signs) if not is_same(path, s["path"])), None)
    if other is None or any(is_same(path, s["path"]) for s in paths(signs)):
        return None
    says = f"the proxy dials {path}; there is {other['path']} instead"
    return _told.likely("socket_missing", 80, says, SAME_PLACE, cut, other, next_check=CHECK)


def _of_files(signs: Signs) -> Finding | None:
    """The proxy's file names one socket and the app's another one."""
    dials = next((s for s in signs.of("dials") if s["target"].startswith("unix:")), None)
    if dials is None or signs.has(
        "dial_denied", "dial_refused", "dial_busy", "answer_closed", "answer_timeout"
    ):
        return None
    path = dials["target"].removeprefix("unix:").rstrip(":")
    seen = [s for s in paths(signs) if s.line != dials.line]
    other = next((s for s in seen if is_kin(path, s)), None)
    if other is None or any(is_same(path, s["path"]) for s in seen):
        return None
    says = f"the proxy's file names {path}; the app listens on {other['path']}"
    return _told.likely("socket_missing", 76, says, SAME_PLACE, dials, other, next_check=CHECK)
