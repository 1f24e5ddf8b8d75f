"""Runs an approved action once: claim, precheck, intent, act, outcome; or settles one left behind.

The order of the ledger's entries is the safety: nothing is sent to a host before the intent is
committed, and the host itself refuses a nonce it has seen. After a lost connection or a crash the
action is never sent again; the host is asked about the nonce instead.
"""

import asyncio
import secrets
from dataclasses import dataclass

from bot.errors import HostError
from bot.investigate import World
from bot.model.action import ActResult, Order, Settled, Settlement
from bot.model.approval import Approval
from bot.model.command import Ended
from bot.model.event import ActionEnded, Claimed, Intended, Outcome
from bot.model.host import Host

#: How long a host that may have run an action is asked about it before the outcome is called unknown.
SETTLE_FOR_S = 50.0
#: Pause between two such questions.
SETTLE_EVERY_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Action:
    """An approved action on its way to the host."""

    host: Host
    approval: Approval
    host_key: str
    timeout_s: float


def claim_of(approval: Approval, *, worker: str) -> Claimed:
    """A claim under a fresh 128-bit nonce."""
    return Claimed(approval=approval.id, nonce=secrets.token_hex(16), worker=worker)


def intent_of(action: Action) -> Intended:
    """What is committed before anything is sent; raises ValueError for an unclaimed approval: a bug."""
    approval = action.approval
    if approval.nonce is None:
        raise ValueError(f"approval {approval.id} is not claimed")
    return Intended(
        approval=approval.id,
        nonce=approval.nonce,
        host=action.host.name,
        target=approval.proposed.target,
        commands=approval.proposed.commands,
        digest=approval.proposed.digest,
        host_key=action.host_key,
    )


async def act(action: Action, intent: Intended, world: World) -> ActionEnded:
    """Send the order; call only after the intent is committed. Never raises for what the host does."""
    order = Order(
        nonce=intent.nonce,
        commands=intent.commands,
        host_key=intent.host_key,
        timeout_s=action.timeout_s,
    )
    try:
        result = await world.senses.shell.act(action.host, order)
    except HostError as error:
        return _outcome(intent, Outcome.NOT_RUN, None, f"it did not start: {error}")
    if not result.is_first or result.ended is not Ended.EXITED or result.exit_status is None:
        return await settle(action, intent.nonce, world)
    return await _ended(intent.approval, intent.nonce, result, world)


async def settle(action: Action, nonce: str, world: World) -> ActionEnded:
    """Ask the host what became of a nonce until it knows; a nonce that never ran is burnt by asking.

    A host with another key than the action was for is not believed: the outcome is unknown.
    """
    until = world.clock.monotonic() + max(SETTLE_FOR_S, action.timeout_s)
    says = "the host did not say what became of it"
    while True:
        try:
            found = await world.senses.shell.settle(action.host, nonce, host_key=action.host_key)
        except HostError as error:
            says = f"the host could not be asked what became of it: {error}"
        else:
            ended = await _settled(action, nonce, found, world)
            if ended is not None:
                return ended
            says = "it was still running when last asked"
        if world.clock.monotonic() >= until:
            return _ended_as(action.approval.id, nonce, Outcome.UNKNOWN, None, says)
        await asyncio.sleep(SETTLE_EVERY_S)


async def _settled(action: Action, nonce: str, found: Settlement, world: World) -> ActionEnded | None:
    """The outcome as the host tells it; None while it still runs."""
    approval = action.approval.id
    match found.state:
        case Settled.NEVER:
            return _ended_as(
                approval, nonce, Outcome.NOT_RUN, None, "the host never ran it, and will not run it any more"
            )
        case Settled.RUNNING:
            return None
        case Settled.CUT:
            return _ended_as(
                approval,
                nonce,
                Outcome.UNKNOWN,
                None,
                "it was started, and cut off before its end was written down; look at the host",
            )
        case Settled.DONE:
            result = ActResult(
                is_first=True,
                ended=Ended.EXITED,
                exit_status=found.exit_status,
                stdout=found.stdout,
                stderr=found.stderr,
                duration_s=0.0,
            )
            return await _ended(approval, nonce, result, world)


async def _ended(approval: str, nonce: str, result: ActResult, world: World) -> ActionEnded:
    cleaned = await world.senses.clean(result.stdout, result.stderr)
    text = "\n".join(part for each in cleaned if (part := each.text.rstrip()))
    if result.exit_status is None:
        outcome, says = Outcome.UNKNOWN, "it ended, but its exit status was not written down"
    elif result.exit_status == 0:
        outcome, says = Outcome.DONE, "exit status 0"
    else:
        last = text.splitlines()[-1][:200] if text else "no output"
        outcome, says = Outcome.FAILED, f"exit status {result.exit_status}: {last}"
    return ActionEnded(
        approval=approval,
        nonce=nonce,
        outcome=outcome,
        exit_status=result.exit_status,
        says=says,
        duration_s=round(result.duration_s, 3),
        evidence=await world.ledger.keep(text) if text else None,
    )


def _outcome(intent: Intended, outcome: Outcome, exit_status: int | None, says: str) -> ActionEnded:
    return _ended_as(intent.approval, intent.nonce, outcome, exit_status, says)


def _ended_as(approval: str, nonce: str, outcome: Outcome, exit_status: int | None, says: str) -> ActionEnded:
    return ActionEnded(approval=approval, nonce=nonce, outcome=outcome, exit_status=exit_status, says=says)
