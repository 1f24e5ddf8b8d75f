"""An incident's entries as spans: what took how long. Pure.

Ids are made from the incident and the entry that ends a span, so every replica, and every second telling,
gives the same trace. Nothing that a host or a person wrote is in them: names and outcomes of ours alone.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model.command import Ended
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Entry,
    IncidentOpened,
    Intended,
    Outcome,
    Proposed,
    Ready,
    RunEnded,
    RunFailed,
    RunStarted,
    StepEnded,
)

#: The values that attributes have.
Value = str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class Span:
    """A piece of an incident that is over."""

    #: 32 and 16 lower-case hex digits; `parent` is None for the incident itself.
    trace: str
    id: str
    parent: str | None
    name: str
    begun_at: datetime
    ended_at: datetime
    #: Seq of the entry that ended it.
    ended_by: int
    attributes: Mapping[str, Value] = field(default_factory=dict)
    #: Why it counts as an error, in words of ours; None when it does not.
    error: str | None = None


def spans_of(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """Every span that is over, in the order of the entries that ended them; empty for no incident.

    The incident's own span is from the opening to the first verdict; all others are its children, also
    those that come later, and steps are children of their run.
    """
    return tuple(_Telling(entries).all()) if entries else ()


class _Telling:
    """One pass over the entries, which remembers what has begun."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        incident = entries[0].incident
        self._trace = _hex(f"trace {incident}", 32)
        self._root = _hex(f"incident {incident}", 16)
        self._opened: tuple[Entry, IncidentOpened] | None = None
        self._runs: dict[int, tuple[Entry, RunStarted]] = {}
        self._offers: dict[str, tuple[Entry, Proposed]] = {}
        self._intents: dict[str, Entry] = {}
        self._outcomes: dict[str, Entry] = {}

    def all(self) -> Iterator[Span]:
        """The spans, in order."""
        for entry in self._entries:
            yield from self._after(entry)

    def _after(self, entry: Entry) -> Iterator[Span]:
        match entry.event:
            case IncidentOpened() as event:
                self._opened = self._opened or (entry, event)
            case RunStarted() as event:
                self._runs.setdefault(event.run, (entry, event))
            case StepEnded() as event:
                yield self._step(entry, event)
            case RunEnded() | RunFailed() as event if event.run in self._runs:
                yield from self._run(entry, event)
            case Proposed() as event:
                self._offers.setdefault(event.approval, (entry, event))
            case ApprovalClosed() | Claimed() as event if event.approval in self._offers:
                yield self._approval(entry, event)
            case Intended() as event:
                self._intents.setdefault(event.approval, entry)
            case ActionEnded() as event if event.approval in self._intents:
                self._outcomes.setdefault(event.approval, entry)
                yield self._action(entry, event)
            case Ready() as event if event.approval in self._outcomes:
                yield self._ready(entry, event)
            case _:
                pass

    def _step(self, entry: Entry, event: StepEnded) -> Span:
        gap = (event.gap or "").partition(":")[0]
        about: dict[str, Value] = {"step": event.step, "ended": event.ended.value}
        if event.exit_status is not None:
            about["exit_status"] = event.exit_status
        return self._span(
            entry,
            f"step {event.step}",
            entry.at - timedelta(seconds=event.duration_s),
            about,
            parent=self._run_id(event.run),
            error=f"not read: {gap}" if gap and event.ended is not Ended.EXITED else None,
        )

    def _run(self, entry: Entry, event: RunEnded | RunFailed) -> Iterator[Span]:
        begun, started = self._runs.pop(event.run)
        about: dict[str, Value] = {"run": event.run, "reason": started.reason.partition(":")[0]}
        error = None
        if isinstance(event, RunEnded):
            about |= {
                "cause": event.verdict.cause,
                "certainty": event.verdict.certainty.value,
                "unchecked": len(event.verdict.unchecked),
            }
        else:
            error = "the look failed"
        yield self._span(
            entry, f"look {about['reason']}", begun.at, about, id_=self._run_id(event.run), error=error
        )
        if event.run == 1 and self._opened is not None:
            yield self._incident(entry, about)

    def _incident(self, entry: Entry, verdict: Mapping[str, Value]) -> Span:
        assert self._opened is not None
        opening, opened = self._opened
        about: dict[str, Value] = {"runbook": opened.runbook, "host": opened.host}
        about |= {name: verdict[name] for name in ("cause", "certainty") if name in verdict}
        return Span(
            trace=self._trace,
            id=self._root,
            parent=None,
            name=f"{opened.runbook} {opened.host}",
            begun_at=opening.at,
            ended_at=max(entry.at, opening.at),
            ended_by=entry.seq,
            attributes={"incident": entry.incident, **about},
        )

    def _approval(self, entry: Entry, event: ApprovalClosed | Claimed) -> Span:
        offer, proposed = self._offers.pop(event.approval)
        how = event.how.value if isinstance(event, ApprovalClosed) else "approved"
        about: dict[str, Value] = {"remedy": proposed.remedy, "ended": how}
        return self._span(entry, f"approval {proposed.remedy}", offer.at, about)

    def _action(self, entry: Entry, event: ActionEnded) -> Span:
        begun = self._intents[event.approval].at
        is_well = event.outcome is Outcome.DONE
        about: dict[str, Value] = {"outcome": event.outcome.value}
        return self._span(entry, "action", begun, about, error=None if is_well else event.outcome.value)

    def _ready(self, entry: Entry, event: Ready) -> Span:
        error = None if event.is_ready else "the service did not come back in time"
        begun = self._outcomes[event.approval].at
        return self._span(
            entry, "until the service answers", begun, {"is_ready": event.is_ready}, error=error
        )

    def _span(
        self,
        entry: Entry,
        name: str,
        begun_at: datetime,
        attributes: Mapping[str, Value],
        *,
        id_: str = "",
        parent: str = "",
        error: str | None = None,
    ) -> Span:
        return Span(
            trace=self._trace,
            id=id_ or _hex(f"entry {entry.incident} {entry.seq}", 16),
            parent=parent or self._root,
            name=name,
            begun_at=min(begun_at, entry.at),
            ended_at=entry.at,
            ended_by=entry.seq,
            attributes={"incident": entry.incident, **attributes},
            error=error,
        )

    def _run_id(self, run: int) -> str:
        return _hex(f"run {self._entries[0].incident} {run}", 16)


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
