"""The engine of one machine: a task for each incident that has something to do, in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import structlog
from structlog.contextvars import bind_contextvars

from bot.errors import LedgerError
from bot.ports import Ledger

log = structlog.get_logger(__name__)

#: Incidents worked on at once; the SSH module has its own, smaller bound on connections.
MAX_AT_ONCE = 64
#: Pauses before an incident is tried again while the ledger is away.
BACKOFF_S = (0.5, 1.0, 2.0, 5.0)


class CarryOn(Protocol):
    """What the engine calls; see `bot.work.Worker.carry_on`."""

    def __call__(self, incident: str, *, again: bool = False) -> Awaitable[datetime | None]:
        """Do all that is open; the next clock that runs out."""
        ...


class LocalEngine:
    """Runs `carry_on` for submitted incidents: one task an incident, one at a time for each."""

    def __init__(
        self, carry_on: CarryOn, ledger: Ledger, *, on_trouble: Callable[[str, str], None] | None = None
    ) -> None:
        self._carry_on, self._ledger = carry_on, ledger
        #: Told (incident, sentence) when the ledger keeps an incident from going on.
        self._on_trouble = on_trouble
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asked: dict[str, bool] = {}
        self._clocks: dict[str, asyncio.TimerHandle] = {}
        self._places = asyncio.Semaphore(MAX_AT_ONCE)
        self._is_stopping = False

    def submit(self, incident: str, *, again: bool = False) -> None:
        """Have the incident carried on soon; a second call while it is worked on makes it look once more."""
        if self._is_stopping:
            return
        self._asked[incident] = self._asked.get(incident, False) or again
        if incident not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._work(incident))
            self._tasks[incident] = task
            task.add_done_callback(lambda _: self._ended(incident))

    async def recover(self) -> int:
        """Submit every incident that may have something open, after a start; how many those were."""
        known = await self._ledger.incidents(limit=500)
        for incident in known:
            self.submit(incident)
        return len(known)

    @property
    def depth(self) -> int:
        """How many incidents are worked on or wait for a place."""
        return len(self._tasks)

    async def idle(self) -> None:
        """Wait until nothing is worked on any more."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def stop(self, *, within_s: float = 25.0) -> None:
        """Take nothing new, let what runs end for a while, then leave the rest to the next start."""
        self._is_stopping = True
        for clock in self._clocks.values():
            clock.cancel()
        running = list(self._tasks.values())
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, incident: str) -> None:
        # The task has a context of its own: every line written in it names the incident.
        bind_contextvars(incident=incident)
        async with self._places:
            failures = 0
            while incident in self._asked:
                again = self._asked.pop(incident)
                try:
                    self._wake_at(incident, await self._carry_on(incident, again=again))
                    failures = 0
                except LedgerError as error:
                    await self._wait_out(incident, again, error, failures)
                    failures += 1

    async def _wait_out(self, incident: str, again: bool, error: LedgerError, failures: int) -> None:
        """The ledger is away: nothing is done until it is back, and the thread hears of it once."""
        log.warning("ledger unavailable", why=str(error))
        if failures == 0 and self._on_trouble:
            self._on_trouble(incident, f"the ledger cannot be written, so nothing runs: {error}")
        await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
        self._asked[incident] = self._asked.get(incident, False) or again

    def _wake_at(self, incident: str, at: datetime | None) -> None:
        old = self._clocks.pop(incident, None)
        if old:
            old.cancel()
        if at is None or self._is_stopping:
            return
        delay = max(0.0, (at - datetime.now(at.tzinfo)).total_seconds()) + 0.5
        loop = asyncio.get_running_loop()
        self._clocks[incident] = loop.call_later(delay, self.submit, incident)

    def _ended(self, incident: str) -> None:
        task = self._tasks.pop(incident)
        if not task.cancelled() and (error := task.exception()):
            log.error("incident broke", incident=incident, exc_info=error)
            if self._on_trouble:
                self._on_trouble(incident, f"internal error ({type(error).__name__}); it is in the bot's log")
        elif incident in self._asked and not self._is_stopping:
            self.submit(incident)
