"""The ledger as the work sees it: it takes nothing for an incident that this process no longer holds."""

from collections.abc import Sequence

from bot.errors import ClaimLost
from bot.model.event import Entry, Event, Hold
from bot.model.lease import work_on
from bot.ports import Leases, Ledger, LedgerAround


class FencedLedger(LedgerAround):
    """Implements `bot.ports.Ledger` by another one."""

    def __init__(self, ledger: Ledger, leases: Leases) -> None:
        super().__init__(ledger)
        self._leases = leases

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`. Raises ClaimLost when another process may be at work on it."""
        if not self._leases.holds(work_on(incident)):
            raise ClaimLost(
                f"this process was silent for too long, so another may work on {incident}; left to that one"
            )
        return await super().append(incident, events, after_seq=after_seq, take=take, give=give)
