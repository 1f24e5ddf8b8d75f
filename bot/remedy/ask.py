"""The policy asked about an approval, with the ledger's clock and all that was done lately."""

from datetime import datetime

from bot.investigate import World
from bot.model.person import Actor
from bot.model.ruling import Ruling, Stage, Way
from bot.policy import ballot_of, decide, question
from bot.ports import Ledger
from bot.remedy.consent import Matter, case_of
from bot.remedy.recent import recent
from bot.remedy.voters import look_up_voters


async def may_run(world: World, matter: Matter, *, evidence_at: datetime | None = None) -> Ruling:
    """Whether it may run now. `evidence_at`: when the host was looked at last; None: not asked yet.

    Raises LedgerUnavailable.
    """
    ledger = world.ledger
    seen = await look_up_voters(world.directory, ledger, matter)
    now = await ledger.now()
    lately = await recent(ledger, matter.policy, now)
    case = case_of(matter, at=now, evidence_at=evidence_at, recent=lately, seen=seen)
    return decide(question(matter.policy, Stage.RUN, case))


async def may_vote(
    ledger: Ledger, matter: Matter, actor: Actor, *, is_yes: bool, justification: str = "", signer: str = ""
) -> Ruling:
    """Whether the actor's vote counts now; a justification means by break-glass, `signer` who signed it.

    Raises LedgerUnavailable.
    """
    now, approval = await ledger.now(), matter.approval
    run = next((one for one in matter.state.runs if one.number == approval.proposed.run), None)
    lately = await recent(ledger, matter.policy, now) if is_yes else ()
    case = case_of(matter, at=now, evidence_at=run.ended_at if run else None, recent=lately)
    way = Way.BREAK_GLASS if justification else Way.RULE
    voter = ballot_of(matter.policy, actor, case.at, way=way, words=len(justification), signer=signer)
    return decide(question(matter.policy, Stage.VOTE if is_yes else Stage.VETO, case, voter=voter))
