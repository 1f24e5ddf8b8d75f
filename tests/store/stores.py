"""The databases a ledger can be in, for tests that hold for each of them."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bot.store import SqliteLedger
from bot.store.postgres import PostgresLedger
from tests.support.postgres import ADMIN, APP, OWNER, PostgresServer

_WAITING = """SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class Store(Protocol):
    """A place for one ledger."""

    #: What RUNBOOK_BOT_LEDGER would be.
    where: str
    #: What its driver raises when a connection is lost.
    broken: Exception

    async def open(self) -> SqliteLedger | PostgresLedger:
        """The ledger there, as the bot opens it."""
        ...

    def select(self, query: str) -> list[tuple[Any, ...]]:
        """What another session sees."""
        ...


class SqliteStore:
    def __init__(self, path: Path) -> None:
        self.path, self.where = path, str(path)
        self.broken = sqlite3.OperationalError("reply lost")

    async def open(self) -> SqliteLedger:
        return await SqliteLedger.open(self.path)

    def select(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()


class PostgresStore:
    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server, self.name = server, name
        self.where = server.url(APP, name)
        self.broken = psycopg.OperationalError("reply lost")

    async def open(self) -> PostgresLedger:
        return await PostgresLedger.open(self.where)

    def select(self, query: str) -> list[tuple[Any, ...]]:
        return self.as_role(OWNER, query)

    def as_role(self, role: str, *statements: str) -> list[tuple[Any, ...]]:
        """Rows of the last statement; each is committed by itself."""
        return self.server.execute(role, self.name, *statements)

    async def until_waiting(self) -> None:
        """Return when a session of this database waits for a lock."""
        async with asyncio.timeout(50):
            while await asyncio.to_thread(self.as_role, ADMIN, _WAITING) == []:  # noqa: ASYNC110 - it sets no event
                await asyncio.sleep(0.005)
