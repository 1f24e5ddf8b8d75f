"""The policy asked about an approval, with the ledger's clock and all that was done lately."""

from dataclasses import replace
from datetime import datetime

from bot.investigate import World
from bot.model.person import Actor
from bot.model.ruling import Ruling, Stage, Way
from bot.policy import ballot_of, decide, question
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
    world: World, matter: Matter, actor: Actor, *, is_yes: bool, justification: str = "", signer: str = ""
) -> Ruling:
    """Whether the actor's vote counts now; a justification means by break-glass, `signer` who signed it.

    Raises LedgerUnavailable.
    """
    ledger, approval = world.ledger, matter.approval
    # A no and a broken glass do not hang on it, and must not wait for a Slack that is away.
    is_in_sight = not is_yes or bool(justification) or await _is_in_sight(world, matter, actor)
    now = await ledger.now()
    run = next((one for one in matter.state.runs if one.number == approval.proposed.run), None)
    lately = await recent(ledger, matter.policy, now) if is_yes else ()
    case = case_of(matter, at=now, evidence_at=run.ended_at if run else None, recent=lately)
    case = case if is_in_sight else replace(case, shown_at=None)
    way = Way.BREAK_GLASS if justification else Way.RULE
    voter = ballot_of(matter.policy, actor, case.at, way=way, words=len(justification), signer=signer)
    return decide(question(matter.policy, Stage.VOTE if is_yes else Stage.VETO, case, voter=voter))


async def _is_in_sight(world: World, matter: Matter, actor: Actor) -> bool:
    """Whether a requester's card still stands where anybody may say no: a channel can be made private."""
    approval, key = matter.approval, f"card:{matter.approval.id}"
    is_alone = bool(approval.proposed.lone) and actor.person == approval.requester
    if not is_alone or key not in matter.state.public_since:
        return True
    return await world.directory.is_public(matter.state.shown[key].channel)
