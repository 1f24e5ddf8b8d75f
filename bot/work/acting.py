"""Acting: claim, look once more, commit the intent, act, write the outcome; or ask what became of it."""

import asyncio
from dataclasses import replace

from bot.act import Action, act, claim_of, intent_of
from bot.act import settle as ask_host
from bot.errors import BotError, Conflict, HostBusy
from bot.fleet import host_named
from bot.model.approval import Approval
from bot.model.event import ActionEnded, ApprovalClosed, Closing, Event
from bot.model.incident import Incident
from bot.model.ruling import Reason, Ruling
from bot.policy import refusal
from bot.progress import closed, hold, run_of, waiting
from bot.remedy import Matter, is_as_offered, is_as_shown, may_run, what_changed
from bot.work.job import Job
from bot.work.looking import check

#: Pause before a host that another remedy holds is tried again.
BUSY_WAIT_S = 1.0


async def claim(job: Job, state: Incident, approval: Approval) -> None:
    """Take the action and the host's hold in one transaction; other open cards end with it."""
    ruling = await _ruling(job, state, approval)
    if ruling is not None and not ruling.is_allowed:
        await _wait_or_give_up(job, state, approval, ruling)
        return
    others = [one for one in waiting(state) if one.id != approval.id]
    events: list[Event] = [replace(claim_of(approval, worker=job.name), ruling=ruling)]
    events += [closed(one, Closing.SUPERSEDED, "another remedy was approved") for one in others]
    try:
        await job.world.ledger.append(state.id, events, after_seq=state.seq, take=hold(approval))
    except HostBusy:
        await asyncio.sleep(BUSY_WAIT_S)


async def intend_and_act(job: Job, state: Incident, approval: Approval) -> None:
    """Look once more; only if the situation is still the approved one commit the intent and act."""
    ruling = await _ruling(job, state, approval)
    if ruling is not None and ruling.reason is Reason.AT_ONCE:
        await asyncio.sleep(BUSY_WAIT_S)  # before the look, which would be old when the turn comes
        return
    why_not = await _why_not(job, state, approval)
    now_state = await job.state(state.id)
    if why_not is not None:
        how, why = why_not
        await _give_up(job, now_state, approval, closed(approval, how, why))
        if how is Closing.CHANGED:
            await check(job, await job.state(state.id), "again")
        return
    ruling = await _ruling(job, now_state, approval, is_seen=True)
    if ruling is None:
        raise Conflict("fleet or policy changed in between; decide again")
    if not ruling.is_allowed:
        await _wait_or_give_up(job, now_state, approval, ruling)
        return
    action = _action(job, now_state, approval)
    intent = replace(intent_of(action), ruling=ruling)
    await job.append(now_state, [intent])
    job.world.chat.changed(state.id)
    ended = await act(action, intent, job.world)
    await job.world.ledger.append(state.id, [ended], give=hold(approval))


async def _ruling(job: Job, state: Incident, approval: Approval, *, is_seen: bool = False) -> Ruling | None:
    """What the policy says to running it now; None when fleet or policy changed, which ends it anyway."""
    policy, host = job.rules.policy, job.rules.fleet.hosts.get(approval.proposed.host)
    if host is None:
        return None
    matter = Matter(policy=policy, host=host, state=state, approval=approval)
    if not is_as_offered(matter):
        return None
    seen_at = state.run.ended_at if is_seen and state.run else None
    return await may_run(job.world, matter, evidence_at=seen_at)


async def _wait_or_give_up(job: Job, state: Incident, approval: Approval, ruling: Ruling) -> None:
    """Others are at work: wait for the turn. Anything else ends it; nothing ran."""
    if ruling.reason is Reason.AT_ONCE:
        await asyncio.sleep(BUSY_WAIT_S)
        return
    how = Closing.EXPIRED if ruling.reason is Reason.EXPIRED else Closing.REFUSED
    end = replace(closed(approval, how, refusal(job.rules.policy, ruling)), ruling=ruling)
    await _give_up(job, state, approval, end)


async def _why_not(job: Job, state: Incident, approval: Approval) -> tuple[Closing, str] | None:
    run = run_of(state, approval)
    if run is None or run.ended is None:
        return Closing.CHANGED, "the evidence it was based on is not in the ledger"
    try:
        host, _ = job.target(state)
        now = job.situation(state, host, run.ended, await job.world.ledger.now())
        is_same = is_as_shown(approval.proposed, situation=now)
    except (BotError, KeyError) as error:
        return Closing.CHANGED, f"the fleet or the runbooks changed: {error}"
    if not is_same:
        return Closing.CHANGED, "fleet, runbook, remedy or policy changed since it was offered"
    ended = await check(job, state, f"precheck:{approval.id}")
    if ended is None or ended.host_key != run.ended.host_key:
        return Closing.CHANGED, "the host could not be looked at just before the action"
    changed = what_changed(approval.proposed, ended.verdict, ended.state)
    if changed:
        return Closing.CHANGED, changed
    if approval.run_by is not None and await job.world.ledger.now() > approval.run_by:
        return Closing.EXPIRED, "the time to run it had passed"
    return None


async def _give_up(job: Job, state: Incident, approval: Approval, end: ApprovalClosed) -> None:
    await job.world.ledger.append(state.id, [end], after_seq=state.seq, give=hold(approval))


async def settle(job: Job, state: Incident, approval: Approval) -> None:
    """An intent without an outcome: ask the host, never run it again."""
    action = _action(job, state, approval)
    ended: ActionEnded = await ask_host(action, approval.nonce or "", job.world)
    await job.world.ledger.append(state.id, [ended], give=hold(approval))


def _action(job: Job, state: Incident, approval: Approval) -> Action:
    run = run_of(state, approval)
    remedy = job.rules.catalog.remedies.get(approval.proposed.remedy)
    key = approval.intent.host_key if approval.intent else (run.ended.host_key if run and run.ended else "")
    return Action(
        host=host_named(job.rules.fleet, approval.proposed.host),
        approval=approval,
        host_key=key or "",
        timeout_s=remedy.timeout_s if remedy else 60.0,
    )
