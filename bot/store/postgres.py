"""The ledger in PostgreSQL: for any number of servers, and commands typed anywhere."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Self

import psycopg
from psycopg.errors import Diagnostic
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import LedgerUnavailable
from bot.store.ledger import SqlLedger
from bot.store.postgres_append import CHANNEL, append_and_commit, has_ended, lock_chain
from bot.store.postgres_missing import missing_guards
from bot.store.postgres_replication import CUT_OFF, confirm, failover_risk, is_cut_off
from bot.store.postgres_standing import check_standing
from bot.store.postgres_trouble import unavailable
from bot.store.postgres_url import SESSION, PostgresAddress, address
from bot.store.statements import Head, Record

_CLOCK = text("SELECT clock_timestamp()")
_RING = text(f"SELECT pg_notify('{CHANNEL}', 'left')")
_ERASE = text("SELECT erase_evidence(:digest)")


class PostgresDatabase:
    """`bot.store.database.Database` over psycopg."""

    #: Above the time-outs of `postgres_url`; psycopg may take ten seconds more to give a query up.
    deadline_s = 10.0
    now_ms = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
    has_one_server = False

    def __init__(self, where: PostgresAddress) -> None:
        self.where = where
        self._is_wait_cut_off = False
        self.writer = _engine(where, noticed=self._noticed)
        # A query alone needs no BEGIN and no ROLLBACK around it.
        self.engine = self.writer.execution_options(isolation_level="AUTOCOMMIT")

    async def clock(self, connection: AsyncConnection) -> datetime:
        """The server's clock at this moment, not at the transaction's start."""
        said: datetime = (await connection.execute(_CLOCK)).scalar_one()
        return said.astimezone(UTC)

    async def lock(self, connection: AsyncConnection, chain: str) -> Head:
        """Lock the chain's row, also of a chain that is not there yet; wait for who has it."""
        return await lock_chain(connection, chain)

    async def add(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Insert and commit, see `bot.store.postgres_append`."""
        if records:
            await append_and_commit(connection, records)

    async def erase(self, connection: AsyncConnection, digest: str) -> None:
        """Delete an evidence text and its salt by the one function that may."""
        await connection.execute(_ERASE, {"digest": digest})

    async def missing_guards(self, connection: AsyncConnection) -> tuple[str, ...]:
        """See `bot.store.postgres_missing`."""
        return await missing_guards(connection)

    async def version(self, connection: AsyncConnection) -> str:
        """The server's."""
        said = (await connection.execute(text("SHOW server_version"))).scalar_one()
        return f"PostgreSQL {said.split()[0]}"

    def serving(self) -> AbstractContextManager[None]:
        """Nothing: any number of servers may."""
        return nullcontext()

    async def ring(self, connection: AsyncConnection) -> None:
        """NOTIFY with a word; it is told when the transaction is committed."""
        await connection.execute(_RING)

    async def listen(self, heard: Callable[[str], None]) -> None:
        """LISTEN on a connection of its own."""
        try:
            await self._listen(heard)
        except (psycopg.Error, OSError) as error:
            raise self.explain(error) from error

    async def _listen(self, heard: Callable[[str], None]) -> None:
        arguments = self.where.arguments(session=SESSION)
        async with await psycopg.AsyncConnection.connect(**arguments, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            heard("")
            async for notice in connection.notifies():
                heard(notice.payload)

    async def confirm(self, connection: AsyncConnection) -> None:
        """See `bot.store.postgres_replication`."""
        await confirm(connection)

    def check_waited(self) -> None:
        """Says so once, after the server did."""
        was_cut_off, self._is_wait_cut_off = self._is_wait_cut_off, False
        if was_cut_off:
            raise LedgerUnavailable(f"ledger {self.where.shown}: {CUT_OFF}")

    def _noticed(self, said: Diagnostic) -> None:
        self._is_wait_cut_off |= is_cut_off(said)

    async def failover_risk(self, connection: AsyncConnection) -> str | None:
        """See `bot.store.postgres_replication`; None where one host is named, which none is to follow."""
        return await failover_risk(connection) if self.where.has_several_hosts else None

    def explain(self, error: Exception) -> LedgerUnavailable:
        """See `bot.store.postgres_trouble`."""
        return unavailable(error, self.where.shown)

    def check_room(self) -> None:
        """Nothing: a client cannot ask PostgreSQL how much room is left."""


class PostgresLedger(SqlLedger):
    """A ledger in PostgreSQL. Make one with `open`."""

    def __init__(self, database: PostgresDatabase) -> None:
        super().__init__(database)
        self.database = database

    @classmethod
    async def open(cls, url: str) -> Self:
        """The ledger at a `postgresql:` URL, which its owner has made by `ledger migrate`.

        Raises LedgerUnavailable when it cannot be reached, is not there or of another version, when the
        role could undo append-only (superuser, owner, granted too much), or the server could lose entries.
        """
        ledger = cls(PostgresDatabase(address(url)))
        try:
            async with ledger._begin.read() as connection:
                await check_standing(connection, ledger.database.where.shown)
        except BaseException:
            await ledger.database.engine.dispose()
            raise
        return ledger


def _engine(where: PostgresAddress, *, noticed: Callable[[Diagnostic], None]) -> AsyncEngine:
    arguments = where.arguments(session=SESSION)

    async def connect() -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(**arguments)
        connection.add_notice_handler(noticed)
        return connection

    # The address goes to libpq as it is: more than one host, a password file, TLS, a socket.
    engine = create_async_engine(
        "postgresql+psycopg://",
        async_creator=connect,
        pool_size=5,
        max_overflow=5,
        pool_timeout=8,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "checkout", _replace_if_ended)
    return engine


def _replace_if_ended(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    """Replace a session that ended with a restart of the database, or was cut off, before it is used.

    A peer that vanished without a word is noticed by the keepalives of `postgres_url`.
    """
    if has_ended(connection.driver_connection):
        raise InvalidatePoolError
