"""Which of several servers shows an incident: the one that has its claim.

Slack has no way to post a message once only, so two servers must not both try. The one that opened an
incident shows it; when that one has gone silent or stopped, another takes the claim over, and first looks in
Slack for what the one before posted and could not write down.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.model.incident import Incident
from bot.model.lease import show_of
from bot.ports import Leases
from bot.slack.pace import Time
from bot.slack.sender import Job

#: An incident that was opened elsewhere is left to its opener for so long.
OPENER_FIRST_S = 3.0
_MOST = 2000


class NotOurs(Exception):
    """Another server may show the incident by now."""


class Turns:
    """What this process shows, and when it looks again at what others should have shown."""

    def __init__(self, leases: Leases | None, time: Time, look_again: Callable[[str], None]) -> None:
        #: None: there is no other server, and every incident is ours.
        self._leases = leases
        self._time, self._look_again = time, look_again
        #: Opened here, the latest last: nothing of them can stand in Slack without this process knowing it.
        self._opened: dict[str, None] = {}
        self._taken: dict[str, None] = {}
        self._elsewhere: set[str] = set()
        self._waiting: dict[str, asyncio.Task[None]] = {}
        if leases is not None:
            leases.when_lost(self._lost)

    def is_ours(self, incident: str) -> bool:
        """Whether this process is the one to show it, at this moment."""
        return self._leases is None or self._leases.holds(show_of(incident))

    def is_elsewhere(self, incident: str) -> bool:
        """Whether a living server shows it; `look_again` is called when that is over."""
        return incident in self._elsewhere

    def opened(self, incident: str) -> None:
        """It was opened here."""
        self._opened[incident] = None
        while len(self._opened) > _MOST:
            del self._opened[next(iter(self._opened))]

    def was_taken_over(self, incident: str) -> bool:
        """True when somebody before may have posted what could not be written down."""
        return self._leases is not None and incident not in self._opened

    async def take(self, incident: Incident, now: datetime) -> bool:
        """Call for what is not ours and not wholly shown: False when it is another's, `look_again` in time.

        `now` by the ledger's clock. Raises LedgerUnavailable.
        """
        if self._leases is None or incident.opened_at is None:
            return self._leases is None
        wait_s = OPENER_FIRST_S - (now - incident.opened_at).total_seconds()
        if incident.id not in self._opened and wait_s > 0:
            self._wait(incident.id, wait_s)
            return False
        if not await self._leases.take(show_of(incident.id)):
            if incident.id not in self._elsewhere:
                self._elsewhere.add(incident.id)
                self._leases.when_free(show_of(incident.id), partial(self._came_free, incident.id))
            return False
        await self._keep(incident.id, self._leases)
        return True

    def guarded(self, job: Job, incident: str) -> Job:
        """The same job, which raises NotOurs when at its turn another server may be the one to do it."""

        async def send() -> str:
            self._check(incident)
            return await job.send()

        async def send_plain() -> str:
            self._check(incident)
            return await (job.send_plain or job.send)()

        return replace(job, send=send, send_plain=send_plain if job.send_plain else None)

    def again(self, incident: str, after_s: float) -> None:
        """`look_again` after so long; sooner when it waits already."""
        self._wait(incident, after_s)

    async def stop(self) -> None:
        """Wait for nothing any more."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, incident: str, leases: Leases) -> None:
        """Have the latest ones only: each claim is a row that somebody must read."""
        self._taken[incident] = None
        while len(self._taken) > _MOST:
            oldest = next(iter(self._taken))
            del self._taken[oldest]
            await leases.give(show_of(oldest))

    def _check(self, incident: str) -> None:
        if not self.is_ours(incident):
            raise NotOurs(incident)

    def _came_free(self, incident: str) -> None:
        self._elsewhere.discard(incident)
        self._look_again(incident)

    def _lost(self) -> None:
        """Another may show by now what was opened here."""
        lost, self._taken = list(self._taken), {}
        self._opened.clear()
        for incident in lost:
            self._look_again(incident)

    def _wait(self, incident: str, seconds: float) -> None:
        if incident not in self._waiting:
            self._waiting[incident] = asyncio.create_task(self._later(incident, seconds))

    async def _later(self, incident: str, seconds: float) -> None:
        await self._time.sleep(seconds)
        del self._waiting[incident]
        self._look_again(incident)
