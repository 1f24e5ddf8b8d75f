"""A ledger for tests that loses the record of what was shown, as a kill between post and record does."""

from collections.abc import Sequence

from bot.errors import LedgerUnavailable
from bot.model.event import Entry, Event, Hold, Shown
from bot.ports import Ledger, LedgerAround


class ForgetfulLedger(LedgerAround):
    """`bot.ports.Ledger` in front of a real one; `Shown` of the given keys never gets through."""

    def __init__(self, ledger: Ledger, *keys: str) -> None:
        super().__init__(ledger)
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
        return await super().append(incident, events, after_seq=after_seq, take=take, give=give)
