"""What was changed shortly before the trouble began."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from bot.parsers._times import time_of
from bot.parsers.changes import Change, Changes
from bot.parsers.host_time import HostTime
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import _life

#: What changed earlier than that before the first trouble is as likely chance.
_BEFORE = timedelta(minutes=5)
#: Logs cut their times to the second.
_TICK = timedelta(seconds=1)
_MOST = 3
#: `2026-11-20 22:01:10 upgrade libssl3:amd64 3.0.14 3.0.15`. Source: dpkg(1), dpkg.log.
_PACKAGE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<what>install|upgrade|remove) (?P<name>[\w.+-]{1,80})"
    r"(?::\S+)? \S+ (?P<to>\S{1,80})"
)


def changed(facts: Mapping[str, object]) -> str | None:
    """One line on what changed just before the trouble, the latest first; None when nothing did.

    `facts` are in focus: their times are aware UTC, and errors that are over are set apart.
    """
    said = [_of_disk(unit) for unit in (facts.get("unit"), facts.get("nginx_unit"))]
    began, what = _began(facts)
    changes = facts.get("changes")
    if began is not None and isinstance(changes, Changes):
        near = [
            one
            for one in _all(changes, facts.get("host_clock"))
            if began - _BEFORE <= one.at <= began + _TICK
        ]
        if near:
            said.insert(0, f"Changed just before: {_how_long(near[:_MOST], began, what)}")
    return "; ".join(text for text in said if text) or None


def _how_long(near: list[Change], began: datetime, what: str) -> str:
    """`A, 1 s before the first error; B and C, 18 s before`: times apart say it alike in every zone."""
    by_seconds: dict[str, list[str]] = {}
    for one in near:
        seconds = max(0.0, (began - one.at).total_seconds())
        by_seconds.setdefault(f"{seconds:.0f} s before", []).append(one.name)
    first, *rest = (f"{_together(names)}, {before}" for before, names in by_seconds.items())
    return "; ".join([f"{first} {what}", *rest])


def _together(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _of_disk(unit: object) -> str | None:
    if not isinstance(unit, UnitState) or not unit.needs_reload:
        return None
    return f"{unit.name} changed on disk, systemd still has the old one: daemon-reload"


def _all(changes: Changes, clock: object) -> list[Change]:
    """Files, the release link and packages, the latest first; dpkg writes the host's local time."""
    link = changes.link
    whole = [*changes.files]
    if link is not None:
        whole.append(Change(name=f"{link.path} -> {link.target}", at=link.changed_at, line=link.line))
    zone = timezone(timedelta(minutes=clock.utc_offset_min)) if isinstance(clock, HostTime) else UTC
    for line in changes.packages:
        found = _PACKAGE.match(line)
        if found and (at := time_of(found["at"])):
            name = f"{found['what']} of {found['name']} to {found['to']}"
            whole.append(Change(name=name, at=at.replace(tzinfo=zone).astimezone(UTC), line=line))
    return sorted(whole, key=lambda one: one.at, reverse=True)


def _began(facts: Mapping[str, object]) -> tuple[datetime | None, str]:
    """When the first of what stands in focus happened, and what that was."""
    seen: list[tuple[datetime, str]] = []
    log, unit, journal = facts.get("error_log"), facts.get("unit"), facts.get("app_journal")
    if isinstance(log, NginxErrorLog):
        seen += [(entry.at, "the first error") for entry in log.errors if entry.at]
    if isinstance(unit, UnitState) and not unit.is_running and unit.inactive_since:
        seen.append((unit.inactive_since, "the app was down"))
    if isinstance(journal, Journal):
        ends = journal.of_systemd(_life.EXITED)
        seen += [(entry.at, "the app ended") for entry in ends if entry.at]
        stop = _life.stop_by_hand(journal)
        if stop and stop.at:
            # A log that cuts its times has the errors of a stop in the second before it.
            seen = [one for one in seen if one[0] < stop.at - _TICK] + [(stop.at, "it was stopped")]
    return min(seen, default=(None, ""), key=lambda one: one[0])
