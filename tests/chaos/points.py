"""Where a process may be made to die: named places on the way of an action through the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.model.event import (
    ActionEnded,
    Claimed,
    Event,
    IncidentOpened,
    Intended,
    Noted,
    Proposed,
    Ready,
    RunStarted,
    Shown,
    Voted,
)


class Point(Enum):
    """A named place; the order is that of an undisturbed action."""

    ASKED = "incident.opened committed"
    OFFERED = "approval.proposed committed"
    CARD_POSTED = "card posted, not noted"
    BEFORE_VOTE = "before the vote is committed"
    AFTER_VOTE = "vote committed"
    BEFORE_CLAIM = "before the claim is committed"
    AFTER_CLAIM = "claim committed"
    IN_PRECHECK = "last look before the action begun"
    BEFORE_INTENT = "before the intent is committed"
    AFTER_INTENT = "intent committed"
    ORDERED = "order on its way"
    ORDER_TAKEN = "nonce taken by the host"
    MID_ACTION = "command runs"
    ACTION_DONE = "command ended, reply unread"
    REPLY_READ = "reply read"
    BEFORE_OUTCOME = "before the outcome is committed"
    AFTER_OUTCOME = "outcome committed"
    AFTER_READY = "service answers again, committed"
    IN_RECHECK = "look after the action begun"
    #: The next three are only passed by a process that finds an intent without an outcome.
    SETTLE_ASKED = "before the host is asked about the nonce"
    SETTLE_ANSWERED = "host asked about the nonce"
    #: Right after the start.
    STARTED = "server started"
    #: Only where somebody asks for it.
    ASKED_AGAIN = "another look asked for, committed"


class Edge(Enum):
    """Which side of a commit."""

    BEFORE = auto()
    AFTER = auto()


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit that a point lies beside."""

    edge: Edge
    event: type[Event]
    #: What the run's reason, or the shown message's key, begins with.
    about: str = ""

    def fits(self, edge: Edge, events: Sequence[Event]) -> bool:
        return edge is self.edge and any(self._is_it(event) for event in events)

    def _is_it(self, event: Event) -> bool:
        match event:
            case RunStarted(reason=word) | Shown(key=word):
                return isinstance(event, self.event) and word.startswith(self.about)
        return isinstance(event, self.event)


#: Points beside commits; the others lie at the host, or are passed by the clock.
COMMITS = {
    Point.ASKED: Commit(edge=Edge.AFTER, event=IncidentOpened),
    Point.OFFERED: Commit(edge=Edge.AFTER, event=Proposed),
    Point.CARD_POSTED: Commit(edge=Edge.BEFORE, event=Shown, about="card:"),
    Point.BEFORE_VOTE: Commit(edge=Edge.BEFORE, event=Voted),
    Point.AFTER_VOTE: Commit(edge=Edge.AFTER, event=Voted),
    Point.BEFORE_CLAIM: Commit(edge=Edge.BEFORE, event=Claimed),
    Point.AFTER_CLAIM: Commit(edge=Edge.AFTER, event=Claimed),
    Point.IN_PRECHECK: Commit(edge=Edge.AFTER, event=RunStarted, about="precheck:"),
    Point.BEFORE_INTENT: Commit(edge=Edge.BEFORE, event=Intended),
    Point.AFTER_INTENT: Commit(edge=Edge.AFTER, event=Intended),
    Point.BEFORE_OUTCOME: Commit(edge=Edge.BEFORE, event=ActionEnded),
    Point.AFTER_OUTCOME: Commit(edge=Edge.AFTER, event=ActionEnded),
    Point.AFTER_READY: Commit(edge=Edge.AFTER, event=Ready),
    Point.IN_RECHECK: Commit(edge=Edge.AFTER, event=RunStarted, about="recheck:"),
    Point.ASKED_AGAIN: Commit(edge=Edge.AFTER, event=Noted),
}
#: Points that every action passes, or its recovery.
ON_THE_WAY = tuple(point for point in Point if point is not Point.ASKED_AGAIN)
#: What a recovering process passes after its forerunner died there.
RECOVERY = {
    Point.SETTLE_ASKED: Point.MID_ACTION,
    Point.SETTLE_ANSWERED: Point.AFTER_INTENT,
}


@dataclass(frozen=True, kw_only=True)
class Death:
    """A process dies so long after it passed a point."""

    at: Point
    after_s: float = 0.0

    def __str__(self) -> str:
        return f"{self.at.value} +{self.after_s * 1000:.0f} ms"
