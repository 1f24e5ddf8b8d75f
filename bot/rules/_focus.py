"""What speaks of now and of the service asked about; the rest is set apart before rules look.

Old errors stand in logs for days, other sites fill the same log, and one kernel ring may serve several
hosts. Rules see only what is left here; what was set apart stays readable in each fact's `earlier`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bot.model.evidence import Evidence
from bot.model.host import Host
from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.app_logs import AppLogs
from bot.parsers.host_time import HostTime
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.socket_files import SocketFiles
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _by_socket,
    _dialled_no_more,
    _fpm,
    _kept,
    _kernel_now,
    _no_systemd,
    _other_proxies,
    _requests,
    _started_anew,
    _supervised,
)
from bot.rules._app_logs import with_files
from bot.rules._coming_up import CameUp, came_up, runs_since
from bot.rules._let_in import is_let_in
from bot.rules._life import last_stop, was_stopped_between_starts
from bot.rules._next_address import is_tried_on
from bot.rules._site import Names, addresses_of_site, names_of, shares_its_log


def focus(evidence: Evidence, host: Host) -> Mapping[str, object]:
    """The facts with everything old or foreign moved aside; times of logs made aware UTC."""
    facts = dict(evidence.facts)
    zone = _zone(evidence)
    now = evidence.clock.now
    config, front = facts.get("config"), facts.get("front")
    is_other_ill = isinstance(config, NginxConfig) and _only_site(facts, config, host)
    _without_anothers_test(facts)
    _merge_owners(facts)
    _kept.by_docker(facts)
    _other_proxies.look_through(facts)
    _by_socket.counted(facts, now)
    is_well = isinstance(front, HttpProbes) and front.are_well
    spawned = _supervised.runs_since(facts, zone, now) if is_well else None
    starts = runs_since(facts, now, spawned)
    since = _since(facts, now, starts, is_well=is_well)
    up = came_up(facts, since, now, starts)
    if isinstance(log := facts.get("error_log"), NginxErrorLog):
        names = names_of(config, host.service.site) if isinstance(config, NginxConfig) else None
        log, left = _errors(log, zone, up, now, facts, names=names, is_well=is_well)
        facts["error_log"] = log
        if (names or left) and isinstance(access := facts.get("access_log"), AccessLog):
            facts["access_log"] = _requests.without_errors(access, (*log.others, *left))
    if isinstance(fpm := facts.get("php_fpm"), PhpFpm):
        facts["php_fpm"] = _fpm.of_now(fpm, zone, since)
    if isinstance(access := facts.get("access_log"), AccessLog):
        access = (
            _requests.of_now(access, max(since, up.answered), now)
            if is_well
            else _requests.since_then(access, since)
        )
        if is_well and isinstance(log, NginxErrorLog):
            limited = frozenset(e.client for e in log.of(Fault.LIMITED))
            access = _requests.without_limited(access, limited)
        is_shared = isinstance(config, NginxConfig) and shares_its_log(config, host.service.site)
        facts["access_log"] = (
            _requests.without_others(access, is_other_ill=is_other_ill) if is_shared else access
        )
    if isinstance(logs := facts.get("app_logs"), AppLogs) and logs.files:
        own = facts.get("app_journal")
        own = own if isinstance(own, Journal) else None
        facts["app_journal"] = with_files(own, logs, zone, since=now - _kernel_now.WINDOW, is_well=is_well)
    for step, unit in (("app_journal", facts.get("unit")), ("nginx_journal", facts.get("nginx_unit"))):
        if isinstance(journal := facts.get(step), Journal) and isinstance(unit, UnitState):
            facts[step] = _journal(journal, unit, now)
    if isinstance(kernel := facts.get("kernel_log"), KernelLog):
        facts["kernel_log"] = _kernel_now.kernel(kernel, zone, facts, now, host, is_well=is_well)
    return facts


def _zone(evidence: Evidence) -> timezone:
    time = evidence.facts.get("host_clock")
    minutes = time.utc_offset_min if isinstance(time, HostTime) else evidence.clock.utc_offset_min
    return timezone(timedelta(minutes=minutes))


def _only_site(facts: dict[str, object], config: NginxConfig, host: Host) -> bool:
    """Keep what was asked of the site's own upstreams; whether one of another site does badly."""
    ours = addresses_of_site(config, host.service.site)
    upstreams, files = facts.get("upstreams"), facts.get("socket_files")
    if ours and isinstance(files, SocketFiles):
        facts["socket_files"] = files.of(*(a.removeprefix("unix:") for a in ours if a.startswith("unix:")))
    if not ours or not isinstance(upstreams, HttpProbes):
        return False
    kept = tuple(probe for probe in upstreams.probes if probe.address in ours)
    facts["upstreams"] = replace(upstreams, probes=kept or upstreams.probes)
    return any(not probe.is_well for probe in upstreams.probes if probe.address not in ours)


def _without_anothers_test(facts: dict[str, object]) -> None:
    """The nginx of the search path may have files of its own, and not those of the one that serves."""
    test, config = facts.get("config_test"), facts.get("config")
    main = config.directives[0].file if isinstance(config, NginxConfig) and config.directives else ""
    if isinstance(test, NginxConfigTest) and test.file and main and test.file != main:
        del facts["config_test"]


def _merge_owners(facts: dict[str, object]) -> None:
    """`ss -e` names control group and user also without root; `ss -p` names processes with it."""
    listeners, owners = facts.get("listeners"), facts.get("listener_owners")
    if not isinstance(listeners, ListeningSockets) or not isinstance(owners, ListeningSockets):
        return
    known = {(s.host, s.port): s for s in owners.sockets}
    facts["listeners"] = replace(
        listeners,
        sockets=tuple(
            replace(s, control_group=owner.control_group, uid=owner.uid)
            if (owner := known.get((s.host, s.port)))
            else s
            for s in listeners.sockets
        ),
    )


def _since(
    facts: Mapping[str, object], now: datetime, starts: Sequence[datetime], *, is_well: bool
) -> datetime:
    """From when on a log line speaks of the present state."""
    marks = [now - _kernel_now.WINDOW, *starts]
    nginx = facts.get("nginx_unit")
    if is_well and (init := _no_systemd.without(facts)) is not None:
        marks += [at for _, at in init.nginx if at]
    if isinstance(nginx, UnitState) and nginx.is_running and is_well:
        marks += [at for at in (nginx.active_since, nginx.state_changed_at) if at]
    front, access = facts.get("front"), facts.get("access_log")
    if not is_well and isinstance(front, HttpProbes) and isinstance(access, AccessLog):
        marks += _requests.last_good(front, access)
    return min(max(marks), now)


def _errors(  # each is another way for a line to be no news
    log: NginxErrorLog,
    zone: timezone,
    up: CameUp,
    now: datetime,
    facts: Mapping[str, object],
    *,
    names: Names | None,
    is_well: bool,
) -> tuple[NginxErrorLog, tuple[NginxError, ...]]:
    """Set apart what is over and what is another site's; then, of what is over, what can come no more."""
    access, files = facts.get("access_log"), facts.get("config")
    config = files if isinstance(files, NginxConfig) else None
    current: list[NginxError] = []
    earlier: list[NginxError] = []
    left: list[NginxError] = []
    others: list[NginxError] = []
    last: datetime | None = None
    ahead = _ahead([e.at.replace(tzinfo=zone).astimezone(UTC) for e in log.errors if e.at], now)
    timed: list[NginxError] = []
    for error in log.errors:
        last = error.at.replace(tzinfo=zone).astimezone(UTC) - ahead if error.at else last
        timed.append(replace(error, at=last))
    dialled = _dialled_no_more.dialled_now(timed, config, facts)
    for error in timed:
        if _is_foreign(error, names):
            others.append(error)
            continue
        is_news = error.fault not in (Fault.NOISE, Fault.CLIENT)
        is_fresh = error.at is None or error.at >= up.counts_from(error, is_well=is_well)
        is_over = is_well and isinstance(access, AccessLog) and _requests.is_over(error, access, now)
        is_over = is_over or (is_well and is_tried_on(error, config))
        is_let = is_well and (is_let_in(error, config, facts, now) or _started_anew.is_over(error, facts))
        if dialled.is_over(error) or is_let:
            left.append(error)
            is_over = True
        (current if is_news and is_fresh and not is_over else earlier).append(error)
    found = replace(log, errors=tuple(current), earlier=tuple(earlier), others=tuple(others))
    return found, tuple(left)


#: Time zones are whole quarters of an hour apart.
_QUARTER = timedelta(minutes=15)


def _ahead(times: list[datetime], now: datetime) -> timedelta:
    """How far the log runs before the host's clock: nginx keeps the time zone that it was started in."""
    late = max(times, default=now) - now
    return _QUARTER * -(-late // _QUARTER) if late > timedelta(minutes=2) else timedelta()


def _is_foreign(error: NginxError, names: Names | None) -> bool:
    return names is not None and names.are_foreign(error.server, address=error.address, client=error.client)


def _journal(journal: Journal, unit: UnitState, now: datetime) -> Journal:
    """Since the last stop by hand; for a running unit also not older than the window."""
    entries = journal.entries
    start = last_stop(entries)
    if was_stopped_between_starts(unit):  # what it died of was said before somebody stopped it
        start = last_stop(entries[:start])
    oldest = None
    if unit.is_running and unit.restarts == 0:
        oldest = max(now - _kernel_now.WINDOW, unit.active_since or now - _kernel_now.WINDOW)
    elif unit.is_running:
        oldest = now - _kernel_now.WINDOW
    cut = oldest - timedelta(seconds=1) if oldest else None
    is_fresh = [i >= start and (cut is None or e.at is None or e.at >= cut) for i, e in enumerate(entries)]
    fresh = tuple(e for e, kept in zip(entries, is_fresh, strict=True) if kept)
    before = tuple(e for e, kept in zip(entries, is_fresh, strict=True) if not kept)
    return replace(journal, entries=fresh, earlier=before)
