"""Serves requests: finds out who asks, asks the desk, answers. Decides nothing itself."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import assert_never

from bot.desk import digest_of
from bot.errors import BadRequest, NotAllowed, UnknownHost
from bot.explain import explain
from bot.model.event import Place
from bot.model.incident import Incident, fold
from bot.model.person import Actor, Standing
from bot.model.refusal import refusal_of
from bot.model.summary import ExportFile
from bot.policy import Policy, may_ask
from bot.ports import Desk, Ledger
from bot.redact import Cleaner
from bot.slack.api import Api
from bot.slack.arguments import or_a_verb
from bot.slack.blocks import Urgency
from bot.slack.blocks.text import escape, name
from bot.slack.caller import Caller
from bot.slack.delivery import thread_of
from bot.slack.failures import Refused
from bot.slack.identity import Directory, Home
from bot.slack.lines import help_text, status_line
from bot.slack.pace import Time
from bot.slack.presenter import Presenter
from bot.slack.requests import AddNote, Again, Explain, Export, Help, Look, Setting, Status
from bot.slack.sender import Job, Sender
from bot.slack.teller import Teller
from bot.slack.throttle import Throttle, TooOften

#: Everything but the form, which the reader opens.
Served = Look | Export | AddNote | Again | Explain | Status | Help
#: How many incidents back a thread is looked for.
_LATEST = 100


@dataclass(frozen=True, kw_only=True)
class Office:
    """What every part of the driving edge works with."""

    api: Api
    cleaner: Cleaner
    desk: Desk
    directory: Directory
    home: Home
    ledger: Ledger
    presenter: Presenter
    runbooks: Collection[str]
    sender: Sender
    time: Time
    teller: Teller
    throttle: Throttle


class Counter:
    """One method per kind of request."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def serve(self, caller: Caller, request: Served, setting: Setting, words: str) -> None:
        """Do what is asked. Raises AskError, LedgerError or ChatError for the top handler to tell."""
        match request:
            case Help():
                await self._office.teller.tell(caller, help_text(setting), is_marked_up=True)
            case Status():
                await self._status(caller, setting)
            case Look():
                await self._look(caller, request, words)
            case Export():
                await self.export(caller, await self.incident(caller, request.incident), request.form)
            case AddNote():
                await self.note(caller, await self.incident(caller, request.incident), request.text)
            case Again():
                await self.again(caller, await self.incident(caller, request.incident))
            case Explain():
                await self._office.teller.tell(caller, explain(request.cause))
            case _ as never:
                assert_never(never)

    async def actor(self, caller: Caller, *, wanted: str, is_fresh: bool = False) -> Actor:
        """Who it is, in a channel where the bot may speak. Raises NotAllowed, written down, for another.

        Ask fresh where the answer lets something happen on a host.
        """
        directory = self._office.directory
        actor, refused = await asyncio.gather(
            directory.actor(caller.user, caller.team, is_fresh=is_fresh),
            directory.why_not_here(caller.channel),
        )
        if refused is not None:
            raise await self.refused(actor, wanted=wanted, why=refused)
        return actor

    async def member(self, caller: Caller, *, wanted: str) -> Actor:
        """The same, for what any full member may see. Raises NotAllowed, written down."""
        actor = await self.actor(caller, wanted=wanted)
        if actor.standing is Standing.MEMBER:
            return actor
        decision = may_ask(Policy(), actor)
        raise await self.refused(actor, wanted=wanted, why=decision.says)

    async def refused(self, actor: Actor, *, wanted: str, why: str) -> NotAllowed:
        """What to raise, after it was written down. Raises LedgerUnavailable."""
        await self._office.ledger.refuse(refusal_of(actor, wanted=wanted, why=why))
        return NotAllowed(why)

    async def incident(self, caller: Caller, named: str | None) -> str:
        """The incident that is meant. Raises BadRequest when the thread is none."""
        if named is not None:
            return named
        found = None
        if caller.thread is not None:
            found = await self._office.desk.incident_at(caller.channel, caller.thread)
            found = found or await self._asked_in(caller.channel, caller.thread)
        if found is None:
            raise BadRequest("this thread is not an incident's; ask in its thread, or name the incident")
        return found

    async def _asked_in(self, channel: str, thread: str) -> str | None:
        """The latest incident that was asked for inside a thread which is not its own."""
        for incident in await self._office.ledger.incidents(limit=_LATEST):
            place = fold(await self._office.ledger.entries(incident)).place
            if place is not None and (place.channel, place.thread) == (channel, thread):
                return incident
        return None

    async def note(self, caller: Caller, incident: str, text: str) -> None:
        """Add a note; it shows in the thread."""
        actor = await self.actor(caller, wanted="a note")
        await self._office.desk.note(actor, incident, text, request=caller.request)
        self._office.presenter.changed(incident)

    async def again(self, caller: Caller, incident: str) -> None:
        """Run the checklist again; the thread shows it."""
        actor = await self.actor(caller, wanted="another look")
        await self._office.desk.again(actor, incident, request=caller.request)
        self._office.presenter.changed(incident)

    async def export(self, caller: Caller, incident: str, form: str) -> None:
        """Put the timeline into the incident's thread, or where it was asked when it has none."""
        file = await self._office.desk.export(await self.actor(caller, wanted="an export"), incident, form)
        state = fold(await self._office.ledger.entries(incident))
        channel, thread = _home_of(state, caller)
        await self._office.sender.send(self._file_job(incident, file, channel, thread))
        if (channel, thread) != (caller.channel, caller.thread):
            await self._office.teller.tell(caller, f"the timeline `{file.name}` is in the incident's thread")

    def _file_job(self, incident: str, file: ExportFile, channel: str, thread: str | None) -> Job:
        says = f"Timeline · SHA-256 `{name(file.sha256)}` · chain head `{name(file.head, 120)}`"
        return Job(
            name=(incident, f"export:{file.name}:{file.sha256}:{channel}"),
            what="upload",
            channel=channel,
            urgency=Urgency.OUTCOME,
            order=10_000,
            send=partial(
                self._office.api.upload,
                channel,
                thread=thread,
                name=file.name,
                title=file.name,
                content=file.content,
                says=says,
            ),
        )

    async def _look(self, caller: Caller, look: Look, words: str) -> None:
        actor = await self.actor(caller, wanted=f"{look.runbook} {' '.join(look.hosts)}")
        place = Place(team=self._office.home.team, channel=caller.channel, thread=caller.thread)
        asked_at = await self._office.ledger.now()
        try:
            incidents = await self._office.desk.ask(
                actor,
                runbook=look.runbook,
                hosts=look.hosts,
                place=place,
                words=words,
                request=caller.request,
            )
        except UnknownHost as error:
            raise UnknownHost(f"{error}{or_a_verb(look)}") from error
        for incident in incidents:
            state = fold((await self._office.ledger.entries(incident))[:1])
            if state.opened_at is None or state.opened_at >= asked_at:
                self._office.presenter.opened(incident, partial(self._tell_refused, caller))
            elif state.opened is not None and state.opened.request != digest_of(caller.request):
                await self._tell_shared(caller, incident, asked_at)

    async def _tell_shared(self, caller: Caller, incident: str, asked_at: datetime) -> None:
        """Somebody asked the same here a moment ago: where that stands."""
        state = fold(await self._office.ledger.entries(incident))
        since = (asked_at - (state.opened_at or asked_at)).total_seconds()
        by = state.opened.by.shown_as or state.opened.by.id if state.opened else ""
        root = state.shown.get("root")
        where = self._office.home.link(root.channel, root.ts, incident) if root else f"`{name(incident)}`"
        what = f"{escape(by)} asked for `{name(state.host or '')}` here {since:.0f} s ago"
        said = f"{what}, so the host is not asked again: see {where}"
        await self._office.teller.tell(caller, said, is_marked_up=True)

    async def too_often(self, caller: Caller, words: str, over: TooOften, *, is_told: bool) -> None:
        """Write down one request too many; the further ones of this minute are not."""
        actor = await self._office.directory.actor(caller.user, caller.team, is_fresh=False)
        await self._office.ledger.refuse(refusal_of(actor, wanted=words, why=over.says))
        if is_told:
            await self._office.teller.tell(caller, over.says)

    async def _tell_refused(self, caller: Caller, refused: Refused) -> None:
        said = self._office.directory.invite(refused.error)
        await self._office.teller.tell(caller, f"{said}. The check itself runs on")

    async def _status(self, caller: Caller, setting: Setting) -> None:
        await self.member(caller, wanted="status")
        latest = await self._office.desk.status()
        said = "\n".join(map(status_line, latest)) or f"no incidents yet; begin with `{setting.example}`"
        await self._office.teller.tell(caller, said, is_marked_up=True)


def _home_of(incident: Incident, caller: Caller) -> tuple[str, str | None]:
    """Channel and thread of the incident; the caller's own when it has none."""
    place = incident.place
    if place is None:
        return caller.channel, caller.thread
    thread = thread_of(place, incident.shown.get("root"))
    return place.channel, thread
