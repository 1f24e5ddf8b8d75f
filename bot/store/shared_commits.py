"""Writers that would wait for one another share a commit: it is the disk that takes the time, not the rows.

On a file each commit waits for the disk several times, 5 to 40 ms, while the statements of an append take 2.
So whoever comes while another writes joins that transaction, each behind a savepoint of its own, and all go
on once it is committed; when it is not, nothing of any of them stands.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction


@dataclass(eq=False, kw_only=True)
class _Shared:
    """A transaction that is open for more writers."""

    connection: AsyncConnection
    transaction: AsyncTransaction
    #: Ends it; None before its first writer is through.
    ending: "asyncio.Task[None] | None" = None
    #: What makes it worthless for all who wrote in it.
    flaw: BaseException | None = None


class SharedCommits:
    """One writer at a time, in the order in which they came."""

    def __init__(self, writer: AsyncEngine) -> None:
        self._writer = writer
        self._turn = asyncio.Lock()
        self._open: _Shared | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def join(self) -> AsyncIterator[AsyncConnection]:
        """Write inside; it is left when that is committed.

        Raises what the driver raises, also where another writer's part is what cannot be committed.
        """
        async with self._turn:
            shared = self._open or await self._begun()
            try:
                async with shared.connection.begin_nested():
                    yield shared.connection
            except BaseException as error:
                await self._judge(shared, error)
                raise
            finally:
                # It gets its turn behind all who wait by now: they are in it.
                ending = shared.ending = shared.ending or self._end_soon(shared)
        # Whoever gives up waiting leaves the others' commit alone.
        await asyncio.shield(ending)

    async def settled(self) -> None:
        """Return when everything that was begun is over."""
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _begun(self) -> _Shared:
        connection = await self._writer.connect()
        try:
            shared = _Shared(connection=connection, transaction=await connection.begin())
        except BaseException:
            await connection.close()
            raise
        self._open = shared
        return shared

    async def _judge(self, shared: _Shared, error: BaseException) -> None:
        """A part went wrong: let go of the whole where the others' parts are lost with it."""
        shared.flaw = _flaw_of(error)
        if shared.flaw is not None:
            # Before anybody has the next turn, who would wait for what this one has locked.
            self._open = None
            with suppress(SQLAlchemyError):
                await shared.connection.close()

    def _end_soon(self, shared: _Shared) -> "asyncio.Task[None]":
        ending = asyncio.create_task(self._end(shared))
        self._ending.add(ending)
        ending.add_done_callback(self._ended)
        return ending

    async def _end(self, shared: _Shared) -> None:
        async with self._turn:
            if shared.flaw is not None:
                raise shared.flaw
            self._open = None
            try:
                await shared.transaction.commit()
            finally:
                await shared.connection.close()

    def _ended(self, ending: "asyncio.Task[None]") -> None:
        self._ending.discard(ending)
        if not ending.cancelled():
            ending.exception()  # told to whoever waited; perhaps nobody did


def _flaw_of(error: BaseException) -> BaseException | None:
    """None: it is about this writer alone, whose part is undone behind its savepoint."""
    if isinstance(error, SQLAlchemyError | OSError | TimeoutError):
        return error
    # Cut off in the middle of a statement, the connection is of no use any more.
    return None if isinstance(error, Exception) else TimeoutError("a writer in the same commit was cut off")
