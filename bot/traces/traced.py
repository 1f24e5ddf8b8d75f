"""A ledger whose commits become spans once they end something."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from bot.errors import LedgerError
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Entry,
    Event,
    Hold,
    Ready,
    RunEnded,
    RunFailed,
    StepEnded,
)
from bot.ports import Ledger, LedgerAround
from bot.traces.spans import Span, spans_of

log = structlog.get_logger(__name__)

#: Incidents of which something is remembered that was not told.
_MOST = 1000
#: Entries after which the incident is told again; steps are told with the run they belong to.
_TOLD_AFTER = (RunEnded, RunFailed, Claimed, ApprovalClosed, ActionEnded, Ready)
_ENDS = (StepEnded, *_TOLD_AFTER)


class TracedLedger(LedgerAround):
    """Another ledger; what is appended through this one is told as spans, and only that.

    Of several replicas each tells what it committed itself, so nothing is told twice.
    """

    def __init__(self, ledger: Ledger, tell: Callable[[Iterable[Span]], None]) -> None:
        super().__init__(ledger)
        self._tell = tell
        #: Incident -> seqs appended here and not told yet.
        self._ours: dict[str, set[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

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
        entries = await super().append(incident, events, after_seq=after_seq, take=take, give=give)
        self._remember(incident, [one.seq for one in entries if isinstance(one.event, _ENDS)])
        if any(isinstance(entry.event, _TOLD_AFTER) for entry in entries):
            # In the background: reading the incident again must not delay who appends.
            task = asyncio.create_task(self._tell_of(incident))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return entries

    async def settled(self) -> None:
        """Wait until all that was committed is told."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _remember(self, incident: str, seqs: Sequence[int]) -> None:
        if seqs:
            self._ours.setdefault(incident, set()).update(seqs)
        while len(self._ours) > _MOST:  # looks that another replica ended
            del self._ours[next(iter(self._ours))]

    async def _tell_of(self, incident: str) -> None:
        ours = self._ours.pop(incident, set())
        if not ours:
            return
        try:
            entries = await self.entries(incident)
        except LedgerError as error:
            log.warning("spans lost", incident=incident, why=str(error))
            return
        self._tell(span for span in spans_of(entries) if span.ended_by in ours)
