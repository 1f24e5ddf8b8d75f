"""What every append asks of PostgreSQL, past SQLAlchemy: the chain's lock, and its rows with the COMMIT.

From the number of a row to its commit everybody else waits, so nothing is asked of this process in
between: both are one message. SQLAlchemy waits for each answer, and costs as much time as the driver.
"""

import asyncio
import select
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.statements import Head, Record

#: Everybody who serves the ledger listens on it; what is told is only that something changed.
CHANNEL = "runbook_bot"

_LOCK = "SELECT seq, hash, at FROM lock_chain(%s)"
_ADD = (
    "SELECT append_entries(%s::text[], %s::integer[], %s::text[], %s::text[], %s::text[]),"
    f" pg_notify('{CHANNEL}', '')"
)

_Driver = psycopg.AsyncConnection[Any]


async def lock_chain(connection: AsyncConnection, chain: str) -> Head:
    """The chain's head, behind its lock; in a transaction that begins with it where none is open.

    Raises DBAPIError.
    """
    async with _driver(connection) as driver:
        ((seq, digest, at),) = await (await driver.execute(_LOCK, (chain,))).fetchall()
    return Head(seq=seq, hash=digest, at=at.astimezone(UTC))


async def append_and_commit(connection: AsyncConnection, records: Sequence[Record]) -> None:
    """Insert by `append_entries`, which numbers the rows in the order of commits, and commit.

    Raises DBAPIError: nothing was committed, or, where it tells of a lost connection, nobody knows.
    """
    async with _driver(connection) as driver:
        # Only a query with its values in it is one message: in a pipeline a process could freeze between
        # the two, and no time-out of the server's ends a session that is in the middle of one.
        await psycopg.AsyncClientCursor(driver).execute(f"{_ADD}; COMMIT", _columns(records))


def _columns(records: Sequence[Record]) -> tuple[list[str] | list[int], ...]:
    return (
        [one.chain for one in records],
        [one.seq for one in records],
        [one.prev for one in records],
        [one.hash for one in records],
        [one.body for one in records],
    )


def has_ended(driver: _Driver) -> bool:
    """Whether the server ended the session, found without asking it: it tells nothing else unasked."""
    if driver.closed:
        return True
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))


@asynccontextmanager
async def _driver(connection: AsyncConnection) -> AsyncIterator[_Driver]:
    """The driver's own connection; its errors as SQLAlchemy tells them, and no broken one is used again."""
    driver: _Driver | None = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise ValueError("a connection that was given back appends nothing")
    try:
        yield driver
    except psycopg.Error as error:
        if driver.closed:
            await connection.invalidate(error)
        raise DBAPIError("append", None, error) from error
    except asyncio.CancelledError:
        # In the middle of what it is, nobody knows.
        await connection.invalidate()
        raise
