"""SQLite itself refuses to change, drop or squeeze in entries, whoever asks."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import LedgerUnavailable
from bot.store import SqliteLedger
from bot.store.tables import metadata
from tests.support.incidents import opened, whole_incident

HASH = "a" * 64
ROW = "SELECT {row}, chain, seq, prev, hash, body FROM entry WHERE chain = 'INC-1' AND seq = 2"


@pytest.fixture
async def stranger(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to a filled ledger: none of the bot's pragmas, no authorizer."""
    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", whole_incident())
        await ledger.keep("evidence")
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    async with await SqliteLedger.open(path) as opened_ledger:
        yield opened_ledger


def rows(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT * FROM entry ORDER BY row").fetchall()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE entry SET body = '{}' WHERE seq = 2", "never changed"),
        ("UPDATE OR REPLACE entry SET seq = 1 WHERE seq = 2", "never changed"),
        ("DELETE FROM entry WHERE seq = 14", "never deleted"),
        (f"INSERT INTO entry VALUES (NULL, 'INC-1', 99, '{HASH}', '{HASH}', '')", "seq is not"),
        (f"INSERT INTO entry VALUES (NULL, 'INC-1', 2, '{HASH}', '{HASH}', '')", "seq is not"),
        (f"INSERT INTO entry VALUES (NULL, 'INC-1', 0, '{HASH}', '{HASH}', '')", "seq is not"),
        (f"INSERT INTO entry VALUES (NULL, 'INC-9', -1, '{HASH}', '{HASH}', '')", "seq is not"),
        (f"INSERT INTO entry VALUES (NULL, 'INC-1', 15, '{HASH}', '{HASH}', '')", "prev is not"),
        (f"INSERT OR REPLACE INTO entry VALUES (2, 'INC-9', 1, '{HASH}', '{HASH}', '')", "there already"),
        ("INSERT OR REPLACE INTO entry " + ROW.format(row="NULL"), "seq is not"),
        (
            "INSERT OR REPLACE INTO entry SELECT NULL, 'INC-9', 1, prev, hash, '' FROM entry WHERE seq = 2",
            "there already",
        ),
        ("UPDATE evidence SET text = x'00'", "only erased"),
        ("INSERT OR REPLACE INTO evidence SELECT digest, salt, x'00' FROM evidence", "there already"),
    ],
)
def test_a_stranger_cannot_rewrite_the_past(stranger: sqlite3.Connection, statement: str, says: str) -> None:
    before = rows(stranger)

    with pytest.raises(sqlite3.IntegrityError, match=says):
        stranger.execute(statement)

    assert rows(stranger) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = ''",
        "DELETE FROM entry",
        "UPDATE incident SET last_row = 0",
        "UPDATE evidence SET text = x'00'",
        "DROP TABLE entry",
        "DROP TRIGGER entry_never_goes",
        "ALTER TABLE entry RENAME TO old",
        "CREATE TABLE more (x)",
        "CREATE TEMP TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END",
        "ATTACH '/tmp/other.db' AS other",
        "PRAGMA writable_schema = ON",
        "PRAGMA synchronous = OFF",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA journal_mode = MEMORY",
        "UPDATE sqlite_sequence SET seq = 0",
        "DELETE FROM alembic_version",
    ],
)
async def test_the_bots_own_connection_may_only_append(ledger: SqliteLedger, statement: str) -> None:
    await ledger.append("INC-1", [opened()])

    with pytest.raises(Exception, match="not authorized") as refused:
        async with ledger.database.writer.begin() as connection:
            await connection.execute(text(statement))

    explained = ledger.database.explain(refused.value)
    assert isinstance(explained, LedgerUnavailable)
    assert "append-only" in str(explained)
    assert len(await ledger.entries("INC-1")) == 1


async def test_every_connection_keeps_what_it_promises(ledger: SqliteLedger) -> None:
    expected = {"busy_timeout": 5000, "synchronous": 3, "recursive_triggers": 1, "journal_mode": "delete"}
    if sqlite3.sqlite_version_info >= (3, 51, 3):
        expected |= {"synchronous": 2, "journal_mode": "wal"}

    async with ledger.database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        await driver.set_authorizer(None)
        for pragma, value in expected.items():
            row = await (await driver.execute(f"PRAGMA {pragma}")).fetchone()
            assert (pragma, row[0]) == (pragma, value)


def test_the_tables_are_what_the_migrations_make(stranger: sqlite3.Connection) -> None:
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN (?, ?)"
    there = {row[0] for row in stranger.execute(names, ("alembic_version", "sqlite_sequence"))}

    assert there == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {row[1] for row in stranger.execute(f"PRAGMA table_info({name})")}
        assert columns == {column.name for column in table.columns}
