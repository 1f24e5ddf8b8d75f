"""What people may ask of the bot: the same for Slack and the terminal. Implements `bot.ports.Desk`."""

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from bot import story
from bot.errors import BadRequest, Conflict, NotAllowed, Stale
from bot.fleet import host_named
from bot.investigate import World
from bot.model.approval import ACTING, Approval, ApprovalStatus
from bot.model.event import Event, IncidentOpened, Noted, Place, Refused, Voted
from bot.model.incident import Incident, IncidentStatus, fold
from bot.model.person import Actor
from bot.model.summary import ExportFile, IncidentSummary
from bot.policy import may_approve, may_ask
from bot.work import Rules

#: Letters that cannot be mistaken for one another when read aloud.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
MAX_HOSTS = 5
MAX_NOTE = 2000


class Engine(Protocol):
    """Who does the work that takes time."""

    def submit(self, incident: str, *, again: bool = False) -> None:
        """Have the incident carried on soon."""
        ...


def new_incident_id() -> str:
    """`inc-` and eight random letters: short enough to type, too many to guess."""
    return "inc-" + "".join(secrets.choice(_LETTERS) for _ in range(8))


class FrontDesk:
    """Checks who asks, writes it down, hands the work to the engine."""

    def __init__(
        self, rules: Rules, world: World, engine: Engine, *, ids: Callable[[], str] = new_incident_id
    ) -> None:
        self._rules, self._world, self._engine, self._ids = rules, world, engine, ids

    async def ask(
        self, actor: Actor, *, runbook: str, hosts: Sequence[str], place: Place | None, words: str
    ) -> tuple[str, ...]:
        """See `bot.ports.Desk`."""
        decision = may_ask(self._rules.policy, actor)
        if not decision.is_allowed:
            raise NotAllowed(decision.says)
        if runbook not in self._rules.catalog.runbooks:
            raise BadRequest(f"no runbook {runbook!r}; there are: {', '.join(self._rules.catalog.runbooks)}")
        if len(hosts) > MAX_HOSTS:
            raise BadRequest(f"at most {MAX_HOSTS} hosts at once; ask for the others in a second request")
        known = [host_named(self._rules.fleet, name) for name in dict.fromkeys(hosts)]
        if not known:
            raise BadRequest(f"which host? e.g. {runbook} {next(iter(self._rules.fleet.hosts))}")
        opened = [
            (
                self._ids(),
                IncidentOpened(
                    runbook=runbook,
                    host=host.name,
                    by=actor.account,
                    person=actor.person,
                    timezone=actor.timezone,
                    place=place,
                    words=words[:200],
                ),
            )
            for host in known
        ]
        for incident, event in opened:
            await self._world.ledger.append(incident, [event], after_seq=0)
            self._world.chat.changed(incident)
            self._engine.submit(incident)
        return tuple(incident for incident, _ in opened)

    async def vote(self, actor: Actor, approval: str, *, is_yes: bool, reason: str = "") -> str:
        """See `bot.ports.Desk`."""
        incident = await self._world.ledger.incident_of(approval)
        if incident is None:
            raise Stale("this approval is not in the ledger any more; run the check again")
        while True:
            state = await self._state(incident)
            found = state.approval(approval)
            if found is None:
                raise Stale("this approval is not in the ledger any more; run the check again")
            await self._check_vote(state, found, actor, is_yes=is_yes)
            voted = Voted(
                approval=approval,
                by=actor.account,
                person=actor.person,
                is_yes=is_yes,
                digest=found.proposed.digest,
                reason=reason[:500],
            )
            try:
                await self._world.ledger.append(incident, [voted], after_seq=state.seq)
            except Conflict:
                continue
            self._world.chat.changed(incident)
            self._engine.submit(incident)
            return incident

    async def again(self, actor: Actor, incident: str) -> None:
        """See `bot.ports.Desk`."""
        await self._member(actor)
        state = await self._known(incident)
        if any(one.status in ACTING for one in state.approvals):
            raise Stale("a remedy is running on this host; the check runs again by itself when it ends")
        if state.status is IncidentStatus.LOOKING:
            raise Stale("it is being looked at right now")
        asked = Noted(by=actor.account, person=actor.person, text="asked for another look")
        await self._write(incident, asked)
        self._engine.submit(incident, again=True)

    async def note(self, actor: Actor, incident: str, text: str) -> None:
        """See `bot.ports.Desk`."""
        await self._member(actor)
        await self._known(incident)
        said = text.strip()
        if not said:
            raise BadRequest("a note needs some text, e.g. note deploy was at 02:40")
        if len(said) > MAX_NOTE:
            raise BadRequest(f"a note is at most {MAX_NOTE} characters; this one has {len(said)}")
        await self._write(incident, Noted(by=actor.account, person=actor.person, text=said))

    async def export(self, actor: Actor, incident: str, form: str) -> ExportFile:
        """See `bot.ports.Desk`."""
        await self._member(actor)
        await self._known(incident)
        file = await story.export_incident(self._world.ledger, actor, incident, form)
        self._world.chat.changed(incident)
        return file

    async def status(self, *, limit: int = 10) -> tuple[IncidentSummary, ...]:
        """See `bot.ports.Desk`."""
        states = [await self._state(one) for one in await self._world.ledger.incidents(limit=limit)]
        return tuple(summary for state in states if (summary := _summary(state)))

    async def incident(self, incident: str) -> Incident:
        """The incident as it stands. Raises BadRequest when there is none."""
        return await self._known(incident)

    async def incident_at(self, channel: str, ts: str) -> str | None:
        """See `bot.ports.Desk`."""
        for incident in await self._world.ledger.incidents(limit=500):
            root = (await self._state(incident)).shown.get("root")
            if root and (root.channel, root.ts) == (channel, ts):
                return incident
        return None

    async def _check_vote(self, state: Incident, found: Approval, actor: Actor, *, is_yes: bool) -> None:
        """Raises for a vote that cannot count; the refusal is written down first."""
        stale = _why_stale(found)
        if stale is None and found.is_expired_at(await self._world.ledger.now()):
            stale = "the time to approve this is over; run the check again for a fresh offer"
            self._engine.submit(state.id)
        if stale is not None:
            await self._refuse(state, found, actor, stale, is_yes=is_yes)
            raise Stale(stale)
        if any(vote.event.person == actor.person and vote.event.is_yes == is_yes for vote in found.votes):
            raise Stale("you voted already; it needs another person")
        requester = state.opened.person if state.opened else ""
        if not is_yes and actor.person == requester:
            return  # whoever asked may take it back
        host = host_named(self._rules.fleet, found.proposed.host)
        decision = may_approve(
            self._rules.policy, found.proposed.remedy, host, actor, requester=requester if is_yes else ""
        )
        if not decision.is_allowed:
            await self._refuse(state, found, actor, decision.says, is_yes=is_yes)
            raise NotAllowed(decision.says)

    async def _refuse(
        self, state: Incident, found: Approval, actor: Actor, why: str, *, is_yes: bool
    ) -> None:
        wanted = f"{'approve' if is_yes else 'reject'} {found.proposed.remedy}"
        refused = Refused(
            by=actor.account, person=actor.person, wanted=wanted, why=why[:500], approval=found.id
        )
        await self._write(state.id, refused)

    async def _member(self, actor: Actor) -> None:
        decision = may_ask(self._rules.policy, actor)
        if not decision.is_allowed:
            raise NotAllowed(decision.says)

    async def _known(self, incident: str) -> Incident:
        state = await self._state(incident)
        if state.opened is None:
            raise BadRequest(f"no incident {incident[:40]!r}; `status` lists the latest ones")
        return state

    async def _write(self, incident: str, event: Event) -> None:
        await self._world.ledger.append(incident, [event])
        self._world.chat.changed(incident)

    async def _state(self, incident: str) -> Incident:
        return fold(await self._world.ledger.entries(incident))


_STALE = {
    ApprovalStatus.APPROVED: "it is approved already and about to run",
    ApprovalStatus.CLAIMED: "it is approved already and about to run",
    ApprovalStatus.STARTED: "it is running already",
    ApprovalStatus.DONE: "it was done already",
    ApprovalStatus.FAILED: "it was tried already and failed; run the check again",
    ApprovalStatus.UNKNOWN: "it was started already and its outcome is not known; look at the host",
    ApprovalStatus.NOT_RUN: "it was approved, but did not run; run the check again for a fresh offer",
    ApprovalStatus.REJECTED: "it was rejected already; run the check again for a fresh offer",
    ApprovalStatus.EXPIRED: "the time to approve this is over; run the check again for a fresh offer",
    ApprovalStatus.SUPERSEDED: "another remedy or a newer look took its place; use the newest card",
    ApprovalStatus.CHANGED: "the host changed since this was offered; use the newest card",
}


def _why_stale(approval: Approval) -> str | None:
    says = _STALE.get(approval.status)
    if says is None:
        return None
    by = next((vote.event.person for vote in reversed(approval.votes)), None)
    return f"{says} (last vote: {by})" if by else says


def _summary(state: Incident) -> IncidentSummary | None:
    opened, at = state.opened, state.opened_at
    if opened is None or at is None:
        return None
    return IncidentSummary(
        incident=state.id,
        runbook=opened.runbook,
        host=opened.host,
        at=at,
        person=opened.person,
        says=state.verdict.says if state.verdict else state.status.value,
        is_open=state.status not in (IncidentStatus.DONE, IncidentStatus.BROKEN),
    )
