"""The app dies in the middle of its work."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _broke_off,
    _by_systemd,
    _clock,
    _dialling,
    _from_outside,
    _last_words,
    _life,
    _outage,
    _quote,
    _served_told,
    _supervised,
    _told,
    _unwatched,
)


def app_crash_runtime(
    unit: UnitState,
    app_journal: Journal | None,
    kernel_log: KernelLog | None,
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
) -> Finding | RuledOut | None:
    """The app's main process ended by itself after it had worked for a while.

    Why: it lived longer than a start takes and then ended badly, by an error of its own or a crash; or it
    ended with a request in its hands and serves again by now.
    Ruled out when: the main process never ended since its start.
    Mistaken when: the kernel's OOM killer ended it (oom_kill), or somebody sent the signal.
    Mended by: a correction of the request, leak or bug that ends it; a larger heap where the data needs it; a
    supervisor that starts it again.
    Not mended by: nginx settings; a restart alone, which brings it back only until it ends again.
    Source: systemd.service(5) Result, signal(7).
    """
    program = _supervised.down(app_journal, upstreams, unit)
    program = program or _unwatched.gone(unit, upstreams, error_log, app_journal)
    if program is not None:
        return program if program.cause == "app_crash_runtime" else None
    lived = _life.lived_s(unit, app_journal)
    if unit.restarts == 0 and unit.is_running:
        because = (_quote.state(unit, "ActiveState", "NRestarts"),)
        return RuledOut(cause="app_crash_runtime", says="its main process never ended", because=because)
    if unit.active == "active" and unit.sub == "exited":
        return None  # systemd does not watch it
    ended_badly = unit.result not in ("success", "") or unit.restarts > 0
    if not ended_badly or lived is None:
        return None
    if app_journal is None and unit.result == "success" and unit.active == "inactive":
        return None  # it ended well; how it ended before is not seen
    if kernel_log is not None and kernel_log.oom_kills:
        return None
    if _life.failed_to_reread(unit, lived):
        return None  # app_crash_startup
    if _by_systemd.last(unit, app_journal) is not None or unit.result == "resources":
        return None  # systemd_unit_error: it was not run, and its last end is of the run before
    words, exit_ = _last_words.words_of_exit(app_journal), _life.last_exit(app_journal)
    if unit.is_running and exit_ is None:
        return None
    broken = _broke_off.request_at_end(app_journal, error_log, upstreams)
    if broken is None and lived <= _life.STARTUP_S and not (exit_ and _life.KILLED.search(exit_.message)):
        return None
    down = not unit.is_running
    signal = _from_outside.signal(exit_, kernel_log) if words is None else None
    return Finding(
        cause="app_crash_runtime",
        certainty=Certainty.CONFIRMED if exit_ and words and (down or broken) else Certainty.LIKELY,
        says=f"{unit.name} {f'was ended by {signal} from outside' if signal else 'died'}"
        f" after {lived:.0f} s of work"
        + (f" on a request for {broken.path}" if broken and broken.path else "")
        + (f": {words.message.strip()}" if words else ""),
        because=(
            *((_quote.logged(exit_),) if exit_ else ()),
            *((_quote.logged(words),) if words else ()),
            *((_quote.error(broken),) if broken else ()),
            _quote.state(unit, "ActiveState", "Result", "ExecMainStatus", "NRestarts"),
        ),
        restart=_quote.temporary("app", _from_outside.until(signal))
        if down
        else _quote.useless("app", f"{unit.keeper.value} has already started it again"),
        next_check=f"what it does on {broken.path}"
        if broken and broken.path
        else f"who sent {signal}: the histories and journals of that second"
        if signal
        else _DID,
        mend=f"a start, once it is known who sent {signal}; Restart=on-failure in {unit.name} where it is to"
        " come back by itself"
        if signal
        else None,
        weight=70 if down or broken else 15,
    )


_DID = "what it did when it died"


def told(signs: Signs) -> Finding | None:
    """Its heap ran out, or its process died of an error after it had served."""
    if signs.has("out_of_memory"):
        return None
    heap = signs.first("heap_exhausted")
    seen = _outage.any_sign(signs) or next(iter(_outage.ends(signs)), None)
    if heap is not None and not signs.has("space_limit"):
        says = "the app's runtime has used up its heap and the process dies of it"
        if (loop := signs.first("backing_off")) is not None:  # maybe while it starts
            return _told.likely("app_crash_runtime", 84, says, _BY_ITSELF, heap, loop, next_check=_CHECK)
        if seen is not None:
            return _told.confirmed("app_crash_runtime", 93, says, _FOR_A_WHILE, heap, seen)
        return _told.likely("app_crash_runtime", 84, says, _FOR_A_WHILE, heap, next_check=_CHECK)
    served = _served_told.served_first(signs)
    if served is not None:
        says = "the app served for a while after its start, and then its process ended of an error of its own"
        return _told.likely("app_crash_runtime", 88, says, _FOR_A_WHILE, *served, next_check=_CHECK)
    route, end = signs.first("one_route"), signs.first("end_told", "exited")
    if (
        route is not None
        and end is not None
        and not signs.has(*_served_told.CHANGED, *_outage.NARROWER, "crashed")
    ):
        says = "one kind of request ends the app's process; without it the process lives"
        return _told.likely("app_crash_runtime", 84, says, _BY_ITSELF, end, route, next_check=_CHECK)
    died = _died_app(signs)
    up = _outage.came_up(signs)
    if died is not None:
        return _died(signs, died, up)
    handler = next((s for s in signs.of("handler_died") if s["app"] != "mod_wsgi"), None)
    if handler is not None:
        says = "a handler of the app dies of an error on a request, and its connection with it"
        return _told.likely("app_crash_runtime", 80, says, _PER_REQUEST, handler, next_check=_CHECK)
    ended = next(iter(_outage.ends(signs)), None)
    if (
        up is not None
        and ended is not None
        and (ended.at >= up.at or ended.at[0] != up.at[0])
        and not signs.has(*_outage.NARROWER, "app_failed")
    ):
        says = "the app came up, and ended by itself later"
        return _told.likely("app_crash_runtime", 68, says, _FOR_A_WHILE, ended, up, next_check=_CHECK)
    again = next((s for s in signs.of("pod") if _is_restarted(s)), None)
    if again is not None and not signs.has(*_outage.NARROWER, "app_failed", "probe_failed"):
        says = "it runs, and was restarted again and again: it ends after it came up"
        weight = 78 if signs.has("end_told") else 64
        return _told.likely("app_crash_runtime", weight, says, _BY_ITSELF, again, next_check=_CHECK)
    return _began_anew(signs) or _guessed(signs)


def _began_anew(signs: Signs) -> Finding | None:
    """The unit has been active since the seconds after a connection broke: its process ended under it."""
    if signs.has("worker_timeout", "killed", "stopped", "released", "restart_mended", *_outage.NARROWER):
        return None
    first = signs.first("answer_closed", "answer_reset")
    young = next((s for s in signs.of("unit", "container") if _YOUNG.search(s.line)), None)
    if first is not None and young is not None and not _dialling.is_proxy(young):
        says = "connections break, and the app has run for seconds only: maybe it ends on a request"
        return _told.possible("app_crash_runtime", 46, says, _BY_ITSELF, first, young, next_check=_CHECK)
    units = [u for u in signs.where("unit", active="active") if " since " in u.line and _may_be_app(u)]
    for broken in signs.of("answer_closed", "answer_reset"):
        again = next((u for u in units if _is_soon(_clock.gap_s(broken.line, u.line))), None)
        if again is not None:
            says = "its process was started anew in the seconds after a connection broke"
            return _told.likely("app_crash_runtime", 72, says, _BY_ITSELF, broken, again, next_check=_CHECK)
    return None


def _may_be_app(unit: Sign) -> bool:
    return not unit["unit"] or _dialling.is_app_unit(unit["unit"])


def _is_soon(gap_s: int | None) -> bool:
    return gap_s is not None and 0 <= gap_s <= _NEXT_START_S


#: supervisord's uptime; docker ps with a container that was made long before it was last started.
_YOUNG = re.compile(
    r"\bRUNNING\s.{0,40}\buptime 0:00:[0-5]\d\b"
    r"|\b(?:hours|days|weeks|months) ago\s+Up (?:Less than a second|\d+ seconds?|About a minute)\b"
)
#: RestartSec= and a start take no longer in most units.
_NEXT_START_S = 20


def _died_app(signs: Signs) -> Sign | None:
    """The crash of an app's main process, else of anything that is no worker."""
    crashes = [sign for sign in _outage.crashes(signs) if not _is_of_worker(sign["who"])]
    return next((sign for sign in crashes if _outage.is_main(sign)), next(iter(crashes), None))


def _is_restarted(pod: Sign) -> bool:
    is_up = pod["status"].lower() in ("running", "online") and not pod["ready"].startswith("0/")
    return is_up and pod["restarts"].isdigit() and int(pod["restarts"]) >= _OFTEN


_OFTEN = 5
_FOR_A_WHILE = _quote.temporary("app", "it works again until the same request or leak ends it")
_BY_ITSELF = _quote.useless("app", "it is started again each time it ends, and ends again")
_PER_REQUEST = _quote.useless("app", "its process lives; the same request ends the same way")
_NOT_SEEN_UP = _quote.useless("app", "nothing shows that it served before it died")
_CHECK = "the app's log at the second it ended, and what it was asked just before"


def _is_of_worker(who: str) -> bool:
    """A worker is replaced by its master; the app lives on."""
    return "worker" in who or "child" in who


def _died(signs: Signs, died: Sign, up: Sign | None) -> Finding:
    served = up or _served_told.worked(signs) or signs.first(*_outage.BROKEN, "restart_mended", "one_route")
    says = "the app's process dies of an error of its own"
    if 'thread "main"' in died.line and served is None:
        return _told.possible("app_crash_runtime", 44, says, _NOT_SEEN_UP, died, next_check=_CHECK)
    if signs.has("app_failed", "missing_module", "missing_setting", "port_taken", "migration_failed"):
        return _told.possible("app_crash_runtime", 40, says, _FOR_A_WHILE, died, next_check=_CHECK)
    if served is None and signs.has("dependency_away"):
        return _told.possible("app_crash_runtime", 44, says, _NOT_SEEN_UP, died, next_check=_CHECK)
    is_first = signs.has(*_outage.DEAF)
    weight = 78 if served is not None else 62 if is_first or not _outage.is_main(died) else 71
    restart = _FOR_A_WHILE if served is not None else _NOT_SEEN_UP
    return _told.likely("app_crash_runtime", weight, says, restart, died, served, next_check=_CHECK)


def _guessed(signs: Signs) -> Finding | None:
    """Connections broke off: maybe the process ended under them."""
    broken = signs.first("answer_closed", "answer_reset")
    if broken is None or signs.has("worker_timeout", "killed", "answer_not_protocol", "tls_not_spoken"):
        return None
    refused = (s for s in signs.of("dial_refused") if s["target"] and s["target"] == broken["target"])
    gone = next((s for s in refused if _outage.is_after(s, broken)), None)
    if gone is not None and not signs.has(
        *_served_told.CHANGED, *_outage.NARROWER, "stopped", "starting", "started"
    ):
        says = "a connection breaks off, and from then on nobody listens there: its process ended under it"
        restart = _quote.unknown("app", "it may be in a restart already, or end on the same request again")
        return _told.likely("app_crash_runtime", 60, says, restart, broken, gone, next_check=_CHECK)
    says = "connections break off before the answer; maybe the app's process ends"
    useless = _quote.useless("app", "it is not known that it ended")
    weight = 34 if signs.has("dial_refused") else 20
    return _told.possible("app_crash_runtime", weight, says, useless, broken, next_check=_CHECK)
