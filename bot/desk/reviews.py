"""Which incidents still wait for the review that a broken glass asks for."""

from datetime import datetime

from bot.model.incident import fold
from bot.ports import Ledger

#: How many incidents back are read when nothing is known yet; later only those that changed are.
_MOST = 500


class Reviews:
    """Reads on from where it read last."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read_to = 0
        self._due: dict[str, datetime] = {}

    async def due(self) -> tuple[str, ...]:
        """Incidents, the one that is due first at the front. Raises LedgerUnavailable."""
        mark, changed = await self._ledger.changed_since(self._read_to)
        for incident in changed[-_MOST:]:
            by = fold(await self._ledger.entries(incident)).review_by
            if by is None:
                self._due.pop(incident, None)
            else:
                self._due[incident] = by
        self._read_to = max(mark, self._read_to)
        return tuple(sorted(self._due, key=lambda one: (self._due[one], one)))
