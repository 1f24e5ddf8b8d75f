"""Takes one step after the other, each decided from the ledger alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.errors import Conflict
from bot.investigate import World
from bot.model.approval import Approval
from bot.model.event import RunFailed
from bot.model.incident import Incident, Work
from bot.progress import INTERRUPTED, expired, next_clock, wants_another_try
from bot.redact import LearnedByIncident
from bot.work.acting import claim, intend_and_act, settle
from bot.work.job import Job, Rules, new_id
from bot.work.looking import check
from bot.work.rechecking import recheck


class Worker:
    """Does what an incident has open; only one may at a time, so whoever calls has the incident's claim."""

    def __init__(self, rules: Rules, world: World, *, name: str, ids: Callable[[], str] = new_id) -> None:
        self._job = Job(rules=rules, world=world, name=name, ids=ids)
        self._learned = LearnedByIncident()

    async def carry_on(
        self, incident: str, *, may_go_on: Callable[[], bool] = lambda: True
    ) -> datetime | None:
        """Do all that is open now; returns when the next clock of the incident runs out, if any.

        `may_go_on` is asked before each step; what it leaves undone is in the ledger, for whoever is next.
        Raises LedgerUnavailable when the ledger is; nothing is lost by calling again later.
        """
        job = self._job_of(incident)
        while True:
            state = await job.state(incident)
            if not may_go_on():
                return None
            try:
                if not await self._one_step(job, state):
                    return next_clock(state)
            except Conflict:
                continue
            finally:
                job.world.chat.changed(incident)

    def _job_of(self, incident: str) -> Job:
        """The common ground, with what this incident's outputs gave away so far."""
        senses = replace(self._job.world.senses, learned=self._learned.of(incident))
        return replace(self._job, world=replace(self._job.world, senses=senses))

    async def _one_step(self, job: Job, state: Incident) -> bool:
        """One step on; False when there is nothing to do."""
        if state.opened is None:
            return False
        if state.run and not state.run.is_over:
            # Who has the claim knows that nobody is in the middle of it any more.
            await job.append(state, [RunFailed(run=state.run.number, why=INTERRUPTED)])
            return True
        over = state.expired_at(await job.world.ledger.now())
        if over:
            await job.append(state, [expired(one) for one in over])
            return True
        for undone in state.undone:
            await self._do(job, state, undone.work, state.approval(undone.approval or ""))
            return True
        if wants_another_try(state) and state.run:
            await check(job, state, state.run.started.reason)
            return True
        return False

    async def _do(self, job: Job, state: Incident, work: Work, approval: Approval | None) -> None:
        match work, approval:
            case (Work.START_RUN | Work.END_RUN, _):
                await check(job, state, "ask")
            case (Work.LOOK_AGAIN, _):
                await check(job, state, "again")
            case (Work.CLAIM, Approval() as one):
                await claim(job, state, one)
            case (Work.INTEND, Approval() as one):
                await intend_and_act(job, state, one)
            case (Work.SETTLE, Approval() as one):
                await settle(job, state, one)
            case (Work.RECHECK, Approval() as one):
                await recheck(job, state, one)
