"""What people may ask of the bot: the same for Slack and the terminal. Implements `bot.ports.Desk`."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot import story
from bot.desk.ballots import BallotBox, Engine, Said, write_refusal
from bot.desk.looks import AskLimits, Looks, digest_of, serves_again
from bot.desk.reviews import Reviews
from bot.desk.words import MAX_REASON, summary_of
from bot.errors import BadRequest, Busy, Conflict, NotAllowed, Stale
from bot.fleet import host_named
from bot.investigate import World
from bot.model.approval import ACTING
from bot.model.event import IncidentOpened, Noted, Place
from bot.model.host import Host
from bot.model.incident import Incident, IncidentStatus, fold
from bot.model.person import Actor
from bot.model.refusal import refusal_of
from bot.model.summary import ExportFile, IncidentSummary
from bot.policy import may_ask
from bot.ports import Signatures
from bot.work import Rules

#: Letters that cannot be mistaken for one another when read aloud.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
MAX_HOSTS = 5
MAX_NOTE = 2000
#: A note that begins so is a review.
REVIEW = "review:"


def new_incident_id() -> str:
    """`inc-` and eight random letters: short enough to type, too many to guess."""
    return "inc-" + "".join(secrets.choice(_LETTERS) for _ in range(8))


def incident_for(asked: IncidentOpened) -> str:
    """The same for the same request: of two processes that get it, one opens the incident."""
    seed = hashlib.sha256(f"{asked.request} {asked.host}".encode()).digest()
    return "inc-" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in seed[:8])


class FrontDesk:
    """Checks who asks, writes it down, hands the work to the engine."""

    def __init__(
        self,
        rules: Rules,
        world: World,
        engine: Engine,
        *,
        signatures: Signatures,
        limits: AskLimits | None = None,
        ids: Callable[[], str] = new_incident_id,
    ) -> None:
        self._rules, self._world, self._engine, self._ids = rules, world, engine, ids
        self._limits, self._looks = limits or AskLimits(), Looks()
        self._reviews = Reviews(world.ledger)
        self._ballots = BallotBox(rules, world, engine, signatures)

    async def ask(
        self,
        actor: Actor,
        *,
        runbook: str,
        hosts: Sequence[str],
        place: Place | None,
        words: str,
        request: str = "",
    ) -> tuple[str, ...]:
        """See `bot.ports.Desk`."""
        decision = may_ask(self._rules.policy, actor)
        if not decision.is_allowed:
            refusal = refusal_of(actor, wanted=f"{runbook} {' '.join(hosts)}", why=decision.says)
            await self._world.ledger.refuse(refusal)
            raise NotAllowed(decision.says)
        asked = IncidentOpened(
            runbook=runbook,
            host="",
            by=actor.account,
            person=actor.person,
            timezone=actor.timezone,
            place=place,
            words=words[:200],
            request=digest_of(request),
        )
        known = self._wanted(runbook, hosts)
        return tuple([await self._look(replace(asked, host=host.name)) for host in known])

    def _wanted(self, runbook: str, hosts: Sequence[str]) -> list[Host]:
        """The hosts that are asked for, each once. Raises BadRequest, UnknownHost, Busy."""
        if runbook not in self._rules.catalog.runbooks:
            raise BadRequest(f"no runbook {runbook!r}; there are: {', '.join(self._rules.catalog.runbooks)}")
        if len(hosts) > MAX_HOSTS:
            raise BadRequest(f"at most {MAX_HOSTS} hosts at once; ask for the others in a second request")
        known = [host_named(self._rules.fleet, name) for name in dict.fromkeys(hosts)]
        if not known:
            raise BadRequest(f"which host? e.g. {runbook} {next(iter(self._rules.fleet.hosts))}")
        if self._engine.depth >= self._limits.waiting:
            raise Busy(
                f"busy: {self._limits.waiting} incidents are being worked on; nothing was started, try again "
                f"in a minute, or on the bot's machine: runbook-bot check {runbook} {known[0].name}"
            )
        return known

    async def _look(self, asked: IncidentOpened) -> str:
        """An incident for one host: a new one, or the one that serves this request as well."""
        latest = self._looks.latest(asked.runbook, asked.host, asked.place)
        if latest is not None:
            state, now = await self._state(latest), await self._world.ledger.now()
            if serves_again(state, now, share_s=self._limits.share_s):
                return latest
        incident = incident_for(asked) if asked.request else self._ids()
        try:
            await self._world.ledger.append(incident, [asked], after_seq=0)
        except Conflict:
            opened = (await self._state(incident)).opened
            if asked.request and opened is not None and opened.request == asked.request:
                return incident  # Slack delivered it to another process as well
            incident = self._ids()
            await self._world.ledger.append(incident, [asked], after_seq=0)
        self._looks.opened(incident, asked.runbook, asked.host, asked.place)
        self._world.chat.changed(incident)
        self._engine.submit(incident)
        return incident

    async def vote(
        self,
        actor: Actor,
        approval: str,
        *,
        is_yes: bool,
        reason: str = "",
        break_glass: str = "",
        signature: str = "",
    ) -> str:
        """See `bot.ports.Desk`."""
        justification = " ".join(break_glass.split())[:MAX_REASON] if is_yes else ""
        said = Said(is_yes=is_yes, reason=reason, justification=justification, signature=signature)
        return await self._ballots.cast(actor, approval, said)

    async def again(self, actor: Actor, incident: str, *, request: str = "") -> None:
        """See `bot.ports.Desk`."""
        state = await self._member(actor, incident, "another look")
        if any(one.status in ACTING for one in state.approvals):
            raise Stale("a remedy is running on this host; the check runs again by itself when it ends")
        if state.status is IncidentStatus.LOOKING:
            raise Stale("it is being looked at right now")
        asked = Noted(
            by=actor.account,
            person=actor.person,
            text="asked for another look",
            request=digest_of(request),
            wants_look=True,
        )
        if await self._note(incident, asked):
            self._engine.submit(incident)

    async def note(self, actor: Actor, incident: str, text: str, *, request: str = "") -> None:
        """See `bot.ports.Desk`. One that begins with `review:` is the review that break-glass asks for."""
        state = await self._member(actor, incident, "a note")
        said = text.strip()
        if not said:
            raise BadRequest("a note needs some text, e.g. note deploy was at 02:40")
        if len(said) > MAX_NOTE:
            raise BadRequest(f"a note is at most {MAX_NOTE} characters; this one has {len(said)}")
        is_review = said.lower().startswith(REVIEW) and state.review_by is not None
        if is_review and any(vote.event.person == actor.person for vote in state.broken_glass):
            how = f"/502 note {incident} review: WHAT THEY FOUND"
            why = f"you broke the glass here, so somebody else must review it: {how}"
            await write_refusal(self._world, incident, actor, wanted="review", why=why)
            raise NotAllowed(why)
        await self._note(
            incident,
            Noted(
                by=actor.account,
                person=actor.person,
                text=said,
                is_review=is_review,
                request=digest_of(request),
            ),
        )

    async def export(self, actor: Actor, incident: str, form: str) -> ExportFile:
        """See `bot.ports.Desk`."""
        await self._member(actor, incident, "an export")
        file = await story.export_incident(self._world.ledger, actor, incident, form)
        self._world.chat.changed(incident)
        return file

    async def status(self, *, limit: int = 10) -> tuple[IncidentSummary, ...]:
        """See `bot.ports.Desk`."""
        latest = await self._world.ledger.incidents(limit=limit)
        names = dict.fromkeys((*await self._reviews.due(), *latest))
        states = [await self._state(one) for one in names]
        return tuple(summary for state in states if (summary := summary_of(state)))

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

    async def _member(self, actor: Actor, incident: str, wanted: str) -> Incident:
        """The incident, for somebody who may ask for it. Raises NotAllowed, written down, and BadRequest."""
        decision = may_ask(self._rules.policy, actor)
        state = await self._state(incident)
        if not decision.is_allowed:
            if state.opened is not None:
                await write_refusal(self._world, incident, actor, wanted=wanted, why=decision.says)
            raise NotAllowed(decision.says)
        return await self._known(incident)

    async def _known(self, incident: str) -> Incident:
        state = await self._state(incident)
        if state.opened is None:
            raise BadRequest(f"no incident {incident[:40]!r}; `status` lists the latest ones")
        return state

    async def _note(self, incident: str, noted: Noted) -> bool:
        """Write a note, once for one request; False when it stands there already."""
        while True:
            state = await self._state(incident)
            if noted.request and any(one.event.request == noted.request for one in state.notes):
                return False
            try:
                await self._world.ledger.append(incident, [noted], after_seq=state.seq)
            except Conflict:
                continue
            self._world.chat.changed(incident)
            return True

    async def _state(self, incident: str) -> Incident:
        return fold(await self._world.ledger.entries(incident))
