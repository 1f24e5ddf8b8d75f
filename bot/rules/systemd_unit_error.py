"""The unit itself is wrong."""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _quote, _unit_exit

_SAID = re.compile(
    r"status=2(00|[12]\d|3\d|4\d)/|Failed to load environment files|bad unit file|bad-setting|"
    r"Changing to the requested working "
    r"directory failed|Failed at step |has a bad unit file setting|Failed to run 'start' task"
)
#: systemd's exit codes other than those of exec_missing (203) and permission_user (216, 217).
_STATUSES = tuple(code for code in range(200, 246) if code not in (203, 216, 217))


def systemd_unit_error(unit: UnitState, app_journal: Journal | None) -> Finding | None:
    """systemd cannot start the unit as it is written: directory, environment file, sandbox or syntax.

    Why: the unit is not loaded properly, or systemd failed before it ran the program.
    Ruled out when: the unit is loaded and the program was run.
    Mistaken when: the fleet names another unit than the app's.
    Source: systemd.exec(5) "Process Exit Codes" (200/CHDIR …), systemd.unit(5) LoadState.
    """
    is_unloaded = unit.load in ("not-found", "bad-setting", "error", "masked")
    no_start = not unit.is_running and unit.result == "resources"
    if not is_unloaded and not no_start and not _unit_exit.ended_with(unit, *_STATUSES):
        return None
    says = (
        f"{unit.name} is {unit.load}" if is_unloaded else f"systemd cannot start {unit.name} as it is written"
    )
    return Finding(
        cause="systemd_unit_error",
        certainty=Certainty.CONFIRMED,
        says=says,
        because=_unit_exit.lines(unit, app_journal, _SAID, "WorkingDirectory", "FragmentPath"),
        restart=_quote.useless("app", "the unit stays as it is written"),
        weight=93 if not unit.is_running else -15,
    )
