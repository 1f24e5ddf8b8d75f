"""A reader that is cut off leaves the ledger's file to writers."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest

from bot.store import SqliteLedger
from bot.store import sqlite as adapter
from bot.store.whole_reads import WholeConnection
from tests.support.incidents import opened


async def test_a_reader_cut_off_between_its_query_and_its_rows_locks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = (("busy_timeout", "50", 50), ("journal_mode", "DELETE", "delete"), *adapter.PRAGMAS[2:])
    monkeypatch.setattr(adapter, "PRAGMAS", quick)
    is_there = asyncio.Event()

    async def never(_: aiosqlite.Cursor) -> None:
        is_there.set()
        await asyncio.Event().wait()

    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        await ledger.append("INC-1", [opened()])
        with monkeypatch.context() as held:
            held.setattr(aiosqlite.Cursor, "fetchall", never)
            reading = asyncio.create_task(ledger.entries("INC-1"))
            await is_there.wait()
            reading.cancel()
            # As long as somebody holds the error, nobody collects the cursor.
            (error,) = await asyncio.gather(reading, return_exceptions=True)

        assert isinstance(error, asyncio.CancelledError)
        assert len(await ledger.append("INC-2", [opened()])) == 1


def test_rows_come_as_from_any_cursor() -> None:
    texts = [
        "CREATE TABLE t (x)",
        "INSERT INTO t VALUES (1), (2), (3), (4), (5)",
        "INSERT INTO t VALUES (6) RETURNING x",
        "UPDATE t SET x = x + 1",
        "SELECT x FROM t",
    ]

    def told(cursor: sqlite3.Cursor) -> list[object]:
        cursor.execute("SELECT x FROM t ORDER BY x")
        return [
            cursor.fetchone(),
            cursor.fetchmany(2),
            cursor.fetchmany(),
            next(cursor),
            [*cursor],
            cursor.fetchall(),
            cursor.fetchone(),
        ]

    def played(connection: sqlite3.Connection) -> list[object]:
        cursor = connection.cursor()
        each = [(cursor.execute(text).fetchall(), cursor.description, cursor.rowcount) for text in texts]
        return [each, told(cursor), cursor.lastrowid]

    with closing(sqlite3.connect(":memory:")) as plain:
        expected = played(plain)
    with closing(sqlite3.connect(":memory:", factory=WholeConnection)) as whole:
        assert played(whole) == expected
        with pytest.raises(sqlite3.OperationalError):
            whole.cursor().execute("SELECT nothing")
