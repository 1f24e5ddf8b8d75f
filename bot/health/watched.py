"""A ledger whose commits are counted."""

import time
from collections.abc import Sequence

from bot.errors import LedgerError
from bot.health.metrics import Metrics
from bot.model.event import Entry, Event, Hold
from bot.ports import Ledger, LedgerAround


class WatchedLedger(LedgerAround):
    """Another ledger, whose every append is told to the metrics."""

    def __init__(self, ledger: Ledger, metrics: Metrics) -> None:
        super().__init__(ledger)
        self._metrics = metrics

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
            entries = await super().append(incident, events, after_seq=after_seq, take=take, give=give)
        except LedgerError as error:
            self._metrics.not_appended(error)
            raise
        self._metrics.appended(events, time.perf_counter() - started)
        return entries
