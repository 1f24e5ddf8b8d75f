"""The process that runs belongs to a release that is gone."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import HttpProbes
from bot.parsers.unit_state import UnitState
from bot.rules import _outage, _quote, _told
from bot.rules._release import is_dangling, is_stale


def stale_process_after_deploy(
    unit: UnitState, changes: Changes, upstreams: HttpProbes | None, access_log: AccessLog | None
) -> Finding | None:
    """The running master is tied to a release that was deleted or replaced; its new workers do not come up.

    Why: it was started before the link that it starts from was changed, and answers badly; or it looks for
    files below a release's own folder that are gone, or its working folder was deleted.
    Ruled out when: it was started after the link was changed, and nothing names an old release.
    Mistaken when: the new release itself lacks the file (app_crash_startup, deploy_bad_release).
    Mended by: a full stop and start of the app, not a reload: the new process begins in the new release; then
    a unit or pid path that follows the `current` link, and releases kept until the old process is gone.
    Not mended by: a reload (USR2, HUP, touch tmp/restart.txt), which starts from the old folder again.
    Source: unicorn SIGNALS and Sandbox ("BUNDLE_GEMFILE"); puma restart docs ("directory"); getcwd(2) ENOENT;
    proc(5) "(deleted)".
    """
    bad = [p for p in upstreams.probes if not p.is_well] if upstreams else []
    link = changes.link
    if not bad or link is None or not is_stale(unit, changes):
        return None
    failures = access_log.failures if access_log else ()
    return Finding(
        cause="stale_process_after_deploy",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} still runs what was in place before {link.path} was changed to {link.target} at"
        f" {link.changed_at:%H:%M:%S} UTC: it was started at {unit.started_at:%H:%M:%S} UTC",
        because=(
            Line(step="changes", text=link.line),
            _quote.state(unit, "ActiveState", "ExecMainStartTimestamp", "NRestarts"),
            _quote.probe(bad[0]),
            *(_quote.request(one) for one in failures[:1]),
        ),
        restart=_quote.useless("app", f"{link.target} is not there, so it would not come up at all")
        if is_dangling(changes)
        else _quote.perhaps("app", f"it then runs {link.target}; nothing shows yet that this one works"),
        next_check=f"was {link.target} well before? then a restart is all that is missing of the rollback",
        weight=64,
    )


def told(signs: Signs) -> Finding | None:
    """It names files of a release that is gone, or somebody says that an old one runs."""
    old = signs.first("old_release") or _before(signs) or _of_gone(signs) or _under_it(signs)
    held = signs.first("node_name_taken")
    old = old or _asks_for_gone(signs)
    if old is None:
        return _named(held)
    seen = held or _outage.any_sign(signs) or next(iter(_outage.ends(signs)), None)
    says = "the running process belongs to a release that is gone"
    weight = 88 if seen is not None else 87
    return _told.likely("stale_process_after_deploy", weight, says, _NEW_FOLDER, old, seen, next_check=_CHECK)


def _named(held: Sign | None) -> Finding | None:
    """Only one Erlang node may have a name: one of an earlier start still runs."""
    if held is None:
        return None
    says = f"another process still runs as {held['name']}; most often one of an earlier start or release"
    return _told.likely("stale_process_after_deploy", 74, says, _ENDED, held, next_check=_NODES)


def _asks_for_gone(signs: Signs) -> Sign | None:
    """An error names a file below a release that the folder of releases, which is listed, no longer has."""
    kept = [s for s in signs.of("listed") if s["path"].rstrip("/").endswith("/releases")]
    for failed in signs.of("app_error", "missing_module", "app_failed", "script_unknown") if kept else ():
        found = _RELEASE.search(failed.line)
        names = kept[0]["names"].split()
        if found and found["folder"] == kept[0]["path"].rstrip("/") and names and found["name"] not in names:
            return failed
    return None


_RELEASE = re.compile(r"(?P<folder>/[\w./-]{0,120}?/releases)/(?P<name>[\w.-]{1,60})/")
_ENDED = _quote.useless("app", "the name stays taken until the process that has it is ended")
_NODES = "`epmd -names` and `ps -eo pid,ppid,lstart,args | grep beam`: whose process is it?"
_NEW_FOLDER = _quote.helps("app", "stopped and started in full it begins in the new release")
_CHECK = "`readlink /proc/PID/cwd` of the running master: does it say (deleted)?"


def _of_gone(signs: Signs) -> Sign | None:
    """What runs, or misses a file, names the folder of a version that is not the one in place any more."""
    if signs.has("unit_exec", "unit_failed", "start_limit") and not signs.has("runs_long"):
        return None  # what does not run is no old process
    now, gone = signs.of("release_now"), {s["version"] for s in signs.of("release_gone")}
    placed = {s["version"] for s in now}
    for sign in signs.of("release_named"):
        version = sign["version"]
        is_former = any(s["was"] in ("", version) for s in now) and version not in placed
        if version in gone or is_former:
            return sign
    return None


def _under_it(signs: Signs) -> Sign | None:
    """Its files were replaced while it ran, or it has run for days over a deploy; now it misses some."""
    misses = signs.first("missing_module", "release_named", "app_error")
    told = signs.first("not_taken_up", "files_replaced")
    if misses is not None and told is not None:
        return told
    long = signs.first("runs_long")
    placed = signs.has("released", "release_now", "files_replaced")
    return long if misses is not None and placed else None


def _before(signs: Signs) -> Sign | None:
    """What runs names another release than the link does; deploy tools name them by their time."""
    link = signs.first("release_link")
    current = link["path"].rpartition("/")[2] if link else ""
    used = (s for s in signs.of("release_used") if s["path"].rpartition("/")[2] < current)
    return next(used, None)
