"""What a round left behind, and what is wrong with it: compared from outside, pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.audit import Report, Result
from bot.model.event import ActionEnded, Claimed, Entry, Intended, Outcome
from bot.model.incident import Incident, fold
from tests.chaos.host import Start
from tests.support.messages import repeated

#: The host's clock and the ledger's are one here; the ledger's is read in milliseconds.
_CLOCK_S = 0.002


class Phase(Enum):
    """How far the action was when a process died."""

    BEFORE = "before the intent"
    INTENT = "intent"
    STARTED = "started"
    OVER = "outcome known"


@dataclass(frozen=True, kw_only=True)
class Left:
    """The ledger, the host's trace and Slack, after a round."""

    #: Incident -> its entries.
    entries: Mapping[str, Sequence[Entry]]
    starts: tuple[Start, ...]
    #: `incident seq hash` of what the ledger acknowledged to a process that may be dead by now.
    acknowledged: tuple[str, ...]
    report: Report
    #: Everything to see in Slack; empty when it was not looked at.
    messages: Sequence[dict[str, Any]] = ()
    #: From the last start of a server until nothing was left to do; None when that did not happen.
    resolved_after_s: float | None = None


def phase_of(entries: Iterable[Entry], starts: Sequence[Start]) -> Phase:
    """How far the first action is; `starts` are those that had begun by then."""
    events = [entry.event for entry in entries]
    if any(isinstance(event, ActionEnded) for event in events):
        return Phase.OVER
    if starts:
        return Phase.STARTED
    is_intended = any(isinstance(event, Intended) for event in events)
    return Phase.INTENT if is_intended else Phase.BEFORE


def faults_in(left: Left) -> list[str]:
    """Every broken promise as a sentence; empty when all were kept."""
    incidents = [fold(entries) for entries in left.entries.values()]
    return [
        *_without_intent(left),
        *_twice(left),
        *_lost(left),
        *_untrue(left),
        *(f"chain: {trouble}" for trouble in left.report.troubles if left.report.result is not Result.OK),
        *(f"unresolved: {one.id} has {one.undone}; {_last(left, one)}" for one in incidents if one.undone),
        *(["unresolved: not within a minute"] if left.resolved_after_s is None else []),
        *(f"message twice: {one}" for one in repeated(left.messages)),
        *(_two_roots(left, len(incidents))),
    ]


def _without_intent(left: Left) -> Iterable[str]:
    intents: dict[str, float] = {}
    for entry in _all(left):
        if isinstance(entry.event, Intended):
            intents.setdefault(entry.event.nonce, entry.at.timestamp())
    for start in left.starts:
        if start.nonce not in intents:
            yield f"action without intent: {start.nonce}"
        elif start.began + _CLOCK_S < intents[start.nonce]:
            yield f"action before its intent: {start.nonce}"


def _twice(left: Left) -> Iterable[str]:
    for nonce, times in Counter(start.nonce for start in left.starts).items():
        if times > 1:
            yield f"executed {times} times: nonce {nonce}"
    approved = {e.event.approval for e in _all(left) if isinstance(e.event, Claimed | Intended)}
    for approval in approved:
        mine = [e.event for e in _all(left) if getattr(e.event, "approval", None) == approval]
        for kind in (Claimed, Intended, ActionEnded):
            if sum(isinstance(event, kind) for event in mine) > 1:
                yield f"{kind.kind} more than once: approval {approval}"
    if len(left.starts) > len(approved):
        yield f"executed {len(left.starts)} times for {len(approved)} approvals"


def _lost(left: Left) -> Iterable[str]:
    there = {f"{entry.incident} {entry.seq} {entry.hash}" for entry in _all(left)}
    yield from (f"entry lost: {line}" for line in left.acknowledged if line not in there)


def _untrue(left: Left) -> Iterable[str]:
    """Outcomes that the host contradicts."""
    ran = {start.nonce: start for start in left.starts}
    for entry in _all(left):
        event = entry.event
        if not isinstance(event, ActionEnded):
            continue
        if event.outcome is Outcome.NOT_RUN and event.nonce in ran:
            yield f"said not to have run, but did: {event.nonce}"
        if event.outcome in (Outcome.DONE, Outcome.FAILED) and event.nonce not in ran:
            yield f"said to be {event.outcome.value}, but never ran: {event.nonce}"


def _two_roots(left: Left, incidents: int) -> Iterable[str]:
    roots = [one for one in left.messages if not one["thread_ts"] and not one["ephemeral_to"]]
    if left.messages and len(roots) != incidents:
        yield f"{len(roots)} threads for {incidents} incidents"


def _last(left: Left, incident: Incident) -> str:
    """When it went on the last times."""
    return ", ".join(f"{one.at:%H:%M:%S} {one.event.kind}" for one in left.entries[incident.id][-6:])


def _all(left: Left) -> Iterable[Entry]:
    return (entry for entries in left.entries.values() for entry in entries)


def is_over(state: Incident) -> bool:
    """Nothing is left to do, and nothing will come by itself."""
    has_ended = any(one.outcome for one in state.approvals) or (state.verdict and state.verdict.is_healthy)
    is_waiting = any(
        one.status.name in ("OPEN", "APPROVED", "CLAIMED", "INTENDED") for one in state.approvals
    )
    is_looked_at = state.run is not None and state.run.ended is not None
    return bool(has_ended) and not state.undone and not is_waiting and is_looked_at
