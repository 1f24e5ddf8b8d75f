"""Looks that people share: who asks for the same host at the same place at once gets the same incident."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.event import Place
from bot.model.incident import Incident

_MOST = 1000
#: A look that takes longer is not waited for by somebody else.
_LOOK_TAKES = timedelta(seconds=90)


@dataclass(frozen=True, kw_only=True)
class AskLimits:
    """How much is looked at, at once and again."""

    #: Incidents that are worked on or wait for it; at more nothing is opened.
    waiting: int = 2000
    #: How long a verdict serves whoever asks again at the same place; 0: never.
    share_s: float = 30.0


class Looks:
    """The latest incident of each runbook, host and place; this process' own."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str, str, Place], str] = {}

    def latest(self, runbook: str, host: str, place: Place | None) -> str | None:
        """The incident that was opened last for it; a terminal shares none."""
        return self._latest.get((runbook, host, place)) if place else None

    def opened(self, incident: str, runbook: str, host: str, place: Place | None) -> None:
        """Remember it."""
        if place is None:
            return
        self._latest[runbook, host, place] = incident
        while len(self._latest) > _MOST:
            del self._latest[next(iter(self._latest))]


def serves_again(state: Incident, now: datetime, *, share_s: float) -> bool:
    """Whether whoever asks now is served by this incident: it is being looked at, or was just now.

    Not when something was done since: then the host is another one.
    """
    run = state.run
    if state.opened_at is None or share_s <= 0 or any(one.claim for one in state.approvals):
        return False
    if run is None or not run.is_over:
        return now - state.opened_at <= _LOOK_TAKES
    if run.ended_at is None or run.failed is not None:
        return False
    return now - run.ended_at <= timedelta(seconds=share_s)


def digest_of(request: str) -> str:
    """What an incident keeps of the request it was opened by; empty for none."""
    return hashlib.sha256(request.encode()).hexdigest()[:32] if request else ""
