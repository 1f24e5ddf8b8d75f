"""The app is still starting."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers.access_log import AccessLog
from bot.parsers.containers import Containers
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _boots,
    _boxes,
    _by_socket,
    _clock,
    _dialling,
    _http_only,
    _just_now,
    _outage,
    _quote,
    _told,
)

PATIENCE_S = _boots.PATIENCE_S


def not_ready_yet(  # noqa: PLR0913, PLR0917  # each way in may be open before anybody serves
    unit: UnitState,
    clock: HostClock,
    upstreams: HttpProbes | None,
    listeners: ListeningSockets | None,
    processes: Processes | None,
    unix_listeners: ListeningSockets | None,
    containers: Containers | None,
    access_log: AccessLog | None,
) -> Finding | None:
    """The app was started a moment ago and does not listen yet; it heals by waiting.

    Why: the unit runs, never ended, is younger than two minutes, and listens nowhere; or it takes
    connections (app servers and socket units open the socket first) and has answered nobody yet.
    Ruled out when: the unit was restarted by systemd, is older, or answers.
    Mistaken when: it hangs in its start, e.g. waits for a dependency; where systemd itself
    still waits for its start (ExecStartPre=, Type=notify) it may take longer, and is only possible then.
    Mended by: waiting; health checks and start order that keep traffic away until it is ready.
    Not mended by: a restart, which starts the wait again; changes to nginx.
    Source: systemd.service(5) Type=simple is active as soon as the process exists.
    """
    starting = unit.active == "activating" and unit.sub in ("start", "start-pre")
    started = unit.started_at
    # ExecStartPre= is no start of the main process: its time is still that of the process before.
    is_before = starting and unit.state_changed_at and (not started or unit.state_changed_at > started)
    started = unit.state_changed_at if is_before else started
    if not starting and (not unit.is_running or unit.restarts > 0 or started is None):
        return None
    if starting and unit.restarts > 1:
        return None  # app_crash_startup; one restart may be a crash that is over
    if (deaf := _boxes.deaf(upstreams, containers)) is not None:
        return _inside(unit, deaf, clock)
    if _http_only.asked_by_uwsgi(unit, upstreams, None):
        return None  # protocol_mismatch
    if waits := _boots.silent(unit, clock, upstreams, access_log):
        return _loading(unit, waits[0], _boots.age_s(unit, clock) or 0)
    age_s = max(0.0, (clock.now - started).total_seconds()) if started else 0.0
    refused = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    is_late = age_s > PATIENCE_S
    if is_late and not starting:
        return None
    if not refused or listeners is None or not _address.are_owners_seen(listeners):
        return None
    seen = [listeners, *([unix_listeners] if unix_listeners else [])]
    if any(_address.app_sockets(sockets, unit, processes) for sockets in seen):
        return None
    return Finding(
        cause="not_ready_yet",
        certainty=Certainty.POSSIBLE if is_late else Certainty.LIKELY,
        says=f"{unit.name} was started {age_s:.0f} s ago and does not listen yet"
        + (f"; systemd still calls it {unit.word}" if is_late else ""),
        because=(
            _quote.state(
                unit,
                "ActiveState",
                "SubState",
                "StateChangeTimestamp" if is_before else "ExecMainStartTimestamp",
            ),
            _quote.probe(refused[0]),
        ),
        restart=_quote.unknown("app", "it may be at work, e.g. at a migration, and would begin again")
        if is_late
        else _quote.harmful("app", "it would start from the beginning again"),
        next_check=f"does {unit.log} go on?" if is_late else _just_now.AGAIN,
        weight=82,
    )


def _loading(unit: UnitState, waits: Probe, age_s: float) -> Finding:
    """Its socket is open, and nobody has been answered since its start."""
    held = next(iter(_by_socket.sockets(unit)), None)
    return Finding(
        cause="not_ready_yet",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} was started {age_s:.0f} s ago and has answered nobody yet;"
        f" connections wait {f'in {held}' if held else 'in its queue'}",
        because=(
            _quote.state(unit, "ActiveState", "SubState", "ExecMainStartTimestamp"),
            _quote.probe(waits),
        ),
        restart=_quote.harmful("app", "it would start from the beginning again"),
        next_check=f"{_just_now.AGAIN}; if it still answers nobody, what it waits for in its start,"
        f" by {unit.log}",
        weight=82,
    )


def _inside(unit: UnitState, deaf: _boxes.Deaf, clock: HostClock) -> Finding | None:
    """The way into its container is open already, and inside nobody listens on any port."""
    age_s = (clock.now - unit.started_at).total_seconds() if unit.started_at else PATIENCE_S + 1
    if age_s > PATIENCE_S or any(not one.is_loopback for one in deaf.behind.box.sockets):
        return None
    if deaf.behind.box.on_port(deaf.behind.port):
        return None
    return Finding(
        cause="not_ready_yet",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} was started {age_s:.0f} s ago, and nobody listens inside it yet",
        because=(
            _quote.state(unit, "ActiveState", "ExecMainStartTimestamp"),
            _quote.probe(deaf.probe),
            *deaf.behind.lines(),
        ),
        restart=_quote.harmful("app", "it would start from the beginning again"),
        next_check=f"ask again in a minute; {unit.log} says how far it is",
        weight=82,
    )


def told(signs: Signs) -> Finding | None:
    """The app says that it is still starting, or came up after the proxy was refused."""
    if signs.has("app_failed", "missing_module", "missing_setting", "migration_failed", "port_taken"):
        return None
    away = [*signs.of(*_outage.DEAF), *_outage.gateway_errors(signs)]
    deaf = max(away, key=lambda sign: sign.at, default=None)
    up = _outage.came_up(signs)
    if deaf is not None and up is not None and up.kind == "started" and _came_after(up, deaf):
        says = "the app came up after it had been refused: it was not ready yet"
        return _told.likely("not_ready_yet", 74, says, _FROM_START, up, deaf, next_check=_CHECK)
    slow = _slow_start(signs)
    if slow is not None:
        probe, started = slow
        says = "the app takes long to start, and its probe asks before it is done"
        return _told.likely("not_ready_yet", 86, says, _FROM_START, probe, started, next_check=_PROBE)
    starting = [
        *signs.of("starting", "dependency_starting", "migration_running", "probe_failed"),
        *(s for s in signs.where("unit", active="activating") if "auto-restart" not in s["sub"]),
        *(s for s in signs.of("health") if s["state"] == "starting"),
    ]
    unready = (s for s in signs.of("pod") if s["status"] == "Running" and s["ready"].startswith("0/"))
    last = starting[-1] if starting else next(unready, None)
    if last is None or (last.kind == "probe_failed" and "liveness" in last["probe"].lower()):
        return _guessed(signs)
    if up is not None and up.at > last.at:
        return None
    says = "the app is still starting; it serves when it is done"
    crashing = bool(_outage.ends(signs)) or bool(_outage.crashes(signs))
    if deaf is None and last.kind == "dependency_starting" and not crashing:
        says = "a store that the app needs is still starting"
        return _told.possible("not_ready_yet", 47, says, _FROM_START, last, next_check=_CHECK)
    if last["probe"].lower() == "startup" and "refused" in last.line and not crashing:
        says = "the startup probe is still refused, which is there for the time of the start"
        return _told.likely("not_ready_yet", 62, says, _FROM_START, last, next_check=_CHECK)
    if deaf is None and not crashing:
        return _told.possible("not_ready_yet", 42, says, _FROM_START, last, next_check=_CHECK)
    if crashing:
        return _told.possible("not_ready_yet", 38, says, _FROM_START, last, next_check=_CHECK)
    return _told.likely("not_ready_yet", 73, says, _FROM_START, last, deaf, next_check=_CHECK)


def _slow_start(signs: Signs) -> tuple[Sign, Sign] | None:
    """A probe that keeps traffic away fails, and the app says that it came up, and how long that took."""
    probes = [s for s in signs.of("probe_failed") if "liveness" not in s["probe"].lower()]
    if not probes or _outage.ends(signs) or _outage.crashes(signs):
        return None
    for started in signs.of("started"):
        took = _TOOK.search(started.line)
        if (_clock.gap_s(started.line, probes[0].line) or 0) > PATIENCE_S:
            continue  # it had long been up
        if took and float(took["s"] or "0") + float(took["ms"] or "0") / 1000 >= _LONG_START_S:
            return probes[0], started
    return None


#: "Started Shop in 33.9 seconds", "started in 12.3s", "Server startup in [41200] milliseconds".
_TOOK = re.compile(
    r"\bin \[?(?:(?P<ms>\d{1,9}) ?(?:ms\b|\]? milli)|(?P<s>\d{1,6}(?:\.\d{1,6})?) ?(?:s\b|sec))"
)
#: Above a probe's usual period and its one second for an answer.
_LONG_START_S = 10
_PROBE = "the probe's initialDelaySeconds, timeoutSeconds and failureThreshold against the time of a start"


def _came_after(up: Sign, deaf: Sign) -> bool:
    """Later in one text, or within a quarter of an hour by the clocks of two."""
    gap_s = _clock.gap_s(deaf.line, up.line)
    return _outage.is_after(up, deaf) or (gap_s is not None and 0 < gap_s < _ONE_START_S)


#: Longest start of which the clocks of two texts tell.
_ONE_START_S = 900
_FROM_START = _quote.harmful("app", "it would start from the beginning again")
_CHECK = "ask again in two minutes: does the app's log go on?"


def _guessed(signs: Signs) -> Finding | None:
    """Refused and no more is known: a container's app is often only not there yet."""
    refused = signs.first("dial_refused")
    there = next((o for d in _dialling.refused(signs) for o in _dialling.on_port(signs, d.port)), None)
    if refused is not None and there is not None and _dialling.is_inside(there) and not _outage.ends(signs):
        says = "the app says it listens where it was refused: maybe it was not ready yet at that moment"
        useless = _quote.useless("app", "it would start from the beginning again")
        return _told.possible("not_ready_yet", 44, says, useless, refused, there.sign, next_check=_CHECK)
    wakes = signs.first("on_waking")
    if wakes is not None and not signs.has("restart_mended", "reload_mended", *_outage.BROKEN):
        says = "it fails while a sleeping app is woken: the proxy asks before the app serves"
        lost = signs.first("dial_missing", "dial_refused", "no_live")
        weight = 72 if lost is not None else 62
        return _told.likely("not_ready_yet", weight, says, _FROM_START, wakes, lost, next_check=_CHECK)
    soon = signs.first("soon_well")
    if soon is not None and not signs.has("restart_mended", "reload_mended", *_outage.BROKEN):
        says = "it fails for a short time after a start and then works by itself"
        return _told.likely("not_ready_yet", 62, says, _FROM_START, soon, refused, next_check=_CHECK)
    page = signs.first("own_page")
    if page is not None and not signs.has("restart_mended", "reload_mended", *_outage.BROKEN):
        says = "the app's own page says that it needs more time"
        return _told.likely("not_ready_yet", 62, says, _FROM_START, page, refused, next_check=_CHECK)
    if refused is None or _outage.came_up(signs) or signs.has("stopped", "unit", "listening", "crashed"):
        return None
    says = "the app does not listen yet, or not any more; maybe it is still starting"
    weight = 46 if refused["protocol"] == "fastcgi" and "127.0.0.1" not in refused["target"] else 24
    useless = _quote.useless("app", "it would start from the beginning again")
    return _told.possible("not_ready_yet", weight, says, useless, refused, next_check=_CHECK)
