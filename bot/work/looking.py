"""Looking: one pass through the checklist, and what is offered after it."""

from dataclasses import replace

from bot.errors import BotError, Conflict
from bot.investigate import Looked, Pass, investigate
from bot.model.event import Closing, RunEnded, RunFailed, RunStarted
from bot.model.host import Host
from bot.model.incident import Incident
from bot.progress import closed, waiting
from bot.remedy import offer, recent
from bot.work.job import Job


async def check(job: Job, state: Incident, reason: str) -> RunEnded | None:
    """Run the checklist and write its end together with what is offered after it; None when it could not."""
    number = state.runs[-1].number + 1 if state.runs else 1
    try:
        host, runbook = job.target(state)
    except BotError as error:
        # Also begun: the end alone would count for nothing, and the look stay undone for ever.
        begun = RunStarted(run=number, reason=reason, runbook_digest="", steps=())
        await job.append(state, [begun, RunFailed(run=number, why=str(error))])
        return None
    this = Pass(incident=state.id, run=number, reason=reason)
    looked = await investigate(this, host, runbook, job.world)
    is_written = False
    while not is_written:
        is_written = await _write(job, await _while_it_runs(job, state.id, number), host, looked)
    return looked.ended


async def _while_it_runs(job: Job, incident: str, run: int) -> Incident:
    """Raises Conflict when another process ended the run, so that its end here counts for nothing."""
    state = await job.state(incident)
    if state.run is None or state.run.number != run or state.run.is_over:
        raise Conflict(f"run {run} of {incident} was ended by another process; decide again")
    return state


async def _write(job: Job, state: Incident, host: Host, looked: Looked) -> bool:
    """False when the incident went on meanwhile, e.g. by a note; then it must be decided again."""
    ledger, ended = job.world.ledger, looked.ended
    try:
        if state.run and state.run.is_precheck:
            await ledger.append(state.id, [*looked.steps, ended], after_seq=state.seq)
            return True
        now = await ledger.now()
        lately = await recent(ledger, job.rules.policy, now)
        made = offer(replace(job.situation(state, host, ended, now), recent=lately), job.ids)
        whole = replace(ended, not_offered=dict(made.not_offered))
        old = [closed(one, Closing.SUPERSEDED, "a newer look took its place") for one in waiting(state)]
        await ledger.append(state.id, [*looked.steps, whole, *old, *made.proposed], after_seq=state.seq)
    except Conflict:
        return False
    return True
