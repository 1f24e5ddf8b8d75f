"""An incident as its entries tell it: `fold` and nothing else makes one.

The fold is total. An entry that cannot be true where it stands (a claim without quorum, an outcome
under a foreign nonce, …) changes nothing and is counted in `ignored`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from bot.model.approval import (
    Approval,
    ApprovalStatus,
    Vote,
    acted,
    answered,
    claimed,
    closed,
    intended,
    voted,
)
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    ChannelChanged,
    Claimed,
    Entry,
    Exported,
    IncidentOpened,
    Intended,
    Noted,
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
from bot.model.run import Run, StepView
from bot.model.state import Incident, IncidentStatus, Note, Refusal, Undone, Work

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
            return replace(incident, opened=event, opened_at=at, requester=event.person)
        case RunStarted():
            return _run_started(incident, event, at)
        case StepEnded() | RunEnded() | RunFailed():
            return _run_told(incident, event, at)
        case Proposed():
            return _proposed(incident, event, at)
        case Voted() | ApprovalClosed() | Claimed() | Intended() | ActionEnded() | Ready():
            return _approval_told(incident, event, at, clock_at)
        case Noted():
            after = replace(incident, notes=(*incident.notes, Note(at=at, event=event)))
            return replace(after, is_look_wanted=True, requester=event.person) if event.wants_look else after
        case Refused():
            return replace(incident, refusals=(*incident.refusals, Refusal(at=at, event=event)))
        case Shown() | ChannelChanged():
            return _chat_told(incident, event, at)
        case Exported():
            return replace(incident, exports=(*incident.exports, event))
        case _ as never:
            assert_never(never)


def _chat_told(incident: Incident, event: Shown | ChannelChanged, at: datetime) -> Incident:
    match event:
        case Shown():
            # It may have been sent just before the channel got its new id, and be written down after.
            stands = replace(event, channel=incident.channel_now(event.channel))
            since = MappingProxyType({event.key: at, **incident.shown_since})
            shown = MappingProxyType({**incident.shown, event.key: stands})
            is_public = bool(event.is_public) and stands.channel == event.channel
            return replace(
                incident, shown=shown, shown_since=since, public_since=_public(incident, event, at, is_public)
            )
        case ChannelChanged():
            after = replace(incident, channel_changes=(*incident.channel_changes, event))
            moved = {
                key: replace(one, channel=after.channel_now(one.channel)) for key, one in after.shown.items()
            }
            # Shared or under another id: who may see it from now on is not known before it is shown again.
            public = {
                key: since
                for key, since in after.public_since.items()
                if incident.shown[key].channel != event.channel
            }
            return replace(after, shown=MappingProxyType(moved), public_since=MappingProxyType(public))
        case _ as never:
            assert_never(never)


def _public(incident: Incident, event: Shown, at: datetime, is_public: bool) -> Mapping[str, datetime]:
    """Since when messages stand in a public channel, with this one; it counts anew after it did not."""
    if is_public:
        return MappingProxyType({event.key: at, **incident.public_since})
    others = {key: since for key, since in incident.public_since.items() if key != event.key}
    return MappingProxyType(others)


def _proposed(incident: Incident, event: Proposed, at: datetime) -> Incident | None:
    if incident.approval(event.approval) is not None:
        return None
    opener = incident.opened.person if incident.opened else ""
    fresh = Approval(proposed=event, proposed_at=at, requester=event.requester or opener)
    return replace(incident, approvals=(*incident.approvals, fresh))


def _run_started(incident: Incident, event: RunStarted, at: datetime) -> Incident | None:
    if any(run.number == event.run for run in incident.runs):
        return None
    run = Run(started=event, started_at=at, requester=incident.requester)
    # The look just before an action serves that action only.
    is_look_wanted = incident.is_look_wanted and run.is_precheck
    return replace(incident, runs=(*incident.runs, run), is_look_wanted=is_look_wanted)


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
