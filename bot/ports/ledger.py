"""The ledger: append-only, chained events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.event import Entry, Event, Hold
from bot.model.refusal import AskRefused


class Ledger(Protocol):
    """Append-only, chained events. Every method raises LedgerUnavailable when the database is."""

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """Commit all events in one transaction, in order, and return them in the chain.

        `after_seq`: the seq the decision was based on; Conflict when the chain has grown since
        (0 for a new incident; None to append in any case). `take` acquires a hold for this incident
        (HostBusy, naming the holder, when another has it), `give` releases it.
        """
        ...

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """Entries in order; empty when there is no such incident."""
        ...

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """Ids, the most recently appended-to first."""
        ...

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """A new mark and the incidents appended to since the old one (0: from the start)."""
        ...

    async def incident_of(self, approval: str) -> str | None:
        """The incident an approval id belongs to."""
        ...

    async def keep(self, text: str) -> str:
        """Store cleaned evidence beside the chain; returns its salted digest, hex."""
        ...

    async def evidence(self, digest: str) -> str | None:
        """The text kept under a digest; None when it was erased."""
        ...

    async def now(self) -> datetime:
        """The database's clock, aware UTC: the only clock for expiry and order."""
        ...

    async def refuse(self, refusal: AskRefused) -> None:
        """Write down a refusal that belongs to no incident."""
        ...


class LedgerAround:
    """A Ledger that passes every call on to another one; who stands around it overrides what it changes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `Ledger`."""
        return await self._ledger.append(incident, events, after_seq=after_seq, take=take, give=give)

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """See `Ledger`."""
        return await self._ledger.entries(incident, after_seq=after_seq)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """See `Ledger`."""
        return await self._ledger.incidents(limit=limit)

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """See `Ledger`."""
        return await self._ledger.changed_since(mark)

    async def incident_of(self, approval: str) -> str | None:
        """See `Ledger`."""
        return await self._ledger.incident_of(approval)

    async def keep(self, text: str) -> str:
        """See `Ledger`."""
        return await self._ledger.keep(text)

    async def evidence(self, digest: str) -> str | None:
        """See `Ledger`."""
        return await self._ledger.evidence(digest)

    async def now(self) -> datetime:
        """See `Ledger`."""
        return await self._ledger.now()

    async def refuse(self, refusal: AskRefused) -> None:
        """See `Ledger`."""
        await self._ledger.refuse(refusal)
