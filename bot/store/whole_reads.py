"""Queries of SQLite that are read to their end where they are executed.

A query that has given some of its rows keeps the file locked for writers. Between its execution and its rows
aiosqlite gives way to others; a reader that is cut off there, by a deadline or an end, would leave the query
as it is, past its rollback and until Python comes to collect the cursor.
"""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any, Self


class WholeCursor(sqlite3.Cursor):
    """Has all rows once `execute` returns."""

    _rows: Iterator[Any] = iter(())

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """Execute it and take all its rows. Raises sqlite3.Error for both."""
        self._rows = iter(())
        super().execute(sql, parameters)
        self._rows = iter(super().fetchall())
        return self

    def fetchone(self) -> Any:
        """The next row; None after the last."""
        return next(self._rows, None)

    def __next__(self) -> Any:
        return next(self._rows)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """So many of the next rows, by default `arraysize`."""
        return [*islice(self._rows, size or self.arraysize)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self._rows)


class WholeConnection(sqlite3.Connection):
    """For `sqlite3.connect(factory=…)`: its cursors are such."""

    def cursor(self, factory: Any = WholeCursor) -> Any:
        """A new cursor."""
        return super().cursor(factory)
