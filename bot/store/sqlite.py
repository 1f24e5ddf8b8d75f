"""The ledger in one SQLite file: for one server and the commands typed beside it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import quote

import aiosqlite
from sqlalchemy import URL, delete, event, insert, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import LedgerUnavailable
from bot.store.guard import is_allowed
from bot.store.ledger import SqlLedger
from bot.store.lock import server_lock
from bot.store.migrations.sqlite_guards import GUARDS
from bot.store.sqlite_file import begin, locate, prepare
from bot.store.statements import Head, Record
from bot.store.system import SYSTEM
from bot.store.tables import entry, evidence
from bot.store.trouble import unavailable
from bot.store.whole_reads import WholeConnection

_BUSY_TIMEOUT_MS = 5000
#: Room left for outcomes when an action starts, where nothing else is said.
FLOOR_BYTES = 16 * 1024 * 1024
#: Older ones can corrupt a WAL database with two connections (https://sqlite.org/wal.html#walresetbug).
_IS_WAL_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)
_CLOCK = text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
# Each statement is a way to the driver's thread and back: head and clock at once, also for a new chain.
_HEAD = text(
    "SELECT coalesce(seq, 0) AS seq, coalesce(hash, '') AS hash, strftime('%Y-%m-%d %H:%M:%f', 'now') AS now"
    " FROM (SELECT 1) LEFT JOIN"
    " (SELECT seq, hash FROM entry WHERE chain = :chain ORDER BY seq DESC LIMIT 1) ON true"
)
_LAST = text(
    "INSERT OR REPLACE INTO incident (id, last_row) SELECT chain, max(row) FROM entry WHERE chain = :chain"
)
#: Pragma, what to set, what must read back.
PRAGMAS = (
    ("busy_timeout", str(_BUSY_TIMEOUT_MS), _BUSY_TIMEOUT_MS),
    ("journal_mode", "WAL", "wal") if _IS_WAL_SAFE else ("journal_mode", "DELETE", "delete"),
    # EXTRA also syncs the directory after the journal is deleted; in WAL mode FULL is as strong.
    ("synchronous", "FULL", 2) if _IS_WAL_SAFE else ("synchronous", "EXTRA", 3),
    ("recursive_triggers", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("mmap_size", "0", 0),
    # An erased text must not be left in the file's free pages.
    ("secure_delete", "ON", 1),
)


class SqliteDatabase:
    """`bot.store.database.Database` over aiosqlite."""

    deadline_s = 20.0
    now_ms = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    has_one_server = True

    def __init__(self, path: Path, *, floor_bytes: int = FLOOR_BYTES) -> None:
        self.path = path
        self.floor_bytes = floor_bytes
        self.engine = _engine(path)
        self.writer = self.engine.execution_options(ledger_writes=True)

    async def clock(self, connection: AsyncConnection) -> datetime:
        """SQLite's `now`, to the millisecond; it does not change within a statement."""
        return _at((await connection.execute(_CLOCK)).scalar_one())

    async def lock(self, connection: AsyncConnection, chain: str) -> Head:
        """The head; BEGIN IMMEDIATE keeps every other writer out already."""
        row = (await connection.execute(_HEAD, {"chain": chain})).one()
        return Head(seq=row.seq, hash=row.hash, at=_at(row.now))

    async def add(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Insert the rows; `incident` has the last of each chain."""
        if records:
            await connection.execute(insert(entry), [vars(record) for record in records])
        for name in {record.chain for record in records} - {SYSTEM}:
            await connection.execute(_LAST, {"chain": name})

    async def erase(self, connection: AsyncConnection, digest: str) -> None:
        """Delete an evidence text and its salt."""
        await connection.execute(delete(evidence).where(evidence.c.digest == digest))

    async def missing_guards(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Names of the triggers that are gone or were changed; empty when all are in place."""
        query = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        there = {row.name: row.sql for row in await connection.execute(query)}
        return tuple(f"trigger {name}" for name, sql in GUARDS.items() if there.get(name) != sql)

    async def version(self, _: AsyncConnection) -> str:
        """The library's."""
        return f"SQLite {sqlite3.sqlite_version}"

    def serving(self) -> AbstractContextManager[None]:
        """The lock of the one server; its error names the process id of the one that has it."""
        return server_lock(self.path)

    async def ring(self, connection: AsyncConnection) -> None:
        """Nothing: nobody can listen to a file."""

    async def listen(self, _: Callable[[str], None]) -> None:
        """Hear nothing: who follows a file looks at it now and then."""
        await asyncio.Event().wait()

    def explain(self, error: Exception) -> LedgerUnavailable:
        """See `bot.store.trouble`."""
        return unavailable(error, self.path)

    async def confirm(self, _: AsyncConnection) -> None:
        """Nothing: what can be read was synced."""

    def check_waited(self) -> None:
        """Nothing: no commit waits for anybody."""

    async def failover_risk(self, _: AsyncConnection) -> str | None:
        """None: a file has no standby."""
        return None

    def check_room(self) -> None:
        """Raises LedgerUnavailable when the file system has less than the floor."""
        try:
            free_bytes = shutil.disk_usage(self.path.parent).free
        except OSError as error:
            raise unavailable(error, self.path) from error
        if free_bytes < self.floor_bytes:
            raise LedgerUnavailable(
                f"only {free_bytes // 1024} KiB are free beside ledger {self.path}; nothing is started below "
                f"{self.floor_bytes // 1024} KiB, so that its outcome can be written; free space there"
            )


class SqliteLedger(SqlLedger):
    """A ledger in one file. Make one with `open`."""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database)
        self.database = database

    @property
    def path(self) -> Path:
        """The database file."""
        return self.database.path

    @classmethod
    async def open(
        cls, where: str | Path, *, create_parents: bool = False, floor_bytes: int = FLOOR_BYTES
    ) -> Self:
        """The ledger at a path or `sqlite:` URL, created or brought up to date where needed.

        Raises LedgerUnavailable when the directory is missing (unless `create_parents`), the file is
        not a database or not ours, it was written by a newer version, or it cannot be used.
        """
        path = locate(where)
        await asyncio.to_thread(prepare, path, create_parents=create_parents)
        ledger = cls(SqliteDatabase(path, floor_bytes=floor_bytes))
        await ledger.now()
        return ledger


def _engine(path: Path) -> AsyncEngine:
    # mode=rw: a file that vanished must be an error, not a new, empty ledger.
    url = URL.create(
        "sqlite+aiosqlite", database=f"file:{quote(str(path))}", query={"mode": "rw", "uri": "true"}
    )
    engine = create_async_engine(
        url,
        connect_args={
            "isolation_level": None,
            "timeout": _BUSY_TIMEOUT_MS / 1000,
            "factory": WholeConnection,
        },
        poolclass=AsyncAdaptedQueuePool,
        pool_size=4,
        max_overflow=0,
        pool_timeout=10,
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def _set_up(connection: DBAPIConnection, _: object) -> None:
    """Set each pragma, see that it holds, then forbid everything an append-only ledger does not do."""
    cursor = connection.cursor()
    for pragma, value, expected in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma} = {value}")
        cursor.execute(f"PRAGMA {pragma}")
        row = cursor.fetchone()
        if row is not None and row[0] != expected:
            raise LedgerUnavailable(f"SQLite keeps {pragma} at {row[0]!r} instead of {expected!r}")
    cursor.close()
    driver: aiosqlite.Connection = connection.driver_connection
    # run_async belongs to SQLAlchemy's adapter, not to the DBAPI protocol.
    connection.run_async(lambda _: driver.set_authorizer(is_allowed))


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)
