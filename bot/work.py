"""Carries an incident on: fold the ledger, decide the next step, do it, write down what came of it.

Every step starts from the ledger alone, so it does not matter which process did the one before, or
whether it died in the middle. A step that finds the chain longer than it decided on starts over.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.act import Action, act, claim_of, intent_of, settle
from bot.errors import BotError, Conflict, HostBusy, UnknownHost
from bot.fleet import host_named
from bot.investigate import Pass, World, investigate, look
from bot.model.approval import Approval
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Closing,
    Event,
    Outcome,
    Ready,
    RunEnded,
    RunFailed,
)
from bot.model.host import Fleet, Host
from bot.model.incident import Incident, Work, fold
from bot.model.ruling import Reason, Ruling
from bot.model.runbook import Catalog, Runbook
from bot.policy import Policy, refusal
from bot.progress import INTERRUPTED, closed, expired, hold, next_clock, run_of, waiting, wants_another_try
from bot.remedy import Matter, Situation, digest_of, is_as_offered, may_run, offer, recent, what_changed

#: Pause before a host that another remedy holds is tried again.
BUSY_WAIT_S = 1.0
#: Pause between looks while a service comes back.
READY_EVERY_S = 1.0


def new_id() -> str:
    """128 random bits, URL-safe: an approval's opaque id."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the team wrote: hosts, runbooks, policy."""

    fleet: Fleet
    catalog: Catalog
    policy: Policy


class Worker:
    """Does what an incident has open. One `carry_on` at a time per incident and process."""

    def __init__(self, rules: Rules, world: World, *, name: str, ids: Callable[[], str] = new_id) -> None:
        self._rules, self._world, self._name, self._ids = rules, world, name, ids

    async def carry_on(
        self, incident: str, *, again: bool = False, may_go_on: Callable[[], bool] = lambda: True
    ) -> datetime | None:
        """Do all that is open now; returns when the next clock of the incident runs out, if any.

        `may_go_on` is asked before each step; what it leaves undone is in the ledger, for whoever is next.
        Raises LedgerUnavailable when the ledger is; nothing is lost by calling again later.
        """
        while True:
            state = await self._state(incident)
            if not may_go_on():
                return None
            try:
                if again and not state.undone:
                    again = False
                    await self._check(state, "again")
                elif not await self._one_step(state):
                    return next_clock(state)
            except Conflict:
                continue
            finally:
                self._world.chat.changed(incident)

    async def _state(self, incident: str) -> Incident:
        return fold(await self._world.ledger.entries(incident))

    async def _one_step(self, state: Incident) -> bool:
        """One step on; False when there is nothing to do."""
        if state.opened is None:
            return False
        if state.run and not state.run.is_over:
            await self._append(state, [RunFailed(run=state.run.number, why=INTERRUPTED)])
            return True
        over = state.expired_at(await self._world.ledger.now())
        if over:
            await self._append(state, [expired(one) for one in over])
            return True
        for undone in state.undone:
            await self._do(state, undone.work, state.approval(undone.approval or ""))
            return True
        if wants_another_try(state) and state.run:
            await self._check(state, state.run.started.reason)
            return True
        return False

    async def _do(self, state: Incident, work: Work, approval: Approval | None) -> None:
        match work, approval:
            case (Work.START_RUN | Work.END_RUN, _):
                await self._check(state, "ask")
            case (Work.CLAIM, Approval() as one):
                await self._claim(state, one)
            case (Work.INTEND, Approval() as one):
                await self._intend_and_act(state, one)
            case (Work.SETTLE, Approval() as one):
                await self._settle(state, one)
            case (Work.RECHECK, Approval() as one):
                await self._recheck(state, one)

    # --- looking -----------------------------------------------------------------------------

    async def _check(self, state: Incident, reason: str) -> RunEnded | None:
        """Run the checklist and write its end together with what is offered after it."""
        number = state.runs[-1].number + 1 if state.runs else 1
        try:
            host, runbook = self._target(state)
        except BotError as error:
            await self._append(state, [RunFailed(run=number, why=str(error))])
            return None
        this = Pass(incident=state.id, run=number, reason=reason)
        ended = await investigate(this, host, runbook, self._world)
        if reason.startswith("precheck:"):
            await self._world.ledger.append(state.id, [ended])
            return ended
        await self._append_with_offer(await self._state(state.id), host, ended)
        return ended

    async def _append_with_offer(self, state: Incident, host: Host, ended: RunEnded) -> None:
        now = await self._world.ledger.now()
        lately = await recent(self._world.ledger, self._rules.policy, now)
        situation = self._situation(state, host, ended, now)
        made = offer(replace(situation, recent=lately), self._ids)
        whole = replace(ended, not_offered=dict(made.not_offered))
        old = [closed(one, Closing.SUPERSEDED, "a newer look took its place") for one in waiting(state)]
        await self._world.ledger.append(state.id, [whole, *old, *made.proposed])

    def _situation(self, state: Incident, host: Host, ended: RunEnded, now: datetime) -> Situation:
        opened = state.opened
        if opened is None:
            raise ValueError("an incident without opening has no situation")
        return Situation(
            host=host,
            runbook=self._rules.catalog.runbooks[opened.runbook],
            catalog=self._rules.catalog,
            policy=self._rules.policy,
            requester=opened.person,
            ended=ended,
            now=now,
            tried=frozenset(one.proposed.remedy for one in state.approvals if one.outcome is not None),
        )

    # --- acting ------------------------------------------------------------------------------

    async def _claim(self, state: Incident, approval: Approval) -> None:
        """Take the action and the host's hold in one transaction; other open cards end with it."""
        ruling = await self._ruling(state, approval)
        if ruling is not None and not ruling.is_allowed:
            await self._wait_or_give_up(state, approval, ruling)
            return
        others = [one for one in waiting(state) if one.id != approval.id]
        events: list[Event] = [replace(claim_of(approval, worker=self._name), ruling=ruling)]
        events += [closed(one, Closing.SUPERSEDED, "another remedy was approved") for one in others]
        try:
            await self._world.ledger.append(state.id, events, after_seq=state.seq, take=hold(approval))
        except HostBusy:
            await asyncio.sleep(BUSY_WAIT_S)

    async def _intend_and_act(self, state: Incident, approval: Approval) -> None:
        """Look once more; only if the situation is still the approved one commit the intent and act."""
        ruling = await self._ruling(state, approval)
        if ruling is not None and ruling.reason is Reason.AT_ONCE:
            await asyncio.sleep(BUSY_WAIT_S)  # before the look, which would be old when the turn comes
            return
        why_not = await self._why_not(state, approval)
        now_state = await self._state(state.id)
        if why_not is not None:
            how, why = why_not
            await self._give_up(now_state, approval, closed(approval, how, why))
            if how is Closing.CHANGED:
                await self._check(await self._state(state.id), "again")
            return
        ruling = await self._ruling(now_state, approval, is_seen=True)
        if ruling is None:
            raise Conflict("fleet or policy changed in between; decide again")
        if not ruling.is_allowed:
            await self._wait_or_give_up(now_state, approval, ruling)
            return
        action = self._action(now_state, approval)
        intent = replace(intent_of(action), ruling=ruling)
        await self._append(now_state, [intent])
        self._world.chat.changed(state.id)
        ended = await act(action, intent, self._world)
        await self._world.ledger.append(state.id, [ended], give=hold(approval))

    async def _ruling(self, state: Incident, approval: Approval, *, is_seen: bool = False) -> Ruling | None:
        """What the policy says to running it now; None when fleet or policy changed, which ends it anyway."""
        policy, host = self._rules.policy, self._rules.fleet.hosts.get(approval.proposed.host)
        if host is None:
            return None
        matter = Matter(policy=policy, host=host, state=state, approval=approval)
        if not is_as_offered(matter):
            return None
        seen_at = state.run.ended_at if is_seen and state.run else None
        return await may_run(self._world, matter, evidence_at=seen_at)

    async def _wait_or_give_up(self, state: Incident, approval: Approval, ruling: Ruling) -> None:
        """Others are at work: wait for the turn. Anything else ends it; nothing ran."""
        if ruling.reason is Reason.AT_ONCE:
            await asyncio.sleep(BUSY_WAIT_S)
            return
        how = Closing.EXPIRED if ruling.reason is Reason.EXPIRED else Closing.REFUSED
        end = replace(closed(approval, how, refusal(self._rules.policy, ruling)), ruling=ruling)
        await self._give_up(state, approval, end)

    async def _why_not(self, state: Incident, approval: Approval) -> tuple[Closing, str] | None:
        run = run_of(state, approval)
        if run is None or run.ended is None:
            return Closing.CHANGED, "the evidence it was based on is not in the ledger"
        try:
            host, _ = self._target(state)
            now = self._situation(state, host, run.ended, await self._world.ledger.now())
            is_same = digest_of(approval.proposed, situation=now) == approval.proposed.digest
        except (BotError, KeyError) as error:
            return Closing.CHANGED, f"the fleet or the runbooks changed: {error}"
        if not is_same:
            return Closing.CHANGED, "fleet, runbook, remedy or policy changed since it was offered"
        ended = await self._check(state, f"precheck:{approval.id}")
        if ended is None or ended.host_key != run.ended.host_key:
            return Closing.CHANGED, "the host could not be looked at just before the action"
        changed = what_changed(approval.proposed, ended.verdict, ended.state)
        if changed:
            return Closing.CHANGED, changed
        if approval.run_by is not None and await self._world.ledger.now() > approval.run_by:
            return Closing.EXPIRED, "the time to run it had passed"
        return None

    async def _give_up(self, state: Incident, approval: Approval, end: ApprovalClosed) -> None:
        await self._world.ledger.append(state.id, [end], after_seq=state.seq, give=hold(approval))

    async def _settle(self, state: Incident, approval: Approval) -> None:
        """An intent without an outcome: ask the host, never run it again."""
        action = self._action(state, approval)
        ended: ActionEnded = await settle(action, approval.nonce or "", self._world)
        await self._world.ledger.append(state.id, [ended], give=hold(approval))

    def _action(self, state: Incident, approval: Approval) -> Action:
        run = run_of(state, approval)
        remedy = self._rules.catalog.remedies.get(approval.proposed.remedy)
        key = (
            approval.intent.host_key if approval.intent else (run.ended.host_key if run and run.ended else "")
        )
        return Action(
            host=host_named(self._rules.fleet, approval.proposed.host),
            approval=approval,
            host_key=key or "",
            timeout_s=remedy.timeout_s if remedy else 60.0,
        )

    # --- looking again -----------------------------------------------------------------------

    async def _recheck(self, state: Incident, approval: Approval) -> None:
        if approval.ready is None and approval.outcome and approval.outcome.outcome is Outcome.DONE:
            await self._world.ledger.append(state.id, [await self._ready(state, approval)])
            self._world.chat.changed(state.id)
            state = await self._state(state.id)
        await self._check(state, f"recheck:{approval.id}")

    async def _ready(self, state: Incident, approval: Approval) -> Ready:
        """Look until the host is well twice in a row, or the remedy's time to get ready is over."""
        clock = self._world.clock
        started = clock.monotonic()
        host, runbook = self._target(state)
        remedy = self._rules.catalog.remedies.get(approval.proposed.remedy)
        until = started + (remedy.ready_within_s if remedy else 30.0)
        well, says = 0, ""
        while well < 2:
            ended = await look(host, runbook, self._world, deadline_s=15.0)
            well, says = (well + 1 if ended.verdict.is_healthy else 0), ended.verdict.says
            if clock.monotonic() >= until:
                break
            await asyncio.sleep(READY_EVERY_S)
        after = round(clock.monotonic() - started, 1)
        return Ready(approval=approval.id, is_ready=well >= 2, after_s=after, says=says)

    # --- common ------------------------------------------------------------------------------

    def _target(self, state: Incident) -> tuple[Host, Runbook]:
        opened = state.opened
        if opened is None or opened.runbook not in self._rules.catalog.runbooks:
            raise UnknownHost("the runbook of this incident is no longer there")
        return host_named(self._rules.fleet, opened.host), self._rules.catalog.runbooks[opened.runbook]

    async def _append(self, state: Incident, events: list[Event]) -> None:
        await self._world.ledger.append(state.id, events, after_seq=state.seq)
