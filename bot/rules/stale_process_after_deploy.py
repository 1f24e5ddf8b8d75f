"""The process that runs belongs to a release that is gone."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _outage, _quote, _told


def stale_process_after_deploy(signs: Signs) -> Finding | None:
    """The running master is tied to a release that was deleted or replaced; its new workers do not come up.

    Why: it looks for files below a release's own folder that are gone, or its working folder was deleted.
    Ruled out when: nothing names an old release.
    Mistaken when: the new release itself lacks the file (app_crash_startup, deploy_bad_release).
    Mended by: a full stop and start of the app, not a reload: the new process begins in the new release; then
    a unit or pid path that follows the `current` link, and releases kept until the old process is gone.
    Not mended by: a reload (USR2, HUP, touch tmp/restart.txt), which starts from the old folder again.
    Source: unicorn SIGNALS and Sandbox ("BUNDLE_GEMFILE"); puma restart docs ("directory"); getcwd(2) ENOENT;
    proc(5) "(deleted)".
    """
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
