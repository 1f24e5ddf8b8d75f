"""The app dies while it starts."""

from bot.model.evidence import HostClock
from bot.model.verdict import Certainty, Finding, RestartAdvice, RuledOut
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote
from bot.rules._release import is_suspect, of_one_server

#: systemd's own exit codes: the program was never run, or not in the way the unit asks.
SYSTEMD_EXITS = range(200, 246)


def app_crash_startup(
    unit: UnitState,
    clock: HostClock,
    app_journal: Journal | None,
    changes: Changes | None,
    access_log: AccessLog | None,
    app_history: Journal | None,
    upstreams: HttpProbes | None,
) -> Finding | RuledOut | None:
    """The app dies or gives up while starting: a setting or a dependency is missing, or the code is broken.

    Why: its main process ended by itself within seconds of its start, and systemd is trying again or gave up.
    Ruled out when: the unit runs and was not started again; a signal from outside ended it.
    Mistaken when: a program forks and its starter ends well (Type=forking); a dependency was away for a
    moment only.
    Source: systemd.service(5) Restart=, systemd.exec(5) "Process Exit Codes".
    """
    if unit.is_running and unit.restarts == 0:
        return RuledOut(
            cause="app_crash_startup",
            says="the app runs and was never started again by systemd",
            because=(_quote.state(unit, "ActiveState", "SubState", "NRestarts"),),
        )
    if not _life.is_crashing(unit, clock) or unit.exit_status in SYSTEMD_EXITS or unit.result == "resources":
        return None
    exit_ = _life.last_exit(app_journal)
    if (unit.was_killed and unit.exit_status in (9, 15)) or (exit_ and _life.KILLED.search(exit_.message)):
        return None
    lived = _life.lived_s(unit, app_journal)
    if lived is not None and lived > _life.STARTUP_S:
        return None
    words = _life.last_words(app_journal)
    leads_elsewhere = _life.has_own_reason(app_journal) or is_suspect(
        changes, of_one_server(access_log, upstreams), app_history or app_journal
    )
    is_sure = words is not None and lived is not None and not leads_elsewhere
    state = _quote.state(unit, "ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts")
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.CONFIRMED if is_sure else Certainty.LIKELY,
        says=_says(unit, lived, words.message.strip() if words else ""),
        because=(
            *((_quote.logged(words),) if words else ()),
            state,
            *((_quote.logged(exit_),) if exit_ else ()),
        ),
        restart=_restart(unit),
        next_check=None if is_sure else f"the journal of {unit.name} before its last exit",
        weight=80,
    )


def _says(unit: UnitState, lived: float | None, words: str) -> str:
    when = "while starting" if lived is None else f"{lived:.0f} s after each start"
    said = f": {words}" if words else ""
    return f"{unit.name} dies {when}{said}"


def _restart(unit: UnitState) -> RestartAdvice:
    times = f"{unit.restarts + 1} starts ended the same way" if unit.restarts else "its last start ended so"
    return _quote.useless("app", f"{times}; it meets the same missing piece again")
