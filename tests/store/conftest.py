"""A fresh ledger in each kind of database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import SqlLedger
from bot.store.postgres import PostgresDatabase
from bot.store.postgres_url import SESSION
from tests.store.stores import PostgresStore, SqliteStore, Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def postgres_store(request: pytest.FixtureRequest) -> Iterator[PostgresStore]:
    server = request.getfixturevalue("postgres_server")
    store = PostgresStore(server, server.ledger())
    yield store
    server.drop(store.name)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a lock, and who has it, goes on until a test has looked, however slow the machine."""
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        monkeypatch.setitem(SESSION, name, "59s")
    monkeypatch.setattr(PostgresDatabase, "deadline_s", 90.0)


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Iterator[PostgresStore]:
    """A database without a ledger."""
    server = request.getfixturevalue("postgres_server")
    store = PostgresStore(server, server.database())
    yield store
    server.drop(store.name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, path: Path) -> Store:
    if request.param == "sqlite":
        return SqliteStore(path)
    found: PostgresStore = request.getfixturevalue("postgres_store")
    return found


@pytest.fixture
async def ledger(store: Store) -> AsyncIterator[SqlLedger]:
    async with await store.open() as opened:
        yield opened
