"""An app that Docker keeps, in the words that rules know of systemd."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from bot.parsers.container_events import REMOVED
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.kernel_log import KernelLog
from bot.parsers.unit_state import UnitState
from bot.rules import _life


def by_docker(facts: dict[str, object]) -> None:
    """The container's events go among the lines of its log, as systemd's stand in a journal; see `_settled`.

    Nothing is done for an app that systemd keeps.
    """
    unit, log, history = (facts.get(step) for step in ("unit", "app_journal", "app_history"))
    if not isinstance(unit, UnitState) or unit.container is None:
        return
    events = _of_this_one(history) if isinstance(history, Journal) else ()
    lines = log.entries if isinstance(log, Journal) else ()
    if isinstance(log, Journal) or events:
        whole = sorted((*lines, *events), key=_at)
        facts["app_journal"] = Journal(entries=tuple(whole))
    if isinstance(history, Journal):
        facts["app_history"] = Journal(entries=events)
    if isinstance(kernel := facts.get("kernel_log"), KernelLog):
        facts["kernel_log"] = _without_neighbours(kernel, unit.container.id)
    facts["unit"] = _settled(unit, Journal(entries=events))


def _of_this_one(history: Journal) -> tuple[JournalEntry, ...]:
    """Without what befell a former container of the same name."""
    removals = [index for index, entry in enumerate(history.entries) if entry.message == REMOVED]
    return history.entries[removals[-1] + 1 if removals else 0 :]


def _without_neighbours(kernel: KernelLog, own: str) -> KernelLog:
    """Without the kills in other containers' control groups."""
    kills = ((kill, _ID.search(kill.control_group)) for kill in kernel.oom_kills)
    return replace(kernel, oom_kills=tuple(kill for kill, found in kills if not found or found[0] == own))


def _settled(unit: UnitState, history: Journal) -> UnitState:
    """One that rests, by who ended it last: an order that its history keeps, or itself."""
    if unit.active not in ("inactive", "failed") or not history.entries:
        return unit
    stop = _life.stop_by_hand(history)
    if stop is not None:
        # With the status of the order's signal it would look like a death.
        return replace(unit, active="inactive", sub="dead", result="success", exit_code=1, exit_status=0)
    is_ended = any(_life.EXITED.search(entry.message) for entry in history.entries)
    if is_ended and unit.exited_at is not None and unit.result == "success":  # with 0, and nobody told it to
        return replace(unit, active="failed", sub="failed", result="exit-code")
    return unit


def _at(entry: JournalEntry) -> datetime:
    """Lines without a time were there before all."""
    return entry.at or _LONG_AGO


#: A container's id, as Docker and Podman name its control group.
_ID = re.compile(r"\b[0-9a-f]{64}\b")
_LONG_AGO = datetime.fromtimestamp(0, tz=UTC)
