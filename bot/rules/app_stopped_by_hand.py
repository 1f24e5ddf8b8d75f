"""Somebody stopped the app."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _dialling, _life, _quote, _told


def app_stopped_by_hand(unit: UnitState, app_journal: Journal | None) -> Finding | RuledOut | None:
    """The unit was stopped cleanly and nobody started it again.

    Why: it is inactive after it had run; systemd logged the stop, not a crash. That it died shortly before is
    said, for then a start does not mend it.
    Ruled out when: the unit runs, or it failed.
    Mistaken when: a oneshot or socket-activated unit rests as it should; a timer or package script
    stopped it.
    Mended by: starting it - after asking who stopped it and why.
    Not mended by: a restart of the proxy, or other time-outs.
    Source: systemd.unit(5), org.freedesktop.systemd1(5) Result.
    """
    if unit.active != "inactive":
        says = f"the unit is {unit.active} ({unit.sub})"
        because = (_quote.state(unit, "ActiveState", "SubState"),)
        return RuledOut(cause="app_stopped_by_hand", says=says, because=because)
    is_between = _life.was_stopped_between_starts(unit)
    if (unit.result != "success" and not is_between) or unit.load != "loaded":
        return None
    stop, failure = _life.stop_by_hand(app_journal), _life.failure_before_stop(app_journal)
    at = unit.inactive_since or (stop.at if stop else None)
    if at is None:
        return None
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.CONFIRMED if stop else Certainty.LIKELY,
        says=f"{unit.name} was stopped {'while it kept dying' if failure else 'cleanly'} at {at:%H:%M:%S} UTC"
        " and not started again",
        because=(
            *((_quote.logged(stop),) if stop else ()),
            _quote.state(unit, "ActiveState", "SubState", "Result", "InactiveEnterTimestamp"),
            *((_quote.logged(failure),) if failure else ()),
        ),
        restart=_quote.useless("app", "it had died by itself just before it was stopped, and would again")
        if failure or is_between
        else _quote.helps("app", "nothing else is wrong: it only has to be started"),
        next_check=None if stop else "who stopped it, in the journal and the shell histories",
        weight=77,
    )


def told(signs: Signs) -> Finding | None:
    """The last thing said of the app is that it was stopped, and it ended well."""
    if _dialling.deeper(signs) is not None:
        return None
    stopped = next(
        (sign for sign in reversed(signs.of("stopped")) if _dialling.is_app_unit(sign["who"])), None
    )
    rests = next(
        (u for u in signs.where("unit", active="inactive") if _dialling.is_app_unit(u["unit"])), None
    )
    ended = next((c for c in signs.where("container", state="exited") if c["code"] == "0"), None)
    back = signs.of("started", "listening", "starting")
    if stopped is not None and any(sign.at > stopped.at and sign.at[0] == stopped.at[0] for sign in back):
        return None
    says = "the app was stopped, by order and cleanly, and not started again"
    if stopped is not None and rests is not None:
        return _told.confirmed("app_stopped_by_hand", 91, says, _STARTED, stopped, rests)
    told = signs.first("stopped_told")
    if told is not None and not signs.has("started", "listening", "starting"):
        return _told.likely(
            "app_stopped_by_hand", 80, says, _STARTED, told, stopped, rests, next_check=_CHECK
        )
    if rests is not None and rests["sub"] == "stopped" and "not started" not in rests.line.lower():
        return _told.likely("app_stopped_by_hand", 72, says, _STARTED, rests, next_check=_CHECK)
    if rests is not None and _ended_well(rests):
        return _told.likely("app_stopped_by_hand", 78, says, _STARTED, rests, next_check=_CHECK)
    if ended is not None and not _dialling.is_proxy(ended):
        return _told.likely("app_stopped_by_hand", 62, says, _ENDED, ended, next_check=_CHECK)
    if stopped is not None and signs.has("dial_refused", "dial_missing", "no_live"):
        return _told.likely("app_stopped_by_hand", 64, says, _ENDED, stopped, next_check=_CHECK)
    return None


_STARTED = _quote.helps("app", "nothing else is wrong: it only has to be started")
_ENDED = _quote.useless("app", "it is not known who stopped it and why")
_CHECK = "who stopped it, in the journal and the shell histories"


def _ended_well(unit: Sign) -> bool:
    """It had run and ended by order: systemd tells since when, and no bad status."""
    status = unit["status"].partition("/")[0]
    has_run = bool(unit["code"]) or " since " in unit.line or unit["result"] == "success"
    return has_run and status in ("", "0", "TERM", "15", "143") and unit["result"] in ("", "success")
