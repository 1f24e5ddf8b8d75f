"""Every kind of event there is."""

from bot.model.event.chat import ChannelChanged, Shown
from bot.model.event.consent import ApprovalClosed, Proposed, Voted
from bot.model.event.deed import ActionEnded, Claimed, Intended, Ready
from bot.model.event.look import RunEnded, RunFailed, RunStarted, StepEnded
from bot.model.event.people import Exported, IncidentOpened, Noted, Refused

Event = (
    IncidentOpened
    | RunStarted
    | StepEnded
    | RunEnded
    | RunFailed
    | Proposed
    | Voted
    | ApprovalClosed
    | Claimed
    | Intended
    | ActionEnded
    | Ready
    | Noted
    | Refused
    | Shown
    | ChannelChanged
    | Exported
)
