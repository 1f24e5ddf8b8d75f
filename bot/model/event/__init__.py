"""What the ledger holds: one frozen class per kind of event.

Events are facts; nothing is edited. State is a fold of them (`bot.model.incident`).
Each class has a `kind`, the name it is stored under; renaming one breaks old ledgers.
"""

from bot.model.event.chain import Entry, Hold
from bot.model.event.chat import ChannelChange, ChannelChanged, Shown
from bot.model.event.consent import ApprovalClosed, Closing, Proposed, Voted
from bot.model.event.deed import ActionEnded, Claimed, Intended, Outcome, Ready
from bot.model.event.every import Event
from bot.model.event.look import RunEnded, RunFailed, RunStarted, StepEnded
from bot.model.event.people import Exported, IncidentOpened, Noted, Place, Refused

__all__ = [
    "ActionEnded",
    "ApprovalClosed",
    "ChannelChange",
    "ChannelChanged",
    "Claimed",
    "Closing",
    "Entry",
    "Event",
    "Exported",
    "Hold",
    "IncidentOpened",
    "Intended",
    "Noted",
    "Outcome",
    "Place",
    "Proposed",
    "Ready",
    "Refused",
    "RunEnded",
    "RunFailed",
    "RunStarted",
    "Shown",
    "StepEnded",
    "Voted",
]
