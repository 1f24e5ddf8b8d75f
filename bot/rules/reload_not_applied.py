"""nginx runs with an older configuration than its files."""

import re
from datetime import datetime, timedelta

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.changes import Changes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_config_test import NginxConfigTest
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _front, _head_limits, _pid_file, _quote, _stray, _told


def reload_not_applied(
    error_log: NginxErrorLog,
    config: NginxConfig,
    config_test: NginxConfigTest | None,
    nginx_unit: UnitState | None,
    changes: Changes | None,
    processes: Processes | None,
) -> Finding | None:
    """nginx dials an address that its files no longer name: the files were changed and nginx not reloaded.

    Why: the address in its error log stands nowhere in the configuration, which was changed after the
    last reload.
    Ruled out when: every address it dials stands in the configuration; or an nginx worker is younger than
    the changed file: then the reload was applied, and an old worker that still ends wrote the line.
    Mistaken when: the address comes from a name or a variable, or an old worker that nginx has not yet
    ended wrote the line. What workers wrote that are gone is left out: `nginx -s reload` replaces them and
    systemd does not notice.
    Mended by: what keeps the reload from being applied (nginx -t, the pid file, a second nginx, a mount
    that still shows the old file), then a reload.
    Not mended by: a restart of the app.
    Source: nginx(8) "reload"; ngx_cycle.c keeps the old configuration until a new one is applied;
    ngx_channel.c ngx_read_channel: a worker without descriptors closes the channel to its master.
    """
    named = config.addresses
    if not named or any(not _address.is_plain(address) for address in named):
        return None
    alive = frozenset(p.pid for p in processes.processes if p.name == "nginx") if processes else frozenset()
    valid = config_test is None or config_test.is_valid is not False
    # systemd counts a refused reload as a change of state too: what living workers dial tells then.
    present = [
        e
        for e in reversed(error_log.errors)
        if _address.is_plain(e.address) and (_is_after(e, nginx_unit) or (not valid and e.pid in alive))
    ]
    living = [e for e in present if e.pid is None or e.pid in alive]
    present = living if alive else present[:1]
    stray = [e for e in present if e.address not in named]
    if not stray:
        return None
    if (deaf := _deaf(stray[0], error_log)) is not None:
        return _by_deaf(stray[0], deaf)
    newer = _changed_since(changes, nginx_unit, _last_worker(processes))
    return Finding(
        cause="reload_not_applied",
        certainty=Certainty.CONFIRMED if newer else Certainty.LIKELY,
        says=f"nginx dials {stray[0].address}, its files say {', '.join(named[:3])}: it was not reloaded",
        because=(_quote.error(stray[0]), *newer),
        restart=_quote.helps("nginx", "a reload applies the files as they are now")
        if valid
        else _quote.useless("nginx", "the files do not pass nginx -t; a reload is refused"),
        next_check=None if newer else "nginx -T against what the error log dials",
        weight=89 if newer else 40,
    )


def _deaf(stray: NginxError, error_log: NginxErrorLog) -> NginxError | None:
    """The line of the same worker by which it lost the channel to its master."""
    said = (*error_log.earlier, *error_log.errors)
    return next((e for e in said if stray.pid and e.pid == stray.pid and "recvmsg() " in e.message), None)


def _by_deaf(stray: NginxError, deaf: NginxError) -> Finding:
    """Another reload does not reach it either."""
    return Finding(
        cause="reload_not_applied",
        certainty=Certainty.CONFIRMED,
        says=f"nginx's worker {stray.pid} still serves by the files of before and dials {stray.address}: it "
        "lost the channel by which it is told of a reload",
        because=(_quote.error(stray), _quote.error(deaf)),
        restart=_quote.useless("nginx", f"of a reload worker {stray.pid} hears nothing; only its end helps"),
        mend=f"`kill -QUIT {stray.pid}`, by which it ends as on a reload, or a full restart of nginx; "
        "it had no descriptor left: a higher worker_rlimit_nofile",
        weight=89,
    )


def _is_after(error: NginxError, nginx_unit: UnitState | None) -> bool:
    """Logged after nginx's last start or reload, by workers that have the configuration in force."""
    reloaded = nginx_unit.state_changed_at if nginx_unit else None
    return error.at is None or reloaded is None or error.at > reloaded + timedelta(seconds=1)


def _last_worker(processes: Processes | None) -> datetime | None:
    """When nginx's youngest process began: `nginx -s reload` makes new ones, unnoticed by systemd."""
    begun = [p.started_at for p in (processes.processes if processes else ()) if p.name == "nginx"]
    return max((at for at in begun if at is not None), default=None)


def _changed_since(
    changes: Changes | None, nginx_unit: UnitState | None, last_worker: datetime | None
) -> tuple[Line, ...]:
    """nginx's files that are younger than its last start or reload."""
    if changes is None or nginx_unit is None or nginx_unit.state_changed_at is None:
        return ()
    since = max(nginx_unit.state_changed_at, last_worker or nginx_unit.state_changed_at)
    newer = [c for c in changes.files if "nginx" in c.name and c.at > since]
    return tuple(Line(step="changes", text=change.line) for change in newer[:1])


def told(signs: Signs) -> Finding | None:
    """A refused reload, or an address in the log that no file names."""
    return _read_before(signs) or _refused_or_lost(signs)


def _read_before(signs: Signs) -> Finding | None:
    """A file, a certificate or a command is newer than what was read of it."""
    mount = signs.first("mount_old")
    if mount is not None:
        says = "the file in nginx's container is not the one on the host: each reload reads the former one"
        seen = _front.upstream_trouble(signs)
        return _told.likely("reload_not_applied", 88, says, _MOUNTED, mount, seen, next_check=_INODE)
    cert, refused = signs.first("cert_old"), signs.first("reload_failed")
    if cert is not None and not signs.has("config_invalid", "name_at_start"):
        says = "the certificate on disk is newer than the one that is served: nginx has not read it yet"
        return _told.likely("reload_not_applied", 86, says, _READS, cert, refused, next_check=_CHECK)
    if (outgrown := _head_limits.outgrown(signs)) is not None:
        says = (
            f"{outgrown[0]['app']} refuses by another limit than its command or file sets: it runs as before"
        )
        return _told.likely("reload_not_applied", 88, says, _STARTED, *outgrown, next_check=_ARGUMENTS)
    return None


def _refused_or_lost(signs: Signs) -> Finding | None:
    """The order to reload was refused or did not reach nginx, or what it dials is in none of its files."""
    limit, mends = signs.first("body_too_big"), signs.first("reload_mended")
    if limit is not None and mends is not None:
        says = "a body is refused until nginx is reloaded: it runs with the limit it had before"
        return _told.likely("reload_not_applied", 94, says, _READS_FILES, limit, mends, next_check=_CHECK)
    refused = signs.first("reload_failed")
    valid = not signs.has("config_invalid", "name_at_start")
    restart = (
        _quote.helps("nginx", "it applies the files as they are now")
        if valid
        else _quote.harmful("nginx", "the files do not pass nginx -t: it would end and not come back")
    )
    seen = signs.first("config_old", "status") or _front.upstream_trouble(signs)
    if refused is not None:
        says = "a reload was refused; nginx goes on with the configuration it had"
        advice = restart if seen is not None or not valid else _NOT_SEEN
        weight = 84 if not valid and signs.has("nginx_runs") else 78
        return _told.likely("reload_not_applied", weight, says, advice, refused, seen, next_check=_CHECK)
    if (unheard := _not_signalled(signs)) is not None:
        return unheard
    beside = signs.first("config_beside")
    if beside is not None:
        says = "what nginx dials is not what its files say"
        return _told.likely("reload_not_applied", 72, says, restart, beside, next_check=_CHECK)
    unbound, again = signs.first("nginx_start_failed"), signs.first("config_old")
    if unbound is not None and again is not None and "bind()" in unbound.line:
        says = "a reload could not bind a port; nginx goes on with the configuration it had"
        return _told.likely("reload_not_applied", 89, says, _NOT_HELD, unbound, again, next_check=_CHECK)
    stray = _stray.stray(signs)
    if stray is not None:
        proxy, target = stray[0]["proxy"], stray[0]["target"]
        says = f"{proxy} dials {target}, which its files do not name; they say {stray[1]['target']}"
        if proxy != "nginx":
            restart = _quote.helps(proxy, "it applies the files as they are now")
        invalid, there = signs.first("config_invalid"), _stray.listener(signs)
        weight = 90 if there is not None else 82 if invalid is not None else 66
        because = (*stray, there, invalid)
        return _told.likely("reload_not_applied", weight, says, restart, *because, next_check=_CHECK)
    old = signs.first("config_old")
    if old is not None and _STAYS.search(old["what"]):
        says = "processes of before the reload stay while a connection lives, with the files they had read"
        return _told.likely("reload_not_applied", 72, says, _STAYING, old, next_check=_OLDER)
    if old is not None:
        says = "nginx works with the configuration it read before the change"
        weight = 68 if valid and not signs.has("address_old") else 40
        return _told.likely("reload_not_applied", max(weight, 60), says, restart, old, next_check=_CHECK)
    told_to = signs.first("reload_told")
    if told_to is not None and not _front.troubles(signs, "reload_told"):
        says = "the way nginx is told to reload may reach nobody"
        return _told.possible("reload_not_applied", 44, says, _UNSURE, told_to, next_check=_CHECK)
    return None


def _not_signalled(signs: Signs) -> Finding | None:
    """nginx runs, or its workers do, and the order finds no process."""
    other = signs.first("pid_file_other")
    if other is not None:
        says = f"the pid file names process {other['pid']}, and nginx's master is {other['master']}"
        shown = (other, signs.first("nginx_runs"))
        return _told.likely("reload_not_applied", 82, says, _NOT_HELD, *shown, next_check=_CHECK)
    lost, runs = signs.first("nginx_not_running"), signs.first("nginx_runs", "config_old", "config_beside")
    if lost is not None and runs is not None:
        says = "nginx runs, and what is to reload it does not know its process"
        return _told.likely("reload_not_applied", 80, says, _NOT_HELD, lost, runs, next_check=_CHECK)
    if (elsewhere := _pid_file.elsewhere(signs)) is not None:
        says = f"nginx's pid file is looked for in one place, and there is one at {elsewhere[1]['path']}"
        return _told.likely("reload_not_applied", 80, says, _NOT_HELD, *elsewhere, next_check=_PID_FILE)
    orphans = signs.first("nginx_workers")
    if lost is not None and orphans is not None and not signs.has("nginx_runs"):
        says = "nginx's master is gone and its workers go on with the configuration they had"
        helps = _quote.temporary("nginx", "a start from new reads the files; why the master ended stays")
        return _told.likely("reload_not_applied", 82, says, helps, lost, orphans, next_check=_CHECK)
    if lost is not None and (boxed := _pid_file.lost_in_box(signs)) is not None:
        says = "what nginx's container runs does not write the pid file that the order to reload reads"
        return _told.likely("reload_not_applied", 74, says, _BY_BOX, boxed, lost, next_check=_CHECK)
    return None


_PID_FILE = "`ps -ef | grep 'nginx: master'` and `nginx -V`: with which -c and -g, and which `pid` directive?"
#: HAProxy management guide, "Stopping and restarting" (-sf); ngx_process_cycle.c "shutting down".
_STAYS = re.compile(
    r"process\w*.{0,30}\b(?:die|exit|end|stop|quit|go away|linger\w*|surviv\w*)", re.IGNORECASE
)
_STAYING = _quote.useless(
    "app", "it is the proxy's former processes that have to end, and that do not see it"
)
_OLDER = (
    "`ps -eo pid,lstart,args` of the proxy: which are older than the reload? hard-stop-after (HAProxy) or"
    " worker_shutdown_timeout (nginx) ends them in time"
)
_MOUNTED = _quote.temporary(
    "nginx", "a start of its container mounts the file as it is now, until the next edit"
)
_INODE = "`ls -i` of the file on the host and in the container; mount its folder, or write into it in place"
_READS_FILES = _quote.helps("nginx", "a reload reads the limit that its files have")
_READS = _quote.helps("nginx", "a reload reads the certificate that is on disk")
_STARTED = _quote.helps("app", "stopped and started in full it takes the limit that is set now")
_ARGUMENTS = (
    "`ps -eo pid,lstart,args` of the app's processes: since when do they run, and with which arguments?"
)
_NOT_SEEN = _quote.useless("nginx", "nothing shows that what it runs with fails; mend the reload first")
_BY_BOX = _quote.temporary("nginx", "a start of its container reads the files; the next order is lost again")
_NOT_HELD = _quote.useless("nginx", "the order would not reach the process that runs")
_UNSURE = _quote.useless("nginx", "it is not known whether it runs with old files")
_CHECK = "`nginx -T` against what the error log dials, and when nginx was last reloaded"
