"""A ledger that is sealed while it is written to: checkpoints, anchors, and no action after a rollback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from bot.audit.keys import SigningKey
from bot.audit.lines import accepted_line
from bot.audit.report import Head
from bot.audit.sealing import Sealer
from bot.audit.sink import Sink
from bot.audit.watch import RollbackWatch, says_of
from bot.errors import BotError, LedgerUnavailable
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Entry,
    Event,
    Exported,
    Hold,
    Intended,
    RunEnded,
    RunFailed,
    Voted,
)
from bot.ports import Ledger, LedgerAround
from bot.store import SqlLedger
from bot.store.system import RollbackAccepted
from bot.story import Sealed

log = structlog.get_logger(__name__)

#: A checkpoint is written after these, after so many events, and after so long if anything changed.
AT_ONCE = (Voted, RunEnded, RunFailed, ApprovalClosed, ActionEnded, Exported)
EVERY_EVENTS = 100
EVERY_S = 60.0
#: How often it is looked whether the ledger went back, beside the look before every action.
LOOK_EVERY_S = 15.0
#: Pause between two checkpoints, so that many incidents at once share one.
_PAUSE_S = 0.5


class SealedLedger(LedgerAround):
    """Implements `bot.ports.Ledger` by another one."""

    def __init__(
        self, ledger: Ledger, store: SqlLedger, *, key: Callable[[], SigningKey | None], sink: Sink
    ) -> None:
        super().__init__(ledger)
        #: The database under what everybody else uses.
        self._store = store
        self._sink = sink
        self._sealer = Sealer(store.system, key, sink)
        self._watch = RollbackWatch(store.system, sink)
        self._looking = asyncio.Lock()
        self._sealing = asyncio.Lock()
        self._wake = asyncio.Event()
        self._unsealed = 0
        self._told = ""

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`.

        Raises LedgerUnavailable for what would act on a ledger that went back, and for a critical action
        on one that may go back at a failover.
        """
        if take is not None or any(isinstance(event, Claimed | Intended) for event in events):
            says = await self.trouble() or await self._risk(events)
            if says is not None:
                raise LedgerUnavailable(says)
        entries = await super().append(incident, events, after_seq=after_seq, take=take, give=give)
        if entries:
            self._watch.saw(incident, entries[-1].seq, entries[-1].hash)
        self._unsealed += len(entries)
        if self._unsealed >= EVERY_EVENTS or any(isinstance(event, AT_ONCE) for event in events):
            self._wake.set()
        return entries

    async def _risk(self, events: Sequence[Event]) -> str | None:
        """Why an action that the policy is strict about might be forgotten; None for every other one."""
        return await self._store.failover_risk() if any(map(_is_critical, events)) else None

    async def trouble(self) -> str | None:
        """Why no action may be started; None when one may. Raises LedgerUnavailable."""
        async with self._looking:
            noticed = await self._watch.look()
            return says_of(noticed, self._watch.people(noticed)) if noticed else None

    async def seal(self) -> None:
        """Write a checkpoint if anything happened since the last, unless the ledger went back."""
        if await self.trouble() is not None:
            return
        sealed = self._unsealed
        async with self._sealing:
            await self._sealer.seal()
        self._unsealed -= sealed

    async def proof(self, incident: str, seq: int, digest: str) -> Sealed | None:
        """A signed checkpoint that names this entry; None without a key or when the ledger went back."""
        if await self.trouble() is not None:
            return None
        async with self._sealing:
            return await self._sealer.proof(Head(chain=incident, seq=seq, hash=digest))

    async def accept_rollback(self, person: str, reason: str) -> str | None:
        """Count one person; None when there is nothing to accept, else what is still missing ("" nothing)."""
        async with self._looking:
            noticed = await self._watch.look()
            if noticed is None:
                return None
            event = RollbackAccepted(lost=noticed.lost, kept=noticed.kept, person=person, reason=reason)
            await self._store.system.append(event)
            self._sink.write(accepted_line(event))
        says = await self.trouble()
        if says is None:
            await self.seal()
        return says or ""

    @asynccontextmanager
    async def kept_sealed(self) -> AsyncIterator[None]:
        """Write checkpoints as they fall due while inside, and one at the end."""
        task = asyncio.get_running_loop().create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.close()

    async def close(self) -> None:
        """Seal what was appended since the last checkpoint; what cannot be now, the next one covers."""
        if self._unsealed:
            with suppress(BotError):
                await self.seal()

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        sealed_at = float("-inf")
        while True:
            await self._try(self._look)
            if self._wake.is_set() or clock() - sealed_at >= EVERY_S:
                self._wake.clear()
                await self._try(self.seal)
                sealed_at = clock()
                await asyncio.sleep(_PAUSE_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()

    async def _look(self) -> None:
        says = await self.trouble()
        if says is not None and says != self._told:
            log.error("ledger rolled back", why=says)
        self._told = says or ""

    async def _try(self, what: Callable[[], Awaitable[object]]) -> None:
        try:
            await what()
        except BotError as error:
            log.warning("no checkpoint", why=str(error))

    async def salt(self, digest: str) -> str | None:
        """See `bot.story.usecase.KnowsSalts`."""
        return await self._store.salt(digest)


def _is_critical(event: Event) -> bool:
    if not isinstance(event, Claimed | Intended) or event.ruling is None:
        return False
    terms = event.ruling.question.terms
    return terms is not None and terms.is_critical
