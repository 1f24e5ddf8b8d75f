"""The app dies in the middle of its work."""

from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote


def app_crash_runtime(
    unit: UnitState, app_journal: Journal | None, kernel_log: KernelLog | None
) -> Finding | RuledOut | None:
    """The app's main process ended by itself after it had worked for a while.

    Why: it lived longer than a start takes and then ended badly, by an error of its own or a crash.
    Ruled out when: the main process never ended since its start.
    Mistaken when: the kernel's OOM killer ended it (oom_kill), or somebody sent the signal.
    Source: systemd.service(5) Result, signal(7).
    """
    lived = _life.lived_s(unit, app_journal)
    if unit.restarts == 0 and unit.is_running:
        because = (_quote.state(unit, "ActiveState", "NRestarts"),)
        return RuledOut(cause="app_crash_runtime", says="its main process never ended", because=because)
    ended_badly = unit.result not in ("success", "") or unit.restarts > 0
    if not ended_badly or lived is None:
        return None
    if kernel_log is not None and kernel_log.oom_kills:
        return None
    words, exit_ = _life.last_words(app_journal), _life.last_exit(app_journal)
    if unit.is_running and exit_ is None:
        return None
    if lived <= _life.STARTUP_S and not (exit_ and _life.KILLED.search(exit_.message)):
        return None
    down = not unit.is_running
    return Finding(
        cause="app_crash_runtime",
        certainty=Certainty.CONFIRMED if exit_ and words and down else Certainty.LIKELY,
        says=f"{unit.name} died after {lived:.0f} s of work"
        + (f": {words.message.strip()}" if words else ""),
        because=(
            *((_quote.logged(exit_),) if exit_ else ()),
            *((_quote.logged(words),) if words else ()),
            _quote.state(unit, "ActiveState", "Result", "ExecMainStatus", "NRestarts"),
        ),
        restart=_quote.temporary("app", "it works again until the same request or leak ends it")
        if down
        else _quote.useless("app", "systemd has already started it again"),
        next_check="what it did when it died",
        weight=70 if down else 15,
    )
