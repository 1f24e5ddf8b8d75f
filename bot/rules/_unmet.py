"""What keeps systemd from starting a unit that is well in itself: a condition, or another unit."""

import re
from dataclasses import dataclass

from bot.model.verdict import Line
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.related_units import RelatedUnit, RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote

_SKIPPED = re.compile(
    r"was skipped because|Condition check resulted in .{0,200} being skipped|Assertion failed for |"
    r"Starting requested but asserts failed"
)
_NEEDS_FAILED = re.compile(r"^Dependency failed for |failed with result 'dependency'")
_ASKED = re.compile(r"\((?P<what>(?:Condition|Assert)\w{1,60}=[^)]{1,200})\)")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A Condition…= or Assert…= of the unit that is not met."""

    #: `ConditionPathExists=/etc/app/enabled`; empty where systemd did not write it down.
    what: str
    because: tuple[Line, ...]


def condition(unit: UnitState, app_journal: Journal | None) -> Condition | None:
    """The condition for which systemd last skipped the start; None while it runs.

    ConditionResult= is `no` also of a unit that was never started; its timestamp tells the two apart.
    Source: systemd.unit(5) "Conditions and Asserts"; job.c job_log_done_status_message.
    """
    if unit.is_running or unit.load != "loaded" or unit.active != "inactive":
        return None
    said = _last(app_journal, _SKIPPED)
    get = unit.properties.get
    unmet = [
        name for name in ("Condition", "Assert") if get(f"{name}Result") == "no" and get(f"{name}Timestamp")
    ]
    if said is None and not unmet:
        return None
    asked = _ASKED.search(said.message) if said else None
    state = _quote.state(unit, "ActiveState", *(f"{name}Result" for name in unmet))
    return Condition(
        what=asked["what"] if asked else "", because=(*((_quote.logged(said),) if said else ()), state)
    )


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A unit that is required and is not there; `unit` is None where systemd forgot which."""

    unit: RelatedUnit | None
    because: tuple[Line, ...]

    @property
    def says(self) -> str:
        """`db.service, which it requires, is failed (exit-code)`."""
        if self.unit is None:
            return "a unit that it requires could not be started"
        state = "is not there" if self.unit.load == "not-found" else f"is {self.unit.active}"
        why = f" ({self.unit.result})" if self.unit.result not in ("", "success") else ""
        return f"{self.unit.name}, which it requires, {state}{why}"


def needed(unit: UnitState, app_journal: Journal | None, related: RelatedUnits | None) -> Needed | None:
    """What its start was given up for; None where nothing that it requires failed.

    Source: systemd.unit(5) Requires=, BindsTo=; job.c, result `dependency`.
    """
    if unit.is_running or unit.load != "loaded" or unit.active != "inactive":
        return None
    said = _last(app_journal, _NEEDS_FAILED)
    if said is None and _life.stop_by_hand(app_journal) is not None:
        return None  # it ran until it was stopped; what failed since, or with it, is another matter
    away = related.down if related else ()
    failed = next((one for one in away if one.active == "failed" or one.load != "loaded"), None)
    first = failed or (away[0] if away and said else None)
    if first is None and said is None:
        return None
    return Needed(
        unit=first,
        because=(*((_quote.logged(said),) if said else ()), *((related_line(first),) if first else ())),
    )


def socket(unit: UnitState, related: RelatedUnits | None) -> RelatedUnit | None:
    """The socket unit that should listen in the app's place and does not; else None.

    systemd forgets whom a socket that rests would start. One of the same name counts where nothing else
    starts the service, which then has no [Install] section.
    """
    sockets = related.sockets if related else ()
    if related is not None and not sockets and related.namesake and unit.file_state in ("static", ""):
        sockets = (related.namesake,)
    if unit.is_running or not sockets or any(one.is_up for one in sockets):
        return None
    return sockets[0]


def is_kept_down(unit: UnitState | None, app_journal: Journal | None, related: RelatedUnits | None) -> bool:
    """A condition, another unit or a socket that does not listen is why it does not run."""
    if unit is None:
        return False
    found = condition(unit, app_journal) or needed(unit, app_journal, related) or socket(unit, related)
    return found is not None


def related_line(unit: RelatedUnit) -> Line:
    """A related unit as evidence."""
    return Line(step="related_units", text=unit.line)


def _last(app_journal: Journal | None, pattern: re.Pattern[str]) -> JournalEntry | None:
    """systemd's last line of that kind, with no start after it."""
    entries = [e for e in app_journal.entries if e.is_from_systemd] if app_journal else []
    for entry in reversed(entries):
        if pattern.search(entry.message):
            return entry
        if _life.STARTED.search(entry.message):
            return None
    return None
