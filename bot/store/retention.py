"""Evidence texts that are too old to be kept: which there are, and how they are forgotten.

The chain holds salted digests only, so it stays whole; what a text said can then not be proved any more.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import codec
from bot.store.database import Database
from bot.store.statements import Record, linked
from bot.store.system import SYSTEM, EvidenceErased
from bot.store.tables import evidence
from bot.store.transactions import Transactions

#: Texts asked for or erased in one go.
_PAGE = 500
#: How a body that names a text has it; quotes inside a JSON string are escaped.
_NAMED = '"evidence":"'


@dataclass(frozen=True, kw_only=True)
class OldTexts:
    """Texts of one incident that are still there and older than some time; never empty."""

    incident: str
    digests: tuple[str, ...]
    size_bytes: int


class Retention:
    """Every method raises LedgerUnavailable when the database is."""

    def __init__(self, database: Database, begin: Transactions) -> None:
        self._database, self._begin = database, begin

    async def older(self, records: AsyncIterator[Record], before: datetime) -> tuple[OldTexts, ...]:
        """What these records name in entries of before that time; by incident, as they come."""
        named: defaultdict[str, dict[str, None]] = defaultdict(dict)
        async for record in records:
            digest = _digest_of(record, before) if _NAMED in record.body else None
            if digest is not None:
                named[record.chain][digest] = None
        found = [await self._kept(incident, tuple(digests)) for incident, digests in named.items()]
        return tuple(one for one in found if one.digests)

    async def forget(self, old: OldTexts, *, before: datetime, person: str, reason: str) -> None:
        """Erase the texts with their salts; who did it is committed with it to the system chain."""
        for first in range(0, len(old.digests), _PAGE):
            page = old.digests[first : first + _PAGE]
            erased = EvidenceErased(
                incident=old.incident, texts=len(page), before=before, person=person, reason=reason
            )
            async with self._begin.write() as connection:
                for digest in page:
                    await self._database.erase(connection, digest)
                head = await self._database.lock(connection, SYSTEM)
                await self._database.add(connection, linked(SYSTEM, [erased], head))

    async def _kept(self, incident: str, digests: Sequence[str]) -> OldTexts:
        sizes: dict[str, int] = {}
        async with self._begin.read() as connection:
            for first in range(0, len(digests), _PAGE):
                sizes |= await _sizes(connection, digests[first : first + _PAGE])
        return OldTexts(incident=incident, digests=tuple(sizes), size_bytes=sum(sizes.values()))


async def _sizes(connection: AsyncConnection, digests: Sequence[str]) -> dict[str, int]:
    size = func.length(evidence.c.text)
    query = select(evidence.c.digest, size).where(evidence.c.digest.in_(digests))
    return {row[0]: row[1] for row in await connection.execute(query)}


def _digest_of(record: Record, before: datetime) -> str | None:
    """The text that an entry of before that time names; None for another entry."""
    told = codec.decode(record.body)
    digest: str | None = getattr(told.event, "evidence", None)
    return digest if told.at < before else None
