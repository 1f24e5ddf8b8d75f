"""What the ledger knows of an incident; made by `bot.model.incident.fold` only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from bot.model.approval import ACTING, Approval, ApprovalStatus, Vote, expired_at
from bot.model.event import (
    ChannelChanged,
    Exported,
    IncidentOpened,
    Noted,
    Outcome,
    Place,
    Refused,
    Shown,
)
from bot.model.ruling import Way
from bot.model.run import Run
from bot.model.verdict import Verdict


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
    LOOK_AGAIN = "another look asked for, no run since"


@dataclass(frozen=True, kw_only=True)
class Undone:
    """One piece of unfinished work."""

    work: Work
    run: int | None = None
    approval: str | None = None


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
    #: Somebody asked for another look, and none has begun since.
    is_look_wanted: bool = False
    #: Person who asked last, for the first look or another one: the next look is theirs.
    requester: str = ""
    exports: tuple[Exported, ...] = ()
    #: Message key -> where it stands in Slack now.
    shown: Mapping[str, Shown] = field(default_factory=lambda: MappingProxyType({}))
    #: Message key -> since when it stands there, in whichever form.
    shown_since: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    #: The same, of those that stand in a public channel all that time.
    public_since: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    #: What became of channels it is shown in, in order.
    channel_changes: tuple[ChannelChanged, ...] = ()
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
        place = self.opened.place if self.opened else None
        return replace(place, channel=self.channel_now(place.channel)) if place else None

    def channel_now(self, channel: str) -> str:
        """The id that a channel this incident is shown in has by now."""
        for changed in self.channel_changes:
            channel = changed.now if channel == changed.channel else channel
        return channel

    @property
    def run(self) -> Run | None:
        """The latest run."""
        return self.runs[-1] if self.runs else None

    @property
    def checks(self) -> tuple[Run, ...]:
        """Runs that were asked for or follow an action, in order; the look just before an action is none."""
        return tuple(run for run in self.runs if not run.is_precheck)

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

    @property
    def broken_glass(self) -> tuple[Vote, ...]:
        """Votes by break-glass, in order."""
        votes = (vote for one in self.approvals for vote in one.votes)
        return tuple(vote for vote in votes if vote.event.is_yes and vote.event.way is Way.BREAK_GLASS)

    @property
    def review_by(self) -> datetime | None:
        """When somebody must have reviewed a break-glass; None when there is nothing to review (any more)."""
        reviews = [note.at for note in self.notes if note.event.is_review]
        due = [
            vote.event.review_by or vote.at
            for vote in self.broken_glass
            if not any(review >= vote.at for review in reviews)
        ]
        return min(due, default=None)

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
    rechecks = [
        Undone(work=Work.RECHECK, approval=one.id)
        for one in incident.approvals
        if _wants_recheck(one) and one.id not in rechecked
    ]
    again = [Undone(work=Work.LOOK_AGAIN)] if incident.is_look_wanted else []
    return (*rechecks, *again)


def _wants_recheck(approval: Approval) -> bool:
    return approval.outcome is not None and approval.outcome.outcome is not Outcome.NOT_RUN
