"""`bot.ports.Ledger` in SQL, the same for every database; what differs is asked of a `Database`."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol, Self

from sqlalchemy import func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import Conflict, LedgerUnavailable
from bot.model.event import Claimed, Entry, Event, Hold, Intended
from bot.store.evidence import EvidenceShelf
from bot.store.statements import Record, add, entry_of, exchange, for_system, head_of, holder_of, index
from bot.store.system import SYSTEM, SystemEvent
from bot.store.tables import approval as approvals
from bot.store.tables import entry
from bot.store.tables import incident as incidents

#: Longer than the database's own lock time-out, so that its clearer error comes first.
_DEADLINE_S = 20.0
#: Rows read in one go by `records`.
_PAGE = 2000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


class Database(Protocol):
    """What differs between databases."""

    engine: AsyncEngine
    #: Same pool; transactions on it may write.
    writer: AsyncEngine

    async def clock(self, connection: AsyncConnection) -> datetime:
        """The database's clock, aware UTC."""
        ...

    def explain(self, error: Exception) -> LedgerUnavailable:
        """A driver's error as one of ours: what happened and what to do."""
        ...

    def check_room(self) -> None:
        """Raises LedgerUnavailable when an outcome might not find room after the intent."""
        ...


class SqlLedger:
    """Append-only, chained events over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # One writer at a time in this process: the database would make them wait anyway, but unfairly.
        self._writing = asyncio.Lock()
        self._shelf = EvidenceShelf()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Write what is kept in memory and let go of the database. Raises LedgerUnavailable."""
        try:
            if not self._shelf.is_empty:
                async with self._write() as connection:
                    await self._shelf.flush(connection)
        finally:
            await self._database.engine.dispose()

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`. What is about to act (`take`, claim, intent) needs room for its outcome."""
        if not _NAME.fullmatch(incident) or incident == SYSTEM:
            raise ValueError(f"{incident!r} cannot be an incident's id")
        if take or any(isinstance(event, Claimed | Intended) for event in events):
            self._database.check_room()
        written: tuple[Entry, ...] = ()
        async with self._writing:
            try:
                async with self._write_unlocked() as connection:
                    written = await self._append(
                        connection, incident, events, after_seq=after_seq, take=take, give=give
                    )
            except LedgerUnavailable:
                # The reply to COMMIT may be lost although it was done: ask before saying it failed.
                if not written or not await self._stands(written[-1]):
                    raise
            self._shelf.flushed()
        return written

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """Entries in order; empty when there is no such incident."""
        query = select(entry).where(entry.c.chain == incident, entry.c.seq > after_seq)
        async with self._read() as connection:
            rows = (await connection.execute(query.order_by(entry.c.seq))).all()
        return tuple(entry_of(row.chain, row.seq, row.hash, row.body) for row in rows)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """Ids, the most recently appended-to first."""
        query = select(incidents.c.id).order_by(incidents.c.last_row.desc()).limit(limit)
        async with self._read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """A new mark and the incidents appended to since the old one (0: from the start), oldest first."""
        query = select(incidents).where(incidents.c.last_row > mark).order_by(incidents.c.last_row)
        async with self._read() as connection:
            rows = (await connection.execute(query)).all()
        return (rows[-1].last_row if rows else mark), tuple(row.id for row in rows)

    async def incident_of(self, approval: str) -> str | None:
        """The incident an approval id belongs to."""
        query = select(approvals.c.incident).where(approvals.c.id == approval)
        async with self._read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def keep(self, text: str) -> str:
        """Take cleaned evidence in; returns its salted digest.

        It is written in the transaction of the next append, before which nothing can refer to it.
        """
        digest = self._shelf.put(text)
        if self._shelf.is_full:
            async with self._write() as connection:
                await self._shelf.flush(connection)
        return digest

    async def evidence(self, digest: str) -> str | None:
        """The text kept under a digest; None when it was erased or never kept."""
        kept = await self._kept(digest)
        return kept[1] if kept else None

    async def salt(self, digest: str) -> str | None:
        """The salt of a kept text, hex: with it an export can be checked. None when it was erased."""
        kept = await self._kept(digest)
        return kept[0].hex() if kept else None

    async def erase(self, digest: str) -> None:
        """Forget a kept text and its salt; the chain stays valid and no longer tells what it was."""
        async with self._write() as connection:
            await self._shelf.erase(connection, digest)

    async def now(self) -> datetime:
        """The database's clock, aware UTC."""
        async with self._read() as connection:
            return await self._database.clock(connection)

    async def holder(self, wanted: Hold) -> str | None:
        """The incident that has this hold now."""
        async with self._read() as connection:
            return await holder_of(connection, wanted)

    async def append_system(self, event: SystemEvent) -> None:
        """Commit an event to the system chain."""
        async with self._write() as connection:
            await self._append_system(connection, [event])

    async def records(self, *, chain: str | None = None) -> AsyncIterator[Record]:
        """Rows as stored when this began, chain by chain and in order; all chains when none is named.

        Read in pages, so that a long verification does not keep a server from appending.
        """
        async with self._read() as connection:
            newest = (await connection.execute(select(func.max(entry.c.row)))).scalar_one_or_none()
        last: tuple[str, int, int] = ("", 0, 0)
        # By row too: in a damaged table a place could be taken twice.
        place = tuple_(entry.c.chain, entry.c.seq, entry.c.row)
        query = select(entry).where(entry.c.row <= newest).order_by(*place.clauses).limit(_PAGE)
        if chain is not None:
            query = query.where(entry.c.chain == chain)
        while newest is not None:
            async with self._read() as connection:
                rows = (await connection.execute(query.where(place > last))).all()
            for row in rows:
                yield Record(chain=row.chain, seq=row.seq, prev=row.prev, hash=row.hash, body=row.body)
            if len(rows) < _PAGE:
                return
            last = (rows[-1].chain, rows[-1].seq, rows[-1].row)

    async def _append(
        self,
        connection: AsyncConnection,
        name: str,
        events: Sequence[Event],
        *,
        after_seq: int | None,
        take: Hold | None,
        give: Hold | None,
    ) -> tuple[Entry, ...]:
        seq, _ = head = await head_of(connection, name)
        if after_seq is not None and after_seq != seq:
            raise Conflict(
                f"incident {name} went on to #{seq} since #{after_seq}; read it again and decide again"
            )
        at = await self._database.clock(connection)
        await exchange(connection, name, at, take=take, give=give)
        await self._shelf.flush(connection)
        records = await add(connection, name, events, at=at, head=head)
        await self._append_system(connection, for_system(name, seq, events, records), at=at)
        await index(connection, name, events)
        return tuple(entry_of(one.chain, one.seq, one.hash, one.body) for one in records)

    async def _append_system(
        self, connection: AsyncConnection, events: Sequence[SystemEvent], *, at: datetime | None = None
    ) -> None:
        if events:
            at = at or await self._database.clock(connection)
            await add(connection, SYSTEM, events, at=at, head=await head_of(connection, SYSTEM))

    async def _stands(self, last: Entry) -> bool:
        query = select(entry.c.seq).where(entry.c.hash == last.hash)
        async with self._read() as connection:
            return (await connection.execute(query)).scalar_one_or_none() == last.seq

    async def _kept(self, digest: str) -> tuple[bytes, str] | None:
        async with self._read() as connection:
            return await self._shelf.get(connection, digest)

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        async with self._writing, self._write_unlocked() as connection:
            yield connection

    @asynccontextmanager
    async def _write_unlocked(self) -> AsyncIterator[AsyncConnection]:
        async with self._explained(), self._database.writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        async with self._explained(), self._database.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                yield
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise self._database.explain(error) from error
