"""An app that rests though nobody stopped its unit, and one that is being stopped while we look."""

from datetime import datetime

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.related_units import RelatedUnit, RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import _just_now, _life, _quote, _unmet


def for_want_of_socket(unit: UnitState, silent: RelatedUnit, related: RelatedUnits | None) -> Finding:
    """The socket unit listens for the service; without it nobody connects, and nobody starts the service."""
    why = f" ({silent.result})" if silent.result not in ("", "success") else ""
    failed = silent.active == "failed"
    required = any(u.name == silent.name and u.is_needed for u in (related.units if related else ()))
    if failed:
        advice = _quote.useless(
            silent.name, f"{silent.name} failed, and nothing shows that it would not again"
        )
    elif required:
        advice = _quote.helps("app", f"its start also starts {silent.name}, which it requires")
    else:
        advice = _quote.helps(silent.name, f"{unit.name} is started by it on the first connection")
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.LIKELY if failed or silent.relation == "Namesake" else Certainty.CONFIRMED,
        says=f"{silent.name}, which listens for {unit.name},"
        f" {'failed' if failed else 'does not listen'}{why}",
        because=(
            _unmet.related_line(silent),
            _quote.state(unit, "ActiveState", "SubState", "Result", "TriggeredBy", "UnitFileState"),
        ),
        restart=advice,
        next_check=f"why {silent.name} failed: systemctl status {silent.name}"
        if failed
        else f"who stopped {silent.name}",
        mend=f"systemctl start {silent.name}, and enabling it"
        + ("" if required else f"; a start of {unit.name} alone does not listen"),
        weight=79,
    )


def of_itself(unit: UnitState, end: JournalEntry, at: datetime) -> Finding:
    """It ended well, and nobody had told systemd to stop it."""
    by = "by itself, without an error"
    if unit.was_killed:
        by = "by a signal from outside systemd"
    elif not unit.exit_code:
        by = "without an error, by itself or by a signal from outside systemd,"
    policy = unit.properties.get("Restart", "")
    kept = f" (Restart={policy} does not start it after such an end)" if policy else ""
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} ended {by} at {at:%H:%M:%S} UTC, and nobody started it again{kept}",
        because=(
            _quote.logged(end),
            _quote.state(unit, "ActiveState", "Result", "ExecMainCode", "ExecMainStatus", "Restart"),
        ),
        restart=_quote.helps("app", "it ended by order and well, and only has to be started")
        if unit.was_killed
        else _quote.perhaps("app", "it ended by itself without an error, and nobody knows yet why"),
        next_check="who sent the signal" if unit.was_killed else "the app's own last lines before its end",
        mend=f"a start; Restart=always in {unit.name} where it is to come back after each end",
        weight=77,
    )


def being_stopped(unit: UnitState, journal: Journal | None, upstreams: HttpProbes | None) -> Finding | None:
    """It was told to stop and has not ended yet, and takes no connections any more."""
    deaf = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    if unit.active != "deactivating" or unit.result != "success" or not deaf:
        return None
    stop = _life.stop_by_hand(journal)
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} is being stopped at this moment ({unit.word})",
        because=(
            *((_quote.logged(stop),) if stop else ()),
            _quote.state(unit, "ActiveState", "SubState", "Result", "StateChangeTimestamp"),
            _quote.probe(deaf[0]),
        ),
        restart=_quote.unknown(
            "app", "it has not ended yet, and maybe a deploy stops it and starts it again"
        ),
        next_check=_just_now.AGAIN,
        weight=77,
    )


def enabled(unit: UnitState) -> str | None:
    """Stopped with `disable --now`, or never enabled: a start alone lasts until the next boot."""
    if unit.file_state != "disabled":
        return None
    return (
        f"after asking who stopped it and why, `systemctl enable --now {unit.name}`: it is disabled, and no"
        " boot starts it"
    )
