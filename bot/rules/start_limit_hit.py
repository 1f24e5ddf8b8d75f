"""systemd gave up starting the app."""

from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote


def start_limit_hit(unit: UnitState, app_journal: Journal | None) -> Finding | RuledOut | None:
    """systemd stopped trying: the unit was started too often in too short a time.

    Why: the unit is failed and systemd said that the start was repeated too quickly.
    Ruled out when: the unit runs or still waits for its next start.
    Mistaken when: what made it start so often is still there - then that is the cause and this only its end.
    Source: systemd.unit(5) StartLimitIntervalSec=; `systemctl reset-failed` clears the counter.
    """
    if unit.active != "failed":
        because = (_quote.state(unit, "ActiveState", "SubState", "Result"),)
        return RuledOut(
            cause="start_limit_hit", says=f"the unit is {unit.active}, not failed", because=because
        )
    said = app_journal.of_systemd(_life.TOO_QUICKLY) if app_journal else ()
    if unit.result != "start-limit-hit" and not said:
        return None
    clean = unit.exit_code == 1 and unit.exit_status == 0
    return Finding(
        cause="start_limit_hit",
        certainty=Certainty.CONFIRMED if clean else Certainty.LIKELY,
        says=f"systemd gave up on {unit.name} after {unit.restarts} restarts",
        because=(
            *(_quote.logged(entry) for entry in said[:1]),
            _quote.state(unit, "ActiveState", "Result", "NRestarts"),
        ),
        restart=_quote.helps("app", "the last run ended well; only the limit keeps it down")
        if clean
        else _quote.useless("app", "what ended it so often is still there"),
        next_check=None if clean else "why the starts before failed",
        weight=78 if clean else 45,
    )
