"""The program the unit names is not there."""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _quote, _unit_exit

_SAID = re.compile(
    r"status=203/EXEC|Failed to (locate|find) executable|Unable to locate executable|Failed at step EXEC"
)


def exec_missing(unit: UnitState, app_journal: Journal | None) -> Finding | None:
    """The program (or its interpreter) in ExecStart= does not exist or may not be executed.

    Why: systemd ended the start with 203/EXEC.
    Ruled out when: the main process ended with another status.
    Mistaken when: the program itself exits with 203.
    Source: systemd.exec(5) "Process Exit Codes", EXIT_EXEC.
    """
    if not _unit_exit.ended_with(unit, 203):
        return None
    return Finding(
        cause="exec_missing",
        certainty=Certainty.CONFIRMED,
        says=f"systemd cannot execute the program of {unit.name}",
        because=_unit_exit.lines(unit, app_journal, _SAID, "ExecStart"),
        restart=_quote.useless("app", "the program is still not there"),
        weight=93,
    )
