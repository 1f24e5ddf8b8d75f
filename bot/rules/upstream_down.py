"""The app is not running, or one of several servers is away."""

from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding, Line, RuledOut
from bot.parsers.containers import Containers
from bot.parsers.http_probes import HttpProbes
from bot.parsers.init import Init
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.likely_units import LikelyUnits
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.processes import Processes
from bot.parsers.related_units import RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _boxes,
    _boxes_down,
    _dialling,
    _down_seen,
    _fpm_units,
    _likely,
    _no_systemd_down,
    _proxy_away,
    _quote,
    _supervised,
    _told,
    _unmet,
)


def upstream_down(  # noqa: PLR0913, PLR0917  # each of them may know better why nothing listens
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    listeners: ListeningSockets | None,
    unit: UnitState | None,
    processes: Processes | None,
    app_journal: Journal | None,
    front: HttpProbes | None,
    related_units: RelatedUnits | None,
    behind: HttpProbes | None,
    containers: Containers | None,
    host: Host,
    app_history: Journal | None,
    likely_units: LikelyUnits | None,
    init: Init | None,
    kernel_log: KernelLog | None,
) -> Finding | RuledOut | None:
    """Nothing listens where nginx dials, and nothing tells a narrower cause.

    Why: the address refuses, no socket listens on it, and the unit does not run (or is not known: then a unit
    that names the address, or does not run, is told as a guess).
    Ruled out when: every upstream takes connections.
    Mistaken when: the app listens elsewhere (wrong_port, wrong_address), or crashes (app_crash_startup).
    Mended by: starting the app, and enabling it so that it comes up at boot.
    Not mended by: a restart of the proxy, or of an app that ends again for a cause of its own.
    Source: connect(2) ECONNREFUSED; systemd.unit(5); docker ps.
    """
    refused = _address.refused(upstreams, error_log)
    if (cut := _boxes.deaf(upstreams, containers)) is not None:
        return _boxes_down.silent(cut)
    if not refused:
        answering = [p for p in upstreams.probes if p.is_well] if upstreams else []
        if not answering:
            return None
        because = tuple(_quote.probe(probe) for probe in answering[:1])
        return RuledOut(cause="upstream_down", says="the upstream takes connections", because=because)
    deaf = {
        address: lines for address, lines in refused.items() if not _down_seen.listens(address, listeners)
    }
    if not deaf:
        return None
    others = {p.address for p in upstreams.probes if p.is_well} if upstreams else set()
    address = next(iter(deaf))
    if others:
        guess = _likely.of(address, likely_units, host, listeners)
        return _down_seen.one_of_several(deaf, others, front, guess)
    if containers is not None and unit is None:
        boxed = _boxes_down.down(address, deaf[address], containers, host.service.container, app_history)
        if boxed is not None:
            return boxed
    if (between := _proxy_away.of(address, behind)) is not None:
        return _proxy_away.finding(address, deaf[address], between)
    if (
        _supervised.down(app_journal, upstreams, unit)
        or _down_seen.is_known_better(unit, listeners, processes, app_journal, related_units)
        or _unmet.is_kept_down(unit, app_journal, related_units)
    ):
        return None
    if unit is None and init is not None and not init.is_systemd:
        return _no_systemd_down.app(address, deaf[address], init, host, app_journal, listeners, kernel_log)
    if unit is None:
        guess = _likely.of(address, likely_units, host, listeners)
        return _down_seen.of_no_unit(address, deaf[address], guess, host, listeners)
    if unit.load == "loaded" and _down_seen.never_ran(unit, app_journal, related_units):
        is_logged = app_journal is not None
        return _down_seen.not_started(address, deaf[address], unit, related_units, is_logged=is_logged)
    return _down_seen.unexplained(address, deaf[address], unit, host, listeners)


def told(signs: Signs) -> Finding | RuledOut | None:
    """Refused, and the app is seen not to run; without that it is the plainest of several guesses."""
    refused = signs.first("dial_refused")
    there = _there(signs)
    if refused is not None and there is not None:
        line = Line(step=there.source or "pasted", text=there.line)
        return RuledOut(cause="upstream_down", says="somebody listens where it is dialled", because=(line,))
    rests = _rests(signs)
    away = refused or signs.first("dial_failed", "dial_missing", "no_live")
    if rests is not None and _dialling.deeper(signs) is None:
        says = "the app does not run, and nothing says that it failed"
        if not _is_untouched(rests):
            return _told.likely("upstream_down", 70, says, _UNKNOWN, refused, rests, next_check=_CHECK)
        if refused is not None:
            return _told.confirmed("upstream_down", 90, says, _STARTED, refused, rests)
        return _told.likely("upstream_down", 70, says, _STARTED, rests, next_check=_CHECK)
    off = signs.first("switched_off")
    if off is not None and _dialling.deeper(signs) is None and not signs.has("stopped_told", "started"):
        says = "what runs the app is off, and nothing says that it failed: nobody started it"
        return _told.likely("upstream_down", 82, says, _STARTED, off, away, next_check=_CHECK)
    absent = _absent(signs)
    if absent is not None:
        says = "the container of that name was never made, so nobody has the name"
        return _told.likely("upstream_down", 86, says, _MADE, *absent, next_check=_LISTED)
    idle = _never_started(signs, away)
    if idle is not None:
        return idle
    if away is None:
        return None
    gone = signs.first("not_listening", "answers_not")
    if gone is not None and refused is not None and _dialling.deeper(signs) is None:
        says = "nothing listens where it is dialled"
        return _told.likely("upstream_down", 66, says, _UNKNOWN, refused, gone, next_check=_CHECK)
    weight = 24 if _dialling.deeper(signs) else 45 if refused else 28
    if any(_dialling.may_be_container(signs, dial) for dial in _dialling.refused(signs)):
        weight = min(weight, 31)  # a container starts with its app; it fails, or came back elsewhere
    if signs.has("no_live") or any(_dialling.on_port(signs, d.port) for d in _dialling.refused(signs)):
        weight = min(weight, 33)
    says = "the app does not take connections where it is dialled; most often it does not run"
    return _told.possible("upstream_down", weight, says, _UNKNOWN, away, next_check=_CHECK)


def _never_started(signs: Signs, away: Sign | None) -> Finding | None:
    """Somebody tells that nothing starts it, or that it was never started."""
    idle = signs.first("not_started")
    lingers = idle is not None and idle["what"] == "no"  # with it a user's service ends at the logout
    up = signs.has("started", "listening") and not lingers
    if idle is not None and _dialling.deeper(signs) is None and not up:
        says = "nobody starts the app: after a boot or a logout it does not run"
        if away is None and signs.has("answers_not", "not_listening"):
            return _told.likely("upstream_down", 66, says, _UNKNOWN, idle, next_check=_CHECK)
        if away is None:
            return _told.possible("upstream_down", 50, says, _UNKNOWN, idle, next_check=_CHECK)
        return _told.likely("upstream_down", 70, says, _STARTED, idle, away, next_check=_CHECK)
    return None


def _absent(signs: Signs) -> tuple[Sign, ...] | None:
    """A service of the compose file is looked up, and of all containers that were listed none is its own.

    With a profile it is not made unless somebody asks for that profile.
    """
    listed = next((s for s in signs.of("containers_listed")), None)
    boxes = signs.of("container")
    for sign in signs.of("name_unresolved"):
        name = sign["name"].partition(":")[0]
        service = next((s for s in signs.of("compose_service") if _dialling.is_called(name, s)), None)
        if service is None or any(_dialling.is_called(name, box) for box in boxes):
            continue
        profile = next((s for s in signs.of("profile") if s["name"] == service["name"]), None)
        if profile is not None or (listed is not None and boxes):
            return tuple(s for s in (sign, profile or service, listed) if s is not None)
    return None


_MADE = _quote.useless("app", "there is no container yet that could be started again: it has to be made")
_LISTED = "`docker compose ps -a`: is there a container of that service, and `--profile` where it has one?"
_STARTED = _quote.helps("app", "it only has to be started")
_UNKNOWN = _quote.useless("app", "it is not known why nothing listens")
_CHECK = "the app's state and log: does it run, and where does it listen?"


def _there(signs: Signs) -> Sign | None:
    """Somebody takes the dialled address on the host itself."""
    for dial in _dialling.refused(signs):
        for one in _dialling.on_port(signs, dial.port):
            if _dialling.takes(one, dial) and not _dialling.is_inside(one):
                return one.sign
    return None


def _is_untouched(rests: Sign) -> bool:
    """It was not started at all; `is not running` may as well be the end of a crash."""
    if rests.kind == "container":
        return True
    return rests["sub"] == "dead" or "not started" in rests.line.lower()


def _rests(signs: Signs) -> Sign | None:
    units = [
        u
        for u in signs.where("unit", active="inactive")
        if _dialling.is_app_unit(u["unit"]) and not ("fpm" in u["unit"] and _fpm_units.runs(signs))
    ]
    never = [
        u for u in units if not u["code"] and " since " not in u.line
    ]  # systemd says since when it ended
    resting = [u for u in never if u["result"] in ("", "success") and not signs.has("stopped", "unit_failed")]
    boxes = [c for c in signs.of("container") if c["state"] in ("created",) and not _dialling.is_proxy(c)]
    return next(iter([*resting, *boxes]), None)
