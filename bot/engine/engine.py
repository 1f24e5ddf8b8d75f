"""Who works on which incident: this process on some, other replicas on others, each by its claim.

It carries ids only. An incident is worked on by whoever has its claim; what is asked for here while all
places are taken is not claimed, so that another replica with a place takes it. What people have decided goes
before looks that wait, and has places of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog
from structlog.contextvars import bind_contextvars

from bot.engine.asked import Asked
from bot.engine.undone import Undone
from bot.errors import ClaimLost, LedgerError
from bot.model.lease import work_on
from bot.ports import Leases, Ledger

log = structlog.get_logger(__name__)

#: Incidents worked on at once; the SSH module has its own bound on connections.
AT_ONCE = 32
#: Places beside those for what people have decided: a hundred looks must not keep a rollback waiting.
URGENT_AT_ONCE = 8
#: Pauses before an incident is tried again while the ledger is away.
BACKOFF_S = (0.5, 1.0, 2.0, 5.0)
#: How long an incident that a bug ended is left alone the first time, and at most.
REST_S, MOST_REST_S = 30.0, 600.0
#: How long a stop waits for the steps that are under way; what is cut off then is settled by who is next.
DRAIN_S = 20.0
#: Pause between two looks at what others wrote, when nothing of it is new.
SWEEP_S = 2.0


class CarryOn(Protocol):
    """What the engine calls; see `bot.work.Worker.carry_on`."""

    def __call__(self, incident: str, *, may_go_on: Callable[[], bool]) -> Awaitable[datetime | None]:
        """Do all that is open; the next clock that runs out."""
        ...


class Engine:
    """Runs `carry_on` for incidents: one task an incident, under its claim."""

    def __init__(
        self,
        carry_on: CarryOn,
        ledger: Ledger,
        leases: Leases,
        *,
        on_trouble: Callable[[str, str], None] | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._carry_on, self._leases, self._at_once = carry_on, leases, at_once
        #: Told (incident, sentence) when the ledger keeps an incident from going on.
        self._on_trouble = on_trouble
        self._ledger, self._undone = ledger, Undone(ledger, leases)
        self._asked = Asked()
        #: Among those: what another replica is working on.
        self._elsewhere: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._clocks: dict[str, asyncio.TimerHandle] = {}
        #: A bug ended them here so often in a row; they rest before they are tried again.
        self._broken: dict[str, int] = {}
        self._resting: set[str] = set()
        self._moved = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._is_stopping = False
        leases.when_lost(self._let_go)

    def submit(self, incident: str, *, is_urgent: bool = False) -> None:
        """Have the incident carried on soon; once more when it is worked on already.

        `is_urgent`: people have decided something there, and wait for it.
        """
        if self._is_stopping:
            return
        self._resting.discard(incident)
        self._asked.add(incident, is_urgent=is_urgent)
        self._begin()

    def hear(self, incidents: Sequence[str]) -> None:
        """These went on, by whichever process."""
        self._undone.heard(incidents)

    async def start(self) -> None:
        """Carry on what any process left undone, from now on; what is there already first."""
        self._sweeper = asyncio.get_running_loop().create_task(self._sweep())

    @property
    def depth(self) -> int:
        """How many incidents are worked on or wait for a place here."""
        return len(self._tasks.keys() | self._asked.keys())

    async def idle(self) -> None:
        """Wait until nothing that was asked for is worked on any more, here or elsewhere."""
        while self._tasks or self._asked:
            self._moved.clear()
            await self._moved.wait()

    async def stop(self, *, within_s: float = DRAIN_S) -> None:
        """Take nothing new, let each incident end its step, then leave the rest to others."""
        self._is_stopping = True
        self._asked.clear()
        self._moved.set()
        for clock in self._clocks.values():
            clock.cancel()
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        running = list(self._tasks.values())
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- one incident ------------------------------------------------------------------------

    def _begin(self) -> None:
        """Start as many as there are places for."""
        self._begin_some(self._asked.urgent(), self._at_once + URGENT_AT_ONCE)
        if len(self._tasks) < self._at_once:
            self._begin_some(self._asked, self._at_once)

    def _begin_some(self, incidents: Iterable[str], places: int) -> None:
        for incident in incidents:
            if len(self._tasks) >= places or self._is_stopping:
                return
            if incident not in self._tasks and incident not in self._elsewhere:
                task = asyncio.get_running_loop().create_task(self._work(incident))
                self._tasks[incident] = task
                task.add_done_callback(partial(self._ended, incident))

    async def _work(self, incident: str) -> None:
        # The task has a context of its own: every line written in it names the incident.
        bind_contextvars(incident=incident)
        failures = 0
        try:
            while incident in self._asked and incident not in self._elsewhere:
                try:
                    await self._carry(incident)
                    failures = 0
                except ClaimLost as lost:
                    log.warning("left to another", why=str(lost))
                except LedgerError as error:
                    await self._wait_out(incident, error, failures)
                    failures += 1
        finally:
            await self._leases.give(work_on(incident))

    async def _carry(self, incident: str) -> None:
        if not await self._leases.take(work_on(incident)):
            self._elsewhere.add(incident)
            self._leases.when_free(work_on(incident), partial(self._came_free, incident))
            return
        is_urgent = self._asked.take(incident)
        try:
            at = await self._carry_on(incident, may_go_on=self._may_go_on)
            await self._wake_at(incident, at)
        except (LedgerError, asyncio.CancelledError):
            self._asked.add(incident, is_urgent=is_urgent)
            raise
        self._broken.pop(incident, None)

    def _may_go_on(self) -> bool:
        return not self._is_stopping

    def _came_free(self, incident: str) -> None:
        self._elsewhere.discard(incident)
        self._begin()

    async def _wait_out(self, incident: str, error: LedgerError, failures: int) -> None:
        """The ledger is away: nothing is done until it is back, and the thread hears of it once."""
        log.warning("ledger unavailable", why=str(error))
        if failures == 0 and self._on_trouble:
            self._on_trouble(incident, f"the ledger cannot be written, so nothing runs: {error}")
        await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])

    def _ended(self, incident: str, task: asyncio.Task[None]) -> None:
        del self._tasks[incident]
        self._moved.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("incident broke", incident=incident, exc_info=error)
            self._rest(incident, error)
        self._begin()

    def _rest(self, incident: str, error: BaseException) -> None:
        """A bug ended it: say so once, and leave it alone for a while."""
        failures = self._broken[incident] = self._broken.get(incident, 0) + 1
        if failures == 1 and self._on_trouble:
            self._on_trouble(incident, f"internal error ({type(error).__name__}); it is in the bot's log")
        self._resting.add(incident)
        rest_s = min(REST_S * 2 ** (failures - 1), MOST_REST_S)
        asyncio.get_running_loop().call_later(rest_s, self._rested, incident)

    def _rested(self, incident: str) -> None:
        self._resting.discard(incident)
        self._undone.heard((incident,))

    def _let_go(self) -> None:
        """Everything that was held is lost: stop before anything else is done with it."""
        for task in self._tasks.values():
            task.cancel()

    async def _wake_at(self, incident: str, at: datetime | None) -> None:
        old = self._clocks.pop(incident, None)
        if old:
            old.cancel()
        if at is None or self._is_stopping:
            return
        # By the ledger's clock, as whatever runs out: this machine's may be wrong.
        delay = max(0.0, (at - await self._ledger.now()).total_seconds()) + 0.5
        loop = asyncio.get_running_loop()
        self._clocks[incident] = loop.call_later(delay, self.submit, incident)

    # --- what others left --------------------------------------------------------------------

    async def _sweep(self) -> None:
        await self._try(self._undone.remember)
        while True:
            await self._undone.wait(SWEEP_S)
            await self._try(self._look)

    async def _look(self) -> None:
        busy = self._tasks.keys() | self._asked.keys() | self._resting
        async for incident, found in self._undone.look(skip=busy):
            if found.is_undone:
                self._asked.add(incident, is_urgent=found.is_urgent)
                self._begin()
            else:
                await self._wake_at(incident, found.at)

    async def _try(self, what: Callable[[], Awaitable[None]]) -> None:
        try:
            await what()
        except LedgerError as error:
            log.warning("cannot look for undone work", why=str(error))
            await asyncio.sleep(SWEEP_S)
