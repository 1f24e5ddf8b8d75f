"""A host that systemd does not run: what is known there of nginx, of the app, and of when they started.

OpenRC, sysvinit, runit, s6 and a container whose first process is a script keep no journal and no unit. What
runs is told by processes and sockets; what a service's keeper says of it stands beside that.
Source: sd_booted(3); OpenRC rc-service(8), supervise-daemon(8); LSB "Init Script Actions"; runit sv(8).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.evidence import Evidence, Gap, GapKind
from bot.model.host import Host
from bot.parsers.http_probes import HttpProbes
from bot.parsers.init import Init, InitService
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.rules import _address

#: Keeper -> what people call it, how it starts a service, and how it tells its state.
_KEEPERS = {
    "openrc": ("OpenRC", "rc-service {} start", "rc-service {} status"),
    "sysvinit": ("sysvinit", "service {} start", "service {} status"),
    "runit": ("runit", "sv up {}", "sv status {}"),
    "s6": ("s6", "s6-svc -u {}, on its service directory", "s6-svstat {}, on its service directory"),
}
#: Steps that systemd would have answered.
STEPS = frozenset({"nginx_unit", "nginx_journal", "unit", "app_journal", "app_history", "related_units"})
#: Parents that start what ended again at once: what they keep is no proof of having come up so early.
_RESPAWNING = ("supervise-daemo", "runsv", "s6-supervise", "supervisord")
_SETTLED = timedelta(seconds=30)
#: The journal is asked last, so that it is what is said to be absent.
_KERNEL_LOG = ("kernel_log", GapKind.NOT_FOUND)
_NO_KERNEL_LOG = "`dmesg -T` gave nothing: as root it needs its sudo rule, and BusyBox's dmesg knows no -T"


def without(facts: Mapping[str, object]) -> Init | None:
    """What starts services, where that is not systemd; None where it is, or nobody looked."""
    init = facts.get("init")
    return init if isinstance(init, Init) and not init.is_systemd else None


def called(init: Init) -> str:
    """What starts services, for a sentence."""
    return name_of(init.kind) if init.kind in _KEEPERS else f"process 1, {init.kind},"


def name_of(keeper: str) -> str:
    """What people call it."""
    return _KEEPERS[keeper][0] if keeper in _KEEPERS else keeper


def start_of(init: Init, name: str, *, else_: str) -> str:
    """The command that starts a service, where the host has one of that name; else as `else_` says."""
    service = init.service(name)
    return f"`{_KEEPERS[service.keeper][1].format(name)}`" if service else else_


def state_of(init: Init, name: str) -> str:
    """The command that tells a service's state; empty where the host has none of that name."""
    service = init.service(name)
    return f"`{_KEEPERS[service.keeper][2].format(name)}`" if service else ""


def told_once(evidence: Evidence, host: Host) -> Evidence:
    """The evidence with one gap in place of all that are gaps for want of systemd."""
    init = without(evidence.facts)
    if init is None:
        return evidence
    named = host.service.unit
    reason = (
        f"no systemd here ({called(init)} starts services): no unit's state, journal or restarts are told, "
        "and no remedy that calls systemctl is offered"
    )
    if named:
        reason += f"; the fleet file names {named}, which says nothing here: take service.unit out"
    if not host.service.logs:
        reason += "; service.logs in the fleet file lets the bot read what the app said"
    kept = tuple(
        replace(gap, reason=_NO_KERNEL_LOG) if (gap.step, gap.kind) == _KERNEL_LOG else gap
        for gap in evidence.gaps
        if gap.step not in STEPS or gap.kind is GapKind.BUG
    )
    gap = Gap(step="init", kind=GapKind.NOT_ASKED, reason=reason)
    return replace(evidence, gaps=(gap, *kept))


def own_sockets(init: Init | None, listeners: ListeningSockets | None, host: Host) -> list[ListeningSocket]:
    """Where the app's service is seen to listen on TCP."""
    service = init.service(host.service.name) if init else None
    if service is None or service.pid is None or listeners is None:
        return []
    return [socket for socket in listeners.of_pids(frozenset({service.pid})) if socket.port]


def young_s(init: Init, service: InitService) -> float | None:
    """Seconds that its process has lived, where its keeper may have started it anew just now; else None."""
    process = init.process(service.pid) if service.pid is not None else None
    newest = max((one.started_at for one in init.processes if one.started_at), default=None)
    if process is None or process.started_at is None or newest is None or process.parent not in _RESPAWNING:
        return None
    lived = newest - process.started_at
    return lived.total_seconds() if lived < _SETTLED else None


def runs_since(facts: Mapping[str, object], now: datetime) -> Iterable[datetime]:
    """When the process began that listens where nginx dials; not of one that may just have been respawned."""
    init, listeners, upstreams = without(facts), facts.get("listeners"), facts.get("upstreams")
    if init is None or not isinstance(listeners, ListeningSockets) or not isinstance(upstreams, HttpProbes):
        return ()
    if not upstreams.are_well:
        return ()
    places = [_address.split(probe.address) for probe in upstreams.probes]
    sockets = [s for place in places if place for s in listeners.on_port(place[1])]
    found = []
    pids = {pid for socket in sockets for _, pid in socket.processes[:1]}
    # Without root no socket names its process: the app's service has one, too.
    pids = pids or {one.pid for one in init.services if one.pid is not None and one.name != "nginx"}
    for pid in pids:
        process = init.process(pid)
        if process is None or process.started_at is None:
            return ()
        is_first = any(one.pid == pid and one.restarts == 0 for one in init.services)
        if process.parent in _RESPAWNING and not is_first and now - process.started_at < _SETTLED:
            return ()
        found.append(process.started_at)
    return (max(found),) if found else ()
