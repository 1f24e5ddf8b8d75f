"""A ledger for tests that loses the record of what was shown, as a kill between post and record does."""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import LedgerUnavailable
from bot.model.event import Entry, Event, Hold, Shown
from bot.ports import Ledger


class ForgetfulLedger:
    """`bot.ports.Ledger` in front of a real one; `Shown` of the given keys never gets through."""

    def __init__(self, ledger: Ledger, *keys: str) -> None:
        self._ledger = ledger
        self._keys = keys
        self.forgotten: list[str] = []

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        for event in events:
            if isinstance(event, Shown) and event.key in self._keys:
                self.forgotten.append(event.key)
                raise LedgerUnavailable("killed before it was written")
        return await self._ledger.append(incident, events, after_seq=after_seq, take=take, give=give)

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        return await self._ledger.entries(incident, after_seq=after_seq)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        return await self._ledger.incidents(limit=limit)

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        return await self._ledger.changed_since(mark)

    async def incident_of(self, approval: str) -> str | None:
        return await self._ledger.incident_of(approval)

    async def keep(self, text: str) -> str:
        return await self._ledger.keep(text)

    async def evidence(self, digest: str) -> str | None:
        return await self._ledger.evidence(digest)

    async def now(self) -> datetime:
        return await self._ledger.now()
