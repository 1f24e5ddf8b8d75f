"""What speaks against the same end at the next start: what was changed since the app ended."""

from dataclasses import dataclass

from bot.model.host import Host
from bot.model.verdict import Line, RestartAdvice
from bot.parsers.changes import Changes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life, _quote, _untried


@dataclass(frozen=True, kw_only=True)
class Since:
    """What is otherwise than when it ended."""

    #: One clause that completes "because …".
    why: str
    because: tuple[Line, ...]

    @property
    def advice(self) -> RestartAdvice:
        """A start may go well now."""
        return _quote.perhaps("app", self.why)


def changed(
    changes: Changes | None, host: Host, unit: UnitState, app_journal: Journal | None
) -> Since | None:
    """What the app reads at its start and was changed since the start that failed.

    Of a unit that waits for daemon-reload its own files do not count: systemd starts it as it was read.
    """
    exit_ = _life.last_exit(app_journal)
    started = exit_.at if exit_ and _life.is_before_main(exit_) else unit.started_at
    started = started or (exit_.at if exit_ else unit.exited_at)
    if changes is None or started is None:
        return None
    late = _untried.later(changes, host, started + _untried.TICK)
    files = unit.properties.get("FragmentPath", "") + " " + unit.properties.get("DropInPaths", "")
    met = next((one for one in late if not unit.needs_reload or one.name not in files.split()), None)
    if met is None:
        return None
    why = f"{met.name} was changed at {met.at:%H:%M:%S} UTC, and it was not started with it yet"
    return Since(why=why, because=(_quote.change(met),))
