"""Shows incidents in Slack: folds the ledger, renders, and sends what differs from what stands there.

It holds nothing that matters. What stands in Slack is in the ledger as `Shown`; a message that was
posted just before a crash, so that its `Shown` is missing, is found again by its metadata.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from structlog.contextvars import bind_contextvars

from bot.errors import LedgerError
from bot.model.event import Place, Shown
from bot.model.incident import Incident, fold
from bot.ports import Leases, Ledger
from bot.slack.api import Api
from bot.slack.blocks import Message, Upload, View, is_alarm, messages, wanted_texts
from bot.slack.delivery import digest_of, is_kept_up, is_shown, job_of, spot_of
from bot.slack.evidence import Texts
from bot.slack.failures import Away, RateLimited, Refused
from bot.slack.leftover import leftovers
from bot.slack.pace import Time
from bot.slack.sender import Job, Sender
from bot.slack.setbacks import Setbacks
from bot.slack.show import OnRefused, Show
from bot.slack.threads import Threads
from bot.slack.turns import NotOurs, Turns

_log = logging.getLogger(__name__)
COALESCE_S = 0.15
_AT_START = 200
_RETRY_S = 5.0


class Presenter:
    """Implements `ports.Chat`."""

    def __init__(  # noqa: PLR0913 - parts and knobs that have nothing in common
        self,
        *,
        api: Api,
        ledger: Ledger,
        sender: Sender,
        time: Time,
        view_of: Callable[[Incident], View],
        team: str,
        leases: Leases | None = None,
        forget: Callable[[str], None] = lambda _channel: None,
        is_public: Callable[[str], Awaitable[bool]] | None = None,
        coalesce_s: float = COALESCE_S,
    ) -> None:
        self._api = api
        self._ledger = ledger
        self._sender = sender
        self._time = time
        self._view_of = view_of
        self._team = team
        self._coalesce_s = coalesce_s
        #: Has Slack asked anew about a channel.
        self._forget = forget
        #: Tells whether a channel is public; without it none is.
        self._is_public = is_public
        self._texts = Texts(ledger)
        self._turns = Turns(leases, time, self.changed)
        self._shows: dict[str, Show] = {}
        #: Which incident is folded and rendered: one at a time, so that votes pass between.
        self._turn = asyncio.Lock()
        self._threads = Threads(api, check=sender.check)
        self._setbacks = Setbacks(self._threads, self._turns)
        #: Incidents opened later than this need no look into Slack's history.
        self._started_at = datetime.max.replace(tzinfo=UTC)

    def changed(self, incident: str) -> None:
        """Show the incident soon; returns at once."""
        show = self._shows.setdefault(incident, Show())
        show.is_dirty = True
        if show.task is None or show.task.done():
            show.task = asyncio.create_task(self._keep_showing(incident, show))

    def trouble(self, incident: str, says: str) -> None:
        """Say in the thread what keeps the incident from going on; nothing of it comes from the ledger."""
        self._threads.warn(incident, says)

    def opened(self, incident: str, on_refused: OnRefused) -> None:
        """An incident this process opened just now: nothing of it stands in Slack yet."""
        show = self._shows.setdefault(incident, Show())
        show.on_refused = on_refused
        self._turns.opened(incident)
        self.changed(incident)

    def hear(self, incidents: Sequence[str]) -> None:
        """These went on, by whichever process; what another living server shows is left to it."""
        for incident in incidents:
            if not self._turns.is_elsewhere(incident):
                self.changed(incident)

    def stands(self, incident: Incident) -> Mapping[str, Shown]:
        """The incident's messages by key, also those that are not written down yet."""
        known = self._shows[incident.id].known if incident.id in self._shows else {}
        return {**incident.shown, **known}

    async def view(self, incident: Incident, digests: Sequence[str]) -> View:
        """What rendering the incident needs, these texts among it. Raises LedgerUnavailable."""
        return replace(self._view_of(incident), texts=await self._texts.of(digests))

    async def start(self) -> None:
        """Complete what an earlier process left."""
        now = self._started_at = await self._ledger.now()
        for name in await self._ledger.incidents(limit=_AT_START):
            incident = fold(await self._ledger.entries(name))
            if is_kept_up(incident, now):
                self.changed(name)

    async def stop(self) -> None:
        """Stop showing; the ledger keeps what is needed to go on."""
        tasks = []
        for show in self._shows.values():
            tasks += [task for task in (show.task, *show.under_way.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._turns.stop(), self._threads.stop(), return_exceptions=True)

    async def settled(self) -> None:
        """Return when all that changed so far is shown, or waits for a Slack that is away."""
        while busy := [task for show in self._shows.values() for task in self._busy(show)]:
            await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
        await self._threads.settled()

    @staticmethod
    def _busy(show: Show) -> list["asyncio.Task[None]"]:
        return [one for one in (show.task, *show.under_way.values()) if one and not one.done()]

    async def _keep_showing(self, incident: str, show: Show) -> None:
        bind_contextvars(incident=incident)
        while show.is_dirty:
            await self._time.sleep(self._coalesce_s)
            show.is_dirty = False
            try:
                await self._flush(incident, show)
            except (LedgerError, Away, RateLimited) as error:
                _log.warning("cannot show %s now, will try again: %s", incident, error)
                show.is_dirty = True
                await self._time.sleep(_RETRY_S)
            except Refused as refused:
                _log.error("cannot look up %s: %s", incident, refused)
                show.is_looked_up = show.is_dirty = True
            except Exception:  # the top of a task: a bug in rendering must be heard of
                _log.exception("cannot show %s", incident)
        if show.is_over:
            self._shows.pop(incident, None)

    async def _flush(self, name: str, show: Show) -> None:
        incident, place, wanted = await self._wanted(name)
        if not wanted:
            return
        for changed in show.follow(incident):
            self._forget(changed.now)
        self._threads.remember(name, place, show.stands(incident, "root"))
        if not self._turns.is_ours(name):
            if is_shown(incident, wanted) or not await self._turns.take(incident, await self._ledger.now()):
                return
            show.is_looked_up = False
            # What the one before wrote down until it let go.
            incident, place, wanted = await self._wanted(name)
        await self._look_up(incident, place, show, wanted)
        show.forget_recorded(incident)
        self._threads.remember(name, place, show.stands(incident, "root"))
        for order, message in enumerate(wanted):
            self._offer(incident, place, show, message, order)

    async def _wanted(self, name: str) -> tuple[Incident, Place, tuple[Message | Upload, ...]]:
        """The incident as it stands, where it is shown, and what should stand there."""
        async with self._turn:
            incident = fold(await self._ledger.entries(name))
            wanted = messages(incident, await self.view(incident, wanted_texts(incident)))
        place = incident.place
        if place is not None and place.team == self._team:
            return incident, place, wanted
        # Asked in a terminal: nothing of it is shown but what a channel must be told.
        told = tuple(one for one in wanted if isinstance(one, Message) and one.channel)
        return incident, Place(team=self._team, channel=""), told

    def _offer(
        self, incident: Incident, place: Place, show: Show, message: Message | Upload, order: int
    ) -> None:
        """Queue the message unless it stands like this already."""
        shown = show.stands(incident, message.key)
        is_done = shown is not None and (isinstance(message, Upload) or shown.digest == digest_of(message))
        spot = spot_of(incident, place, message, stands=show.stands, order=order)
        if is_done or spot is None:
            return  # without a thread yet: the root's own `Shown` brings us back here
        job = self._turns.guarded(job_of(self._api, self._texts, incident, message, spot), incident.id)
        running = show.under_way.get(message.key)
        if running is None or running.done():
            show.under_way[message.key] = asyncio.create_task(self._send(incident.id, show, job))
        else:
            # In flight: what it was is known when it is through, and `_send` brings us back.
            self._sender.renew(job)

    async def _send(self, incident: str, show: Show, job: Job) -> None:
        key = job.name[1]
        try:
            sent = await self._sender.send(job)
        except Refused as refused:
            if await self._setbacks.meet(incident, show, job, refused):
                self.changed(incident)
            return
        except NotOurs:
            show.under_way.pop(key, None)
            self.changed(incident)
            return
        except Exception as error:  # the top of a task: nobody else would see a bug in one message
            _log.exception("cannot send %s of %s", key, incident, exc_info=error)
            show.under_way.pop(key, None)
            return
        taken = Shown(key=key, channel=job.channel, ts=sent.ts, digest=sent.job.digest)
        show.known[key] = taken  # at once: people click on what they see, whoever else may see it
        show.lost.discard(key)
        show.known[key] = shown = await self._seen_by(taken)
        show.refused = 0 if is_alarm(key) else show.refused
        await self._record(incident, shown)
        show.under_way.pop(key, None)
        self.changed(incident)

    async def _seen_by(self, shown: Shown) -> Shown:
        """With whether anybody can see it, which lets whoever asked approve a card alone."""
        return replace(shown, is_public=self._is_public is not None and await self._is_public(shown.channel))

    async def _record(self, incident: str, shown: Shown) -> None:
        try:
            await self._ledger.append(incident, [shown])
        except LedgerError as error:
            # Known to this process; the next one finds the message by its metadata.
            _log.warning("cannot record that %s of %s is shown: %s", shown.key, incident, error)

    async def _look_up(
        self, incident: Incident, place: Place, show: Show, wanted: Sequence[Message | Upload]
    ) -> None:
        """Find messages that an earlier process posted but could not record."""
        is_fresh = incident.opened_at is not None and incident.opened_at >= self._started_at
        if show.is_looked_up or (is_fresh and not self._turns.was_taken_over(incident.id)):
            return
        for found in await leftovers(self._api, incident, place, show, wanted):
            shown = await self._seen_by(found)
            show.known[shown.key] = shown
            await self._record(incident.id, shown)
        show.is_looked_up = True
