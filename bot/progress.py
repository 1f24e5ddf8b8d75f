"""Pure questions about an incident on its way: what waits, what is over, when to look again."""

from datetime import datetime

from bot.model.approval import WAITING, Approval, ApprovalStatus
from bot.model.event import ApprovalClosed, Closing, Hold
from bot.model.incident import Incident, Run

INTERRUPTED = "the bot stopped in the middle of it"
#: A checklist that stops the bot this often in a row is left alone.
MAX_INTERRUPTIONS = 3


def hold(approval: Approval) -> Hold:
    """The target that an approval's action needs to itself."""
    return Hold(host=approval.proposed.host, target=approval.proposed.target)


def run_of(state: Incident, approval: Approval) -> Run | None:
    """The run whose evidence an approval was offered on; None when it is not in the ledger."""
    return next((run for run in state.runs if run.number == approval.proposed.run), None)


def waiting(state: Incident) -> list[Approval]:
    """Approvals that may still be voted on or claimed."""
    return [one for one in state.approvals if one.status in WAITING]


def expired(approval: Approval) -> ApprovalClosed:
    """What closes an approval whose time is over."""
    if approval.status is ApprovalStatus.OPEN:
        return closed(approval, Closing.EXPIRED, "nobody approved it in time")
    return closed(approval, Closing.EXPIRED, "it was approved, but could not start in time")


def closed(approval: Approval, how: Closing, why: str) -> ApprovalClosed:
    """What closes an approval without an action."""
    return ApprovalClosed(approval=approval.id, how=how, why=why)


def wants_another_try(state: Incident) -> bool:
    """The latest look was cut off by a stop of the bot itself, and not too often in a row."""
    cut_off = 0
    for run in reversed(state.runs):
        if run.failed is None or run.failed.why != INTERRUPTED:
            break
        cut_off += 1
    return 0 < cut_off < MAX_INTERRUPTIONS


def has_work(state: Incident, now: datetime) -> bool:
    """Whether somebody must carry the incident on; `now` by the ledger's clock."""
    if state.opened is None:
        return False
    return bool(state.undone or state.expired_at(now)) or wants_another_try(state)


def next_clock(state: Incident) -> datetime | None:
    """When the next open approval runs out; None when none is open."""
    clocks = [one.proposed.approve_by for one in state.approvals if one.status is ApprovalStatus.OPEN]
    return min(clocks, default=None)
