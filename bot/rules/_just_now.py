"""A unit in motion: a start or stop is under way, or it was stopped a moment ago. Ask again before acting."""

from dataclasses import replace
from datetime import datetime

from bot.model.evidence import HostClock
from bot.model.verdict import RestartAdvice, RestartEffect
from bot.parsers.unit_state import UnitState
from bot.rules import _quote

AGAIN = "ask again in a minute"
#: A deploy or a package's upgrade stops it, works for a while, and starts it again.
_MOMENT_S = 60.0


def motion(unit: UnitState | None) -> str | None:
    """`is being started` or `is being stopped`; None of one that runs, rests or waits for its next start."""
    if unit is None or unit.sub.startswith("auto-restart"):
        return None
    return {"activating": "is being started", "deactivating": "is being stopped"}.get(unit.active)


def is_down(unit: UnitState) -> bool:
    """It is there and does not run, and nobody is about to change that."""
    return unit.load != "not-found" and not unit.is_running and motion(unit) is None


def start(unit: UnitState | None, clock: HostClock, *, helps: str, otherwise: str) -> RestartAdvice:
    """Whether a start of the app's unit mends it: why it `helps`, or `otherwise` why nobody can tell."""
    if unit is None:
        return _quote.useless("app", otherwise)
    if moves := motion(unit):
        return _quote.unknown("app", f"{unit.name} {moves} at this moment")
    if unit.load == "not-found":
        return _quote.useless("app", f"there is no {unit.name} that could be started")
    is_startable = unit.load == "loaded" and unit.active in ("inactive", "failed")
    if not is_startable or unit.result != "success":
        return _quote.useless("app", otherwise)
    return heeding(_quote.helps("app", helps), unit, clock)


def heeding(
    advice: RestartAdvice, unit: UnitState, clock: HostClock, at: datetime | None = None
) -> RestartAdvice:
    """The advice to start it; not sure where it was stopped a moment ago, by default as systemd tells."""
    at = at or unit.inactive_since
    if advice.effect is not RestartEffect.HELPS or not advice.is_sure or at is None:
        return advice
    ago = max(0.0, (clock.now - at).total_seconds())
    if unit.active != "inactive" or ago >= _MOMENT_S:
        return advice
    soon = f"it was stopped only {ago:.0f} s ago, maybe by a deploy that starts it again itself"
    return replace(advice, is_sure=False, why=f"{advice.why}; {soon}")
