"""The system chain as checkpoints and the watch over rollbacks need it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import codec
from bot.store.database import Database
from bot.store.statements import Record, head_of, linked
from bot.store.system import SYSTEM, CheckpointWritten, KeyAdded, SystemEvent
from bot.store.tables import entry
from bot.store.transactions import Transactions

#: Rows one checkpoint covers at most, so that the first one of an old ledger stays small.
_MAX_ROWS = 5000


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A system event and where it stands."""

    seq: int
    hash: str
    #: Aware UTC, the ledger's clock.
    at: datetime
    event: SystemEvent


@dataclass(frozen=True, kw_only=True)
class Grown:
    """What was appended after a row, over all chains, in the order of commits."""

    #: Chain -> seq and hash of its last entry among these.
    heads: Mapping[str, tuple[int, str]]
    entries: int
    #: How many of the entries are neither checkpoints themselves nor their keys.
    news: int
    last_row: int
    is_all: bool
    #: The database's clock, aware UTC.
    at: datetime


#: Makes the events to append from the row a checkpoint ended at, and what came after it.
Sealing = Callable[[CheckpointWritten | None, Grown], Sequence[SystemEvent]]


class SystemChain:
    """Every method raises LedgerUnavailable when the database is."""

    def __init__(self, database: Database, begin: Transactions) -> None:
        self._database, self._begin = database, begin

    async def append(self, *events: SystemEvent) -> tuple[Record, ...]:
        """Commit events in order."""
        async with self._begin.write() as connection:
            return await self._add(connection, events)

    async def seal(self, row_of: Callable[[CheckpointWritten], int], make: Sealing) -> tuple[Record, ...]:
        """Commit what `make` makes of the newest checkpoint and of all that came after `row_of` it."""
        async with self._begin.write() as connection:
            head = await self._database.lock(connection, SYSTEM)
            found = await _read(connection, kinds=(CheckpointWritten,), newest=True)
            last = found[0].event if found else None
            before = last if isinstance(last, CheckpointWritten) else None
            grown = await _grown(connection, row_of(before) if before else 0, head.at)
            return await self._add(connection, make(before, grown))

    async def events(
        self, *, after_seq: int = 0, kinds: tuple[type[SystemEvent], ...], containing: str = ""
    ) -> tuple[Placed, ...]:
        """Events of these kinds whose stored text contains the words, in order."""
        async with self._begin.read() as connection:
            return await _read(connection, kinds=kinds, after_seq=after_seq, containing=containing)

    async def head(self) -> tuple[int, str]:
        """Seq and hash of its last entry; 0 and empty when there is none."""
        async with self._begin.read() as connection:
            return await head_of(connection, SYSTEM)

    async def hashes(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The hashes of entries of any chain by chain and seq; what is not there is missing."""
        found = {}
        async with self._begin.read() as connection:
            for chain, seq in places:
                query = select(entry.c.hash).where(entry.c.chain == chain, entry.c.seq == seq)
                for digest in (await connection.execute(query)).scalars():
                    found[chain, seq] = digest
        return found

    async def _add(self, connection: AsyncConnection, events: Sequence[SystemEvent]) -> tuple[Record, ...]:
        if not events:
            return ()
        records = linked(SYSTEM, events, await self._database.lock(connection, SYSTEM))
        await self._database.add(connection, records)
        return tuple(records)


def _kind(event: type[SystemEvent]) -> str:
    # Quotes inside a JSON string are escaped: no text of anybody's can look like this.
    return f'"kind":"{event.kind}"'


async def _read(
    connection: AsyncConnection,
    *,
    kinds: tuple[type[SystemEvent], ...],
    after_seq: int = 0,
    containing: str = "",
    newest: bool = False,
) -> tuple[Placed, ...]:
    query = select(entry).where(entry.c.chain == SYSTEM, entry.c.seq > after_seq)
    query = query.where(or_(*(entry.c.body.contains(_kind(one), autoescape=True) for one in kinds)))
    if containing:
        query = query.where(entry.c.body.contains(containing, autoescape=True))
    query = query.order_by(entry.c.seq.desc()).limit(1) if newest else query.order_by(entry.c.seq)
    rows = (await connection.execute(query)).all()
    found = ((row, codec.decode(row.body)) for row in rows)
    return tuple(
        Placed(seq=row.seq, hash=row.hash, at=body.at, event=body.event)
        for row, body in found
        if isinstance(body.event, kinds)
    )


async def _grown(connection: AsyncConnection, after_row: int, at: datetime) -> Grown:
    # One statement, so one moment; rows are numbered in the order of commits.
    is_checkpoint = or_(
        *(entry.c.body.contains(_kind(one), autoescape=True) for one in (CheckpointWritten, KeyAdded))
    )
    query = select(
        entry.c.row, entry.c.chain, entry.c.seq, entry.c.hash, is_checkpoint.label("is_checkpoint")
    )
    query = query.where(entry.c.row > after_row).order_by(entry.c.row).limit(_MAX_ROWS)
    rows = (await connection.execute(query)).all()
    return Grown(
        heads={row.chain: (row.seq, row.hash) for row in rows},
        entries=len(rows),
        news=sum(not (row.chain == SYSTEM and row.is_checkpoint) for row in rows),
        last_row=rows[-1].row if rows else after_row,
        is_all=len(rows) < _MAX_ROWS,
        at=at,
    )
