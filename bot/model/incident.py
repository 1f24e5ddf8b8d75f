"""An incident as its entries tell it: `fold` and nothing else makes one.

The fold is total. An entry that cannot be true where it stands (a claim without quorum, an outcome
under a foreign nonce, …) changes nothing and is counted in `ignored`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import assert_never

from bot.model.approval import (
    ACTING,
    Approval,
    ApprovalStatus,
    Vote,
    acted,
    answered,
    claimed,
    closed,
    expired_at,
    intended,
    voted,
)
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Entry,
    Exported,
    IncidentOpened,
    Intended,
    Noted,
    Outcome,
    Place,
    Proposed,
    Ready,
    Refused,
    RunEnded,
    RunFailed,
    RunStarted,
    Shown,
    StepEnded,
    Voted,
)
from bot.model.verdict import Verdict

__all__ = [
    "Approval",
    "ApprovalStatus",
    "Incident",
    "IncidentStatus",
    "Run",
    "StepView",
    "Undone",
    "Vote",
    "Work",
    "fold",
]


class IncidentStatus(Enum):
    """What is going on, for people and for the worker."""

    LOOKING = "looking"
    #: A verdict stands and an approval waits for people.
    DECIDING = "deciding"
    ACTING = "acting"
    RECHECKING = "rechecking"
    DONE = "done"
    #: The bot itself failed, or the chain does not start with an opening.
    BROKEN = "broken"


class Work(Enum):
    """What a restart must go on with."""

    START_RUN = "opened, no run yet"
    END_RUN = "a run without an end"
    CLAIM = "a quorum without a claim"
    INTEND = "a claim without an intent"
    SETTLE = "an intent without an outcome"
    RECHECK = "an outcome without a recheck"


@dataclass(frozen=True, kw_only=True)
class Undone:
    """One piece of unfinished work."""

    work: Work
    run: int | None = None
    approval: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step's answer and when it came."""

    at: datetime
    event: StepEnded


@dataclass(frozen=True, kw_only=True)
class Run:
    """One pass through the checklist, as far as it got."""

    started: RunStarted
    started_at: datetime
    #: In the order the answers came.
    steps: tuple[StepView, ...] = ()
    ended: RunEnded | None = None
    failed: RunFailed | None = None
    ended_at: datetime | None = None

    @property
    def number(self) -> int:
        """1 for the ask."""
        return self.started.run

    @property
    def verdict(self) -> Verdict | None:
        """None until the run ended, and when it failed."""
        return self.ended.verdict if self.ended else None

    @property
    def is_over(self) -> bool:
        """True when it ended or failed."""
        return self.ended is not None or self.failed is not None

    @property
    def recheck_of(self) -> str | None:
        """The approval it rechecks; None for an ask."""
        kind, _, approval = self.started.reason.partition(":")
        return approval if kind == "recheck" and approval else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Steps of the checklist that have not answered, in its order."""
        seen = {step.event.step for step in self.steps}
        return tuple(step for step in self.started.steps if step not in seen)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note and when it was written."""

    at: datetime
    event: Noted


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Who wanted what and may not."""

    at: datetime
    event: Refused


@dataclass(frozen=True, kw_only=True)
class Incident:
    """All that the ledger knows of one incident."""

    id: str = ""
    opened: IncidentOpened | None = None
    opened_at: datetime | None = None
    runs: tuple[Run, ...] = ()
    approvals: tuple[Approval, ...] = ()
    notes: tuple[Note, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    exports: tuple[Exported, ...] = ()
    #: Message key -> where it stands in Slack now.
    shown: Mapping[str, Shown] = field(default_factory=lambda: MappingProxyType({}))
    #: Seq and hash of the last entry; 0 and empty before the first.
    seq: int = 0
    head: str = ""
    #: The latest time any entry carries: this incident's clock never goes back behind it.
    clock_at: datetime | None = None
    #: Entries that could not be true where they stand.
    ignored: int = 0

    @property
    def host(self) -> str | None:
        """Name of the host asked about."""
        return self.opened.host if self.opened else None

    @property
    def runbook(self) -> str | None:
        """Name of the runbook asked for."""
        return self.opened.runbook if self.opened else None

    @property
    def place(self) -> Place | None:
        """Where in Slack it is shown; None when it was asked in a terminal."""
        return self.opened.place if self.opened else None

    @property
    def run(self) -> Run | None:
        """The latest run."""
        return self.runs[-1] if self.runs else None

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Verdicts of the runs that ended, in order."""
        return tuple(run.verdict for run in self.runs if run.verdict is not None)

    @property
    def first_verdict(self) -> Verdict | None:
        """The verdict of the first run that ended: the `before` of a diff."""
        return self.verdicts[0] if self.verdicts else None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of the latest run that ended."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def acting(self) -> Approval | None:
        """The approval that is claimed or started, if any."""
        return next((one for one in self.approvals if one.status in ACTING), None)

    def approval(self, approval: str) -> Approval | None:
        """The approval with this id."""
        return next((one for one in self.approvals if one.id == approval), None)

    def expired_at(self, now: datetime) -> tuple[Approval, ...]:
        """Approvals whose clock ran out unused and that are not closed; `now` by the ledger's clock."""
        return expired_at(self.approvals, max(now, self.clock_at or now))

    @property
    def undone(self) -> tuple[Undone, ...]:
        """What a restart must go on with, the most urgent first; empty when nothing is left."""
        return (*_undone_actions(self), *_undone_runs(self))

    @property
    def status(self) -> IncidentStatus:
        """What is going on now."""
        works = {undone.work for undone in self.undone}
        if self.opened is None:
            return IncidentStatus.BROKEN
        if works & {Work.CLAIM, Work.INTEND, Work.SETTLE}:
            return IncidentStatus.ACTING
        if Work.RECHECK in works or (Work.END_RUN in works and self.run and self.run.recheck_of):
            return IncidentStatus.RECHECKING
        if works:
            return IncidentStatus.LOOKING
        if self.run and self.run.failed:
            return IncidentStatus.BROKEN
        is_open = any(one.status is ApprovalStatus.OPEN for one in self.approvals)
        return IncidentStatus.DECIDING if is_open else IncidentStatus.DONE


_WORK_OF = {
    ApprovalStatus.STARTED: Work.SETTLE,
    ApprovalStatus.CLAIMED: Work.INTEND,
    ApprovalStatus.APPROVED: Work.CLAIM,
}
_URGENCY = tuple(_WORK_OF.values())


def _undone_actions(incident: Incident) -> tuple[Undone, ...]:
    found = [
        Undone(work=_WORK_OF[one.status], approval=one.id)
        for one in incident.approvals
        if one.status in _WORK_OF
    ]
    return tuple(sorted(found, key=lambda undone: _URGENCY.index(undone.work)))


def _undone_runs(incident: Incident) -> tuple[Undone, ...]:
    if incident.opened is None:
        return ()
    run = incident.run
    if run is None:
        return (Undone(work=Work.START_RUN, run=1),)
    if not run.is_over:
        return (Undone(work=Work.END_RUN, run=run.number),)
    rechecked = {one.recheck_of for one in incident.runs}
    return tuple(
        Undone(work=Work.RECHECK, approval=one.id)
        for one in incident.approvals
        if _wants_recheck(one) and one.id not in rechecked
    )


def _wants_recheck(approval: Approval) -> bool:
    return approval.outcome is not None and approval.outcome.outcome is not Outcome.NOT_RUN


def fold(entries: Iterable[Entry]) -> Incident:
    """The incident that these entries tell of, given in order; an empty Incident for none.

    Pure and total: never raises, whatever the order.
    """
    incident = Incident()
    for entry in entries:
        incident = _after(incident, entry)
    return incident


def _after(incident: Incident, entry: Entry) -> Incident:
    clock_at = max(entry.at, incident.clock_at or entry.at)
    base = replace(incident, id=entry.incident, seq=entry.seq, head=entry.hash, clock_at=clock_at)
    changed = _told(base, entry, clock_at)
    return changed if changed is not None else replace(base, ignored=base.ignored + 1)


def _told(incident: Incident, entry: Entry, clock_at: datetime) -> Incident | None:
    """The incident with the entry's event in it; None when it cannot be true here."""
    event, at = entry.event, entry.at
    match event:
        case IncidentOpened():
            if incident.opened is not None:
                return None
            return replace(incident, opened=event, opened_at=at)
        case RunStarted():
            return _run_started(incident, event, at)
        case StepEnded() | RunEnded() | RunFailed():
            return _run_told(incident, event, at)
        case Proposed():
            if incident.approval(event.approval) is not None:
                return None
            fresh = Approval(proposed=event, proposed_at=at)
            return replace(incident, approvals=(*incident.approvals, fresh))
        case Voted() | ApprovalClosed() | Claimed() | Intended() | ActionEnded() | Ready():
            return _approval_told(incident, event, at, clock_at)
        case Noted():
            return replace(incident, notes=(*incident.notes, Note(at=at, event=event)))
        case Refused():
            return replace(incident, refusals=(*incident.refusals, Refusal(at=at, event=event)))
        case Shown():
            shown = MappingProxyType({**incident.shown, event.key: event})
            return replace(incident, shown=shown)
        case Exported():
            return replace(incident, exports=(*incident.exports, event))
        case _ as never:
            assert_never(never)


def _run_started(incident: Incident, event: RunStarted, at: datetime) -> Incident | None:
    if any(run.number == event.run for run in incident.runs):
        return None
    return replace(incident, runs=(*incident.runs, Run(started=event, started_at=at)))


def _run_told(incident: Incident, event: StepEnded | RunEnded | RunFailed, at: datetime) -> Incident | None:
    run = next((one for one in incident.runs if one.number == event.run), None)
    if run is None or run.is_over:
        return None
    match event:
        case StepEnded():
            if any(step.event.step == event.step for step in run.steps):
                return None
            after = replace(run, steps=(*run.steps, StepView(at=at, event=event)))
        case RunEnded():
            after = replace(run, ended=event, ended_at=at)
        case RunFailed():
            after = replace(run, failed=event, ended_at=at)
        case _ as never:
            assert_never(never)
    return replace(incident, runs=tuple(after if one is run else one for one in incident.runs))


def _approval_told(
    incident: Incident,
    event: Voted | ApprovalClosed | Claimed | Intended | ActionEnded | Ready,
    at: datetime,
    clock_at: datetime,
) -> Incident | None:
    approval = incident.approval(event.approval)
    if approval is None:
        return None
    after = _next(approval, event, at, clock_at)
    if after is None:
        return None
    return replace(incident, approvals=tuple(after if one is approval else one for one in incident.approvals))


def _next(
    approval: Approval,
    event: Voted | ApprovalClosed | Claimed | Intended | ActionEnded | Ready,
    at: datetime,
    clock_at: datetime,
) -> Approval | None:
    match event:
        case Voted():
            # The incident's own clock: a database clock set back must not revive an expired approval.
            return voted(approval, Vote(at=clock_at, event=event))
        case ApprovalClosed():
            return closed(approval, event, at)
        case Claimed():
            return claimed(approval, event, at)
        case Intended():
            return intended(approval, event, at)
        case ActionEnded():
            return acted(approval, event, at)
        case Ready():
            return answered(approval, event, at)
        case _ as never:
            assert_never(never)
