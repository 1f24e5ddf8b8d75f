"""Somebody stopped the app."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import HostClock
from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers.changes import Change, Changes
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.related_units import RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _boxes_told,
    _dialling,
    _just_now,
    _life,
    _quote,
    _rests,
    _store_stopped,
    _supervised,
    _told,
    _unmet,
    _untried,
)


def app_stopped_by_hand(
    unit: UnitState,
    host: Host,
    app_journal: Journal | None,
    changes: Changes | None,
    upstreams: HttpProbes | None,
    related_units: RelatedUnits | None,
    clock: HostClock,
) -> Finding | RuledOut | None:
    """The unit or container was stopped cleanly and nobody started it again.

    Why: it is inactive after it had run; systemd logged the stop, not a crash. A death shortly before, files
    that changed since its last start, or a program that is gone are said: then a start may not mend it.
    Ruled out when: the unit runs, or it failed.
    Mistaken when: a oneshot or socket-activated unit rests as it should; a timer, package script or deploy
    stopped it and starts it again: within a minute of the stop it is not sure that a start is missing.
    Mended by: starting it - after asking who stopped it and why.
    Not mended by: a restart of the proxy, or other time-outs.
    Source: systemd.unit(5), org.freedesktop.systemd1(5) Result.
    """
    if (program := _supervised.down(app_journal, upstreams, unit)) is not None:
        return program if program.cause == "app_stopped_by_hand" else None
    if unit.active != "inactive":
        if (going := _rests.being_stopped(unit, app_journal, upstreams)) is not None:
            return going
        says = f"the {unit.kind} is {unit.word}"
        because = (_quote.state(unit, "ActiveState", "SubState"),)
        return RuledOut(cause="app_stopped_by_hand", says=says, because=because)
    is_between = _life.was_stopped_between_starts(unit)
    if (unit.result != "success" and not is_between) or unit.load != "loaded":
        return None
    if (silent := _unmet.socket(unit, related_units)) is not None:
        return _rests.for_want_of_socket(unit, silent, related_units)
    if _unmet.is_kept_down(unit, app_journal, related_units):
        return None
    if _life.gave_up(unit, app_journal) is not None:
        return None  # app_crash_startup
    if related_units is not None and related_units.sockets:
        return None  # it rests until somebody connects
    stop, failure = _life.stop_by_hand(app_journal), _life.failure_before_stop(app_journal)
    end = _life.end_of_itself(unit, app_journal)
    at = unit.inactive_since or next((said.at for said in (stop, end) if said), None)
    if at is None or _is_of_earlier_boot(at, related_units):
        return None
    if end is not None:
        return _rests.of_itself(unit, end, at)
    start = _stopped_with(unit, related_units, at) or _start(
        unit, changes, _untried.change(changes, host, unit, app_journal, at)
    )
    advice = _just_now.heeding(start.advice, unit, clock, at)
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.CONFIRMED if stop else Certainty.LIKELY,
        says=f"{unit.name} was stopped {'while it kept dying' if failure else 'cleanly'} at {at:%H:%M:%S} UTC"
        f"{start.with_whom} and not started again",
        because=(
            *((_quote.logged(stop),) if stop else ()),
            _quote.state(unit, "ActiveState", "SubState", "Result", "InactiveEnterTimestamp"),
            *((_quote.logged(failure),) if failure else ()),
            *start.because,
        ),
        restart=_quote.useless("app", "it had died by itself just before it was stopped, and would again")
        if failure or is_between
        else advice,
        next_check=start.check or (_just_now.AGAIN if advice != start.advice else None if stop else _CHECK),
        mend=start.mend or (None if failure or is_between else _rests.enabled(unit)),
        weight=77,
    )


def _is_of_earlier_boot(at: datetime, related: RelatedUnits | None) -> bool:
    """The shutdown of the machine stopped it, and no boot started it again (upstream_down)."""
    booted = related.booted_at if related else None
    return booted is not None and at < booted


@dataclass(frozen=True, kw_only=True)
class _Start:
    """What a start would meet."""

    advice: RestartAdvice
    because: tuple[Line, ...] = ()
    check: str | None = None
    mend: str | None = None
    #: Which unit it was stopped with; begins with a comma or a space.
    with_whom: str = ""


#: systemd stops what belongs together in one go; its times are cut to the second.
_AT_ONCE_S = 3.0


def _stopped_with(unit: UnitState, related: RelatedUnits | None, at: datetime) -> _Start | None:
    """Another unit's start or stop at the same moment is why systemd stopped it."""
    if related is None:
        return None
    near = [u for u in related.units if u.since is None or abs((u.since - at).total_seconds()) <= _AT_ONCE_S]
    rival = next((u for u in near if u.since and u in related.rivals), None)
    if rival is not None:
        return _Start(
            advice=_quote.unknown("app", f"its start would stop {rival.name} in turn"),
            because=(_unmet.related_line(rival),),
            check=f"who started {rival.name}, and which of the two is meant to run",
            mend=f"a start of {unit.name} if it is to run in place of {rival.name}; else an nginx that asks"
            f" {rival.name}",
            with_whom=f", when {rival.name} was started, with which it cannot run together (Conflicts=),",
        )
    needs = next((u for u in near if u.is_needed and not u.is_up), None)
    if needs is not None:
        return _Start(
            advice=_quote.perhaps("app", f"its start also starts {needs.name}, which {needs.active}")
            if needs.active == "failed"
            else _quote.helps("app", f"its start also starts {needs.name}, which it requires"),
            because=(_unmet.related_line(needs),),
            check=f"why {needs.name} failed: systemctl status {needs.name}"
            if needs.active == "failed"
            else f"who stopped {needs.name}",
            with_whom=f" together with {needs.name}, which it requires,",
        )
    return None


def _start(unit: UnitState, changes: Changes | None, untried: Change | None) -> _Start:
    if changes is not None and changes.absent:
        gone = changes.absent[0]
        return _Start(
            advice=_quote.useless("app", f"ExecStart= names {gone}, which is not there"),
            because=(Line(step="changes", text=f"absent {gone}"),),
            mend=f"{gone} back in its place, or ExecStart= of {unit.name} put right; then a start",
        )
    if unit.needs_reload:
        why = f"{unit.name} was changed on disk: the next start may be the first with the new file"
        state = _quote.state(unit, "NeedDaemonReload", "FragmentPath")
        return _Start(
            advice=_quote.perhaps("app", why),
            because=(state,),
            check=f"what changed: systemctl cat {unit.name}",
        )
    if untried is not None:
        why = f"{untried.name} was changed at {untried.at:%H:%M:%S} UTC, and it was not started with it yet"
        return _Start(
            advice=_quote.perhaps("app", why),
            because=(_quote.change(untried),),
            check=f"what changed in {untried.name}, and whether that is why it was stopped",
        )
    return _Start(advice=_ONLY_STARTED)


def told(signs: Signs) -> Finding | None:
    """The last thing said of the app is that it was stopped, and it ended well."""
    ordered = _boxes_told.box_by_order(signs)
    if ordered is not None:
        says = "the container was stopped by order and not started again"
        return _told.likely("app_stopped_by_hand", 84, says, _ONLY_STARTED, *ordered, next_check=_CHECK)
    if _dialling.deeper(signs) is not None:
        return None
    stopped = next(
        (sign for sign in reversed(signs.of("stopped")) if _dialling.is_app_unit(sign["who"])), None
    )
    rests = next(
        (u for u in signs.where("unit", active="inactive") if _dialling.is_app_unit(u["unit"])), None
    )
    ended = next((c for c in signs.where("container", state="exited") if c["code"] == "0"), None)
    back = [*signs.of("started", "listening", "starting")]
    if stopped is not None:
        back += signs.where("unit_started", who=stopped["who"])
    if stopped is not None and any(sign.at > stopped.at and sign.at[0] == stopped.at[0] for sign in back):
        return None
    says = "the app was stopped, by order and cleanly, and not started again"
    if signs.has("unit_failed", "start_limit"):
        return None  # systemd stops what it is to start again
    if stopped is not None and rests is not None:
        return _told.confirmed("app_stopped_by_hand", 91, says, _ONLY_STARTED, stopped, rests)
    told = signs.first("stopped_told")
    if told is not None and rests is not None and _ended_well(rests) and is_ordered(signs, rests):
        return _told.confirmed("app_stopped_by_hand", 94, says, _ONLY_STARTED, told, rests)
    if told is not None and not signs.has("started", "listening", "starting"):
        return _told.likely(
            "app_stopped_by_hand", 80, says, _ONLY_STARTED, told, stopped, rests, next_check=_CHECK
        )
    if rests is not None and rests["sub"] == "stopped" and "not started" not in rests.line.lower():
        return _told.likely("app_stopped_by_hand", 72, says, _ONLY_STARTED, rests, next_check=_CHECK)
    if rests is not None and _ended_well(rests):
        return _told.likely("app_stopped_by_hand", 78, says, _ONLY_STARTED, rests, next_check=_CHECK)
    if ended is not None and not _dialling.is_proxy(ended):
        return _told.likely("app_stopped_by_hand", 62, says, _ENDED, ended, next_check=_CHECK)
    if stopped is not None:
        weight = 64 if signs.has("dial_refused", "dial_missing", "no_live") else 60
        return _told.likely("app_stopped_by_hand", weight, says, _ENDED, stopped, next_check=_CHECK)
    return _store_stopped.told(signs)


_ONLY_STARTED = _quote.helps("app", "it ended by order and well, and only has to be started")
_ENDED = _quote.useless("app", "it is not known who stopped it and why")
_CHECK = "who stopped it, in the journal and the shell histories"


def is_ordered(signs: Signs, unit: Sign) -> bool:
    """sudo's own record, or a shell's, names the very service that rests now."""
    name = unit["unit"].removesuffix(".service").lower()
    orders = (s["what"].lower() for s in signs.of("stopped_told"))
    return bool(name) and any(_RECORD.match(one) and name in one for one in orders)


#: The order itself as a program keeps it; what somebody remembers may be of another day.
_RECORD = re.compile(r"command=|ran command |systemctl |service ")


def _ended_well(unit: Sign) -> bool:
    """It had run and ended by order: systemd tells since when, and no bad status."""
    status = unit["status"].partition("/")[0]
    has_run = bool(unit["code"]) or " since " in unit.line or unit["result"] == "success"
    return has_run and status in ("", "0", "TERM", "15", "143") and unit["result"] in ("", "success")
