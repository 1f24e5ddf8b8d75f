"""`bot.ports.Ledger` in SQL, the same for every database; what differs is asked of a `Database`."""

import os
import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, LedgerUnavailable
from bot.model.event import ApprovalClosed, Claimed, Entry, Event, Hold, Intended, Proposed, Voted
from bot.model.refusal import AskRefused
from bot.store.claims import SqlClaims
from bot.store.database import Database
from bot.store.evidence import EvidenceShelf
from bot.store.lost_reply import LostReply
from bot.store.retention import Retention
from bot.store.rows import stored
from bot.store.statements import Record, entry_of, exchange, for_system, holder_of, linked, register
from bot.store.system import SYSTEM, ServerStarted, SystemEvent
from bot.store.system_chain import SystemChain
from bot.store.tables import approval as approvals
from bot.store.tables import entry
from bot.store.tables import incident as incidents
from bot.store.transactions import Transactions
from bot.store.turn import is_awaited

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
#: What something is done on; a refusal does nothing.
_Decided = Proposed | Voted | Claimed | Intended | ApprovalClosed


class SqlLedger:
    """Append-only, chained events over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begin = Transactions(database)
        self._shelf = EvidenceShelf()
        self._lost_reply = LostReply(database, self._begin)
        self.system = SystemChain(database, self._begin)
        self.claims = SqlClaims(database, self._begin)
        self.retention = Retention(database, self._begin)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Write what is kept in memory and let go of the database. Raises LedgerUnavailable."""
        try:
            if not self._shelf.is_empty:
                async with self._begin.write() as connection:
                    await self._shelf.flush(connection)
        finally:
            await self._begin.settled()
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
        kept: tuple[str, ...] = ()
        is_urgent = is_awaited(events)
        async with self._begin.turn(is_urgent=is_urgent):
            try:
                async with self._begin.write_in_turn(is_urgent=is_urgent) as connection:
                    kept = await self._shelf.flush(connection)
                    written, records = await self._decided(
                        connection, incident, events, after_seq=after_seq, take=take, give=give
                    )
                    await self._database.add(connection, records)
                self._database.check_waited()
            except LedgerUnavailable:
                # The reply to COMMIT may be lost although it was done: ask before saying it failed.
                if not written or not await self._lost_reply.stands(written[-1]):
                    raise
            self._shelf.flushed(kept)
        return written

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """Entries in order; empty when there is no such incident."""
        query = select(entry).where(entry.c.chain == incident, entry.c.seq > after_seq)
        async with self._begin.read() as connection:
            rows = (await connection.execute(query.order_by(entry.c.seq))).all()
        return tuple(entry_of(row.chain, row.seq, row.hash, row.body) for row in rows)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """Ids, the most recently appended-to first."""
        async with self._begin.read() as connection:
            query = select(incidents.c.id).order_by(incidents.c.last_row.desc()).limit(limit)
            return tuple((await connection.execute(query)).scalars())

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """A new mark and the incidents appended to since the old one (0: from the start), oldest first."""
        query = select(incidents).where(incidents.c.last_row > mark).order_by(incidents.c.last_row)
        async with self._begin.read() as connection:
            rows = (await connection.execute(query)).all()
        return (rows[-1].last_row if rows else mark), tuple(row.id for row in rows)

    async def incident_of(self, approval: str) -> str | None:
        """The incident an approval id belongs to."""
        query = select(approvals.c.incident).where(approvals.c.id == approval)
        async with self._begin.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def keep(self, text: str) -> str:
        """Take cleaned evidence in; returns its salted digest.

        It is written in the transaction of the next append, before which nothing can refer to it.
        """
        digest = self._shelf.put(text)
        if self._shelf.is_full:
            async with self._begin.write() as connection:
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
        async with self._begin.write() as connection:
            self._shelf.forget(digest)
            await self._database.erase(connection, digest)

    async def now(self) -> datetime:
        """The database's clock, aware UTC."""
        async with self._begin.read() as connection:
            return await self._database.clock(connection)

    async def holder(self, wanted: Hold) -> str | None:
        """The incident that has this hold now."""
        async with self._begin.read() as connection:
            return await holder_of(connection, wanted)

    async def listen(self, heard: Callable[[str], None]) -> None:
        """See `bot.store.database.Database.listen`."""
        await self._database.listen(heard)

    @property
    def has_one_server(self) -> bool:
        """Whether this database bears one server only."""
        return self._database.has_one_server

    async def refuse(self, refusal: AskRefused) -> None:
        """See `bot.ports.Ledger`."""
        await self.system.append(refusal)

    async def append_system(self, event: SystemEvent) -> None:
        """Commit an event to the system chain."""
        await self.system.append(event)

    @asynccontextmanager
    async def serve_lock(self) -> AsyncIterator[None]:
        """Serve this ledger while inside; noted in the system chain.

        Raises LedgerUnavailable when the database bears one server only and has one.
        """
        with self._database.serving():
            if self._database.has_one_server:
                # It holds the lock of the only one: whatever a former server had, it has no more.
                await self.claims.forget_servers()
            async with self._begin.read() as connection:
                database = await self._database.version(connection)
            started = ServerStarted(pid=os.getpid(), host=socket.gethostname(), database=database)
            await self.append_system(started)
            yield

    async def missing_guards(self) -> tuple[str, ...]:
        """Names of what should make entries unchangeable and is gone or changed; empty when all is there."""
        async with self._begin.read() as connection:
            return await self._database.missing_guards(connection)

    @property
    def silent_s(self) -> float:
        """See `bot.store.silence.Silence.lasts_s`."""
        return self._begin.silence.lasts_s

    async def failover_risk(self) -> str | None:
        """Why a failover may lose what was acknowledged, and the way out; None when it cannot."""
        async with self._begin.read() as connection:
            return await self._database.failover_risk(connection)

    def records(self, *, chain: str | None = None) -> AsyncIterator[Record]:
        """See `bot.store.rows.stored`."""
        return stored(self._begin, chain=chain)

    async def _decided(
        self,
        connection: AsyncConnection,
        name: str,
        events: Sequence[Event],
        *,
        after_seq: int | None,
        take: Hold | None,
        give: Hold | None,
    ) -> tuple[tuple[Entry, ...], list[Record]]:
        """The entries, and the rows to add for them and for what the system chain says of them."""
        head = await self._database.lock(connection, name)
        if after_seq is not None and after_seq != head.seq:
            raise Conflict(
                f"incident {name} went on to #{head.seq} since #{after_seq}; read it again and decide again"
            )
        rulings = (event.ruling for event in events if isinstance(event, _Decided))  # a refusal may be late
        if after_seq is not None and any(one is not None and one.is_overdue(head.at) for one in rulings):
            raise Conflict(f"incident {name}: the decision waited too long to be written; decide again")
        await exchange(connection, name, head.at, take=take, give=give)
        await register(connection, name, events)
        records = linked(name, events, head)
        entries = tuple(entry_of(one.chain, one.seq, one.hash, one.body) for one in records)
        system = for_system(name, head.seq, events, records)
        # Everybody locks in this order: chain, hold, approval, system chain; so nobody waits in a circle.
        return entries, [*records, *await self._for_system(connection, system)]

    async def _for_system(self, connection: AsyncConnection, events: Sequence[SystemEvent]) -> list[Record]:
        return linked(SYSTEM, events, await self._database.lock(connection, SYSTEM)) if events else []

    async def _kept(self, digest: str) -> tuple[bytes, str] | None:
        async with self._begin.read() as connection:
            return await self._shelf.get(connection, digest)
