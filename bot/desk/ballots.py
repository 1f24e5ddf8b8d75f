"""A vote: checked, decided by the policy, and written down; a refusal is written down as well."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.desk.words import MAX_REASON, vote_of, wanted_of, why_stale
from bot.errors import BadRequest, Conflict, NotAllowed, Stale
from bot.fleet import host_named
from bot.investigate import World
from bot.model.approval import Approval
from bot.model.event import Refused, Voted
from bot.model.incident import Incident, fold
from bot.model.person import Actor
from bot.model.ruling import Reason, Ruling, Way
from bot.model.signed import Signed, is_to_be_signed, sign_command, text_to_sign
from bot.policy import how_to_sign, refusal, signers_of
from bot.ports import Signatures
from bot.remedy import Matter, is_as_offered, may_vote
from bot.work import Rules

_GONE = "this approval is not in the ledger any more; run the check again"


class Engine(Protocol):
    """Who does the work that takes time."""

    @property
    def depth(self) -> int:
        """How many incidents are worked on or wait for it."""
        ...

    def submit(self, incident: str, *, is_urgent: bool = False) -> None:
        """Have the incident carried on soon."""
        ...


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a voter says."""

    is_yes: bool
    reason: str = ""
    #: Not empty: a yes by break-glass.
    justification: str = ""
    #: As it was pasted; empty: none was.
    signature: str = ""


class BallotBox:
    """Takes votes."""

    def __init__(self, rules: Rules, world: World, engine: Engine, signatures: Signatures) -> None:
        self._rules, self._world, self._engine, self._signatures = rules, world, engine, signatures

    async def cast(self, actor: Actor, approval: str, said: Said) -> str:
        """Count a vote; the incident it belongs to. Raises what `bot.ports.Desk.vote` does."""
        incident = await self._world.ledger.incident_of(approval)
        if incident is None:
            raise Stale(_GONE)
        while True:
            state = fold(await self._world.ledger.entries(incident))
            found = state.approval(approval)
            if found is None:
                raise Stale(_GONE)
            voted = await self._decided(state, found, actor, said)
            try:
                await self._world.ledger.append(incident, [voted], after_seq=state.seq)
            except Conflict:
                continue
            self._world.chat.changed(incident)
            self._engine.submit(incident, is_urgent=True)
            return incident

    def _vote(self, found: Approval, actor: Actor, ruling: Ruling, said: Said) -> Voted:
        reason = said.justification or said.reason
        event = vote_of(found, actor, ruling, is_yes=said.is_yes, reason=reason)
        event = replace(event, signature=said.signature)
        glass = self._rules.policy.break_glass
        if ruling.way is not Way.BREAK_GLASS or glass is None:
            return event
        by = ruling.question.at + timedelta(seconds=glass.review_within_s)
        return replace(event, review_by=by, alert=glass.alert or "")

    async def _decided(self, state: Incident, found: Approval, actor: Actor, said: Said) -> Voted:
        """The vote that counts. Raises for one that cannot; the refusal is written down first."""
        matter = await self._open_matter(state, found, actor, said)
        signed, flaw = self._signed(found, actor, said)
        ruling = await may_vote(
            self._world,
            matter,
            actor,
            is_yes=said.is_yes,
            justification=said.justification,
            signer=signed.signer if signed else "",
        )
        if not ruling.is_allowed:
            why = _whose(state, found, ruling) + self._why_not(state, found, ruling, said, flaw)
            wanted = wanted_of(found, is_yes=said.is_yes, justification=said.justification)
            await write_refusal(
                self._world, state.id, actor, wanted=wanted, why=why, approval=found.id, ruling=ruling
            )
            raise NotAllowed(why)
        return self._vote(found, actor, ruling, replace(said, signature=signed.signature if signed else ""))

    async def _open_matter(self, state: Incident, found: Approval, actor: Actor, said: Said) -> Matter:
        """What the policy is to be asked about. Raises Stale, written down, when nobody can vote any more."""
        why = await self._why_too_late(state, found)
        if why is None and _voted_already(found, actor, said):
            raise Stale("you voted already; it needs another person")
        if why is None:
            host = host_named(self._rules.fleet, found.proposed.host)
            matter = Matter(policy=self._rules.policy, host=host, state=state, approval=found)
            if not said.is_yes or is_as_offered(matter):
                return matter
            why = "the policy or the host's place in it changed since this was offered; run the check again"
        wanted = wanted_of(found, is_yes=said.is_yes, justification=said.justification)
        await write_refusal(self._world, state.id, actor, wanted=wanted, why=why, approval=found.id)
        raise Stale(why)

    async def _why_too_late(self, state: Incident, found: Approval) -> str | None:
        stale = why_stale(found)
        if stale is None and found.is_expired_at(await self._world.ledger.now()):
            stale = "the time to approve this is over; run the check again for a fresh offer"
            self._engine.submit(state.id)
        return stale

    def _signed(self, found: Approval, actor: Actor, said: Said) -> tuple[Signed | None, str]:
        """The yes' signature, or what is wrong with it; neither where none is wanted or given."""
        if not (said.is_yes and said.signature and is_to_be_signed(found.proposed)):
            return None, ""
        text = text_to_sign(found.proposed, is_glass=bool(said.justification))
        principals = signers_of(self._rules.policy, actor.person)
        try:
            return self._signatures.check_signature(text, said.signature, principals=principals), ""
        except BadRequest as error:
            return None, str(error)

    def _why_not(self, state: Incident, found: Approval, ruling: Ruling, said: Said, flaw: str) -> str:
        says = refusal(
            self._rules.policy,
            ruling,
            approval=found.id,
            title=found.proposed.title,
            has_card=state.place is not None,
        )
        if ruling.reason is not Reason.STEP_UP:
            return says
        command = sign_command(found.proposed, is_glass=bool(said.justification))
        parts = (flaw[:1].upper() + flaw[1:], says, how_to_sign(found.id, command))
        return ". ".join(part for part in parts if part)


def _whose(state: Incident, found: Approval, ruling: Ruling) -> str:
    """Why it is their request in a colleague's incident; empty for who is refused for anything else."""
    opener = state.opened.person if state.opened else ""
    if ruling.reason not in (Reason.REQUESTER, Reason.TOO_EARLY) or found.requester == opener:
        return ""
    return f"This is your request, not {opener}'s: it was offered after the look that you asked for. "


def _voted_already(found: Approval, actor: Actor, said: Said) -> bool:
    way = Way.BREAK_GLASS if said.justification else Way.RULE
    return any(
        (one.event.person, one.event.is_yes) == (actor.person, said.is_yes)
        and way in (one.event.way, Way.RULE)
        for one in found.votes
    )


async def write_refusal(
    world: World,
    incident: str,
    actor: Actor,
    *,
    wanted: str,
    why: str,
    approval: str | None = None,
    ruling: Ruling | None = None,
) -> None:
    """Put a refusal into the incident's chain. Raises LedgerUnavailable."""
    refused = Refused(
        by=actor.account,
        person=actor.person,
        wanted=wanted,
        why=why[:MAX_REASON],
        approval=approval,
        ruling=ruling,
    )
    await world.ledger.append(incident, [refused])
    world.chat.changed(incident)
