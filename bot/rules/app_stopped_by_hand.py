"""Somebody stopped the app."""

from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote


def app_stopped_by_hand(unit: UnitState, app_journal: Journal | None) -> Finding | RuledOut | None:
    """The unit was stopped cleanly and nobody started it again.

    Why: it is inactive with Result=success after it had run; systemd logged the stop, not a crash.
    Ruled out when: the unit runs, or it failed.
    Mistaken when: a oneshot or socket-activated unit rests as it should; a timer or package script
    stopped it.
    Source: systemd.unit(5), org.freedesktop.systemd1(5) Result.
    """
    if unit.active != "inactive":
        says = f"the unit is {unit.active} ({unit.sub})"
        because = (_quote.state(unit, "ActiveState", "SubState"),)
        return RuledOut(cause="app_stopped_by_hand", says=says, because=because)
    if unit.result != "success" or unit.load != "loaded":
        return None
    stops = app_journal.of_systemd(_life.STOPPING) if app_journal else ()
    at = unit.inactive_since or (stops[0].at if stops else None)
    if at is None:
        return None
    return Finding(
        cause="app_stopped_by_hand",
        certainty=Certainty.CONFIRMED if stops else Certainty.LIKELY,
        says=f"{unit.name} was stopped cleanly at {at:%H:%M:%S} UTC and not started again",
        because=(
            *(_quote.logged(stop) for stop in stops[:1]),
            _quote.state(unit, "ActiveState", "SubState", "Result", "InactiveEnterTimestamp"),
        ),
        restart=_quote.helps("app", "nothing else is wrong: it only has to be started"),
        next_check=None if stops else "who stopped it, in the journal and the shell histories",
        weight=77,
    )
