"""Looking again after an action, until the service is well or its time is over."""

import asyncio

from bot.investigate import look
from bot.model.approval import Approval
from bot.model.event import Outcome, Ready
from bot.model.incident import Incident
from bot.model.verdict import Verdict
from bot.work.job import Job
from bot.work.looking import check

#: Pause between looks while a service comes back.
READY_EVERY_S = 1.0


async def recheck(job: Job, state: Incident, approval: Approval) -> None:
    """Wait until the service answers, then look once more."""
    if approval.ready is None and approval.outcome and approval.outcome.outcome is Outcome.DONE:
        await job.world.ledger.append(state.id, [await _ready(job, state, approval)])
        job.world.chat.changed(state.id)
        state = await job.state(state.id)
    await check(job, state, f"recheck:{approval.id}")


async def _ready(job: Job, state: Incident, approval: Approval) -> Ready:
    """Look until the service answers well twice in a row, or the remedy's time to get ready is over.

    Another finding may stand then, such as a configuration that fails its test; it is named as still open.
    """
    clock = job.world.clock
    started = clock.monotonic()
    host, runbook = job.target(state)
    remedy = job.rules.catalog.remedies.get(approval.proposed.remedy)
    until = started + (remedy.ready_within_s if remedy else 30.0)
    well, says = 0, ""
    while well < 2:
        ended = await look(host, runbook, job.world, deadline_s=15.0)
        well, says = (well + 1 if _answers(ended.verdict) else 0), _open(ended.verdict)
        if clock.monotonic() >= until:
            break
        await asyncio.sleep(READY_EVERY_S)
    after = round(clock.monotonic() - started, 1)
    return Ready(approval=approval.id, is_ready=well >= 2, after_s=after, says=says)


def _answers(verdict: Verdict) -> bool:
    """What was asked in the users' place decides, not whether all is well with the host."""
    return verdict.is_healthy or verdict.is_served is True


def _open(verdict: Verdict) -> str:
    return f"still open: {verdict.says}" if _answers(verdict) and not verdict.is_healthy else verdict.says
