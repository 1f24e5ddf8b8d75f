"""A ledger whose commits are counted."""

import time
from collections.abc import Sequence
from datetime import datetime

from bot.errors import LedgerError
from bot.health.metrics import Metrics
from bot.model.event import Entry, Event, Hold
from bot.ports import Ledger


class WatchedLedger:
    """Implements `bot.ports.Ledger` by another one, and tells the metrics of each append."""

    def __init__(self, ledger: Ledger, metrics: Metrics) -> None:
        self._ledger, self._metrics = ledger, metrics

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`."""
        started = time.perf_counter()
        try:
            entries = await self._ledger.append(incident, events, after_seq=after_seq, take=take, give=give)
        except LedgerError as error:
            self._metrics.not_appended(error)
            raise
        self._metrics.appended(events, time.perf_counter() - started)
        return entries

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`."""
        return await self._ledger.entries(incident, after_seq=after_seq)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """See `bot.ports.Ledger`."""
        return await self._ledger.incidents(limit=limit)

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """See `bot.ports.Ledger`."""
        return await self._ledger.changed_since(mark)

    async def incident_of(self, approval: str) -> str | None:
        """See `bot.ports.Ledger`."""
        return await self._ledger.incident_of(approval)

    async def keep(self, text: str) -> str:
        """See `bot.ports.Ledger`."""
        return await self._ledger.keep(text)

    async def evidence(self, digest: str) -> str | None:
        """See `bot.ports.Ledger`."""
        return await self._ledger.evidence(digest)

    async def now(self) -> datetime:
        """See `bot.ports.Ledger`."""
        return await self._ledger.now()
