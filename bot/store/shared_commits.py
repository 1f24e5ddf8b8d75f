"""Writers that would wait for one another share a commit: it is the disk that takes the time, not the rows.

On a file each commit waits for the disk several times, 5 to 40 ms, while the statements of an append take 2.
So whoever comes while another writes joins that transaction, each behind a savepoint of its own, and all go
on once it is committed; when it is not, nothing of any of them stands.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction

from bot.store.turn import Turn

#: After so long without a pause the file is left alone for a moment.
BUSY_S = 1.0
#: Another process that waits for it asks SQLite again at most 0.1 s later.
GAP_S = 0.11


@dataclass(eq=False, kw_only=True)
class _Shared:
    """A transaction that is open for more writers."""

    connection: AsyncConnection
    transaction: AsyncTransaction
    #: What came of the commit.
    over: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    #: Somebody waits for the turn to end it.
    is_ending: bool = False
    #: What makes it worthless for all who wrote in it.
    flaw: BaseException | None = None


class SharedCommits:
    """One writer at a time, in the order of `Turn`."""

    def __init__(self, writer: AsyncEngine) -> None:
        self._writer = writer
        self._turn = Turn()
        self._open: _Shared | None = None
        #: When the last commit was through, and when others last had the time to get in.
        self._ended_at = self._free_at = float("-inf")
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def join(self, *, is_urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """Write inside; it is left when that is committed, by an urgent one before others write.

        Raises what the driver raises, also where another writer's part is what cannot be committed; what was
        raised inside, once that is committed which the writer had before its eyes: told sooner, it would
        look and not find it.
        """
        refused: Exception | None = None
        async with self._turn.taken(is_urgent=is_urgent):
            shared = self._open or await self._begun()
            try:
                async with shared.connection.begin_nested():
                    yield shared.connection
            except BaseException as error:
                await self._judge(shared, error)
                if shared.flaw is not None or not isinstance(error, Exception):
                    raise
                refused = error
            finally:
                # It gets its turn behind all who wait by now and are no less urgent: they are in it.
                if is_urgent or not shared.is_ending:
                    self._end_soon(shared, is_urgent=is_urgent)
        # Whoever gives up waiting leaves the others' commit alone.
        await asyncio.shield(shared.over)
        if refused is not None:
            raise refused

    async def settled(self) -> None:
        """Return when everything that was begun is over."""
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _begun(self) -> _Shared:
        now = asyncio.get_running_loop().time()
        if now - self._ended_at >= GAP_S:
            self._free_at = now
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

    def _end_soon(self, shared: _Shared, *, is_urgent: bool) -> None:
        shared.is_ending = True
        ending = asyncio.create_task(self._end(shared, is_urgent=is_urgent))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end(self, shared: _Shared, *, is_urgent: bool) -> None:
        """Commit, unless an urgent one has meanwhile."""
        try:
            async with self._turn.taken(is_urgent=is_urgent):
                if not shared.over.done():
                    await self._commit(shared)
                    shared.over.set_result(None)
                    await self._let_others_in()
        except asyncio.CancelledError:
            shared.over.cancel()
            raise
        except BaseException as error:  # whatever it is, each who waits has to hear of it
            shared.over.set_exception(error)
            shared.over.exception()  # told to whoever waits; perhaps nobody does

    async def _let_others_in(self) -> None:
        """SQLite has no line: a process that asks now and then never meets the moment between two commits."""
        self._ended_at = asyncio.get_running_loop().time()
        if self._ended_at - self._free_at > BUSY_S:
            await asyncio.sleep(GAP_S)
            self._ended_at = self._free_at = asyncio.get_running_loop().time()

    async def _commit(self, shared: _Shared) -> None:
        if shared.flaw is not None:
            raise shared.flaw
        self._open = None
        try:
            await shared.transaction.commit()
        except SQLAlchemyError:
            # It counts as ended there; where a reader was in its way SQLite still has it open, and locked.
            await shared.connection.invalidate()
            raise
        finally:
            await shared.connection.close()


def _flaw_of(error: BaseException) -> BaseException | None:
    """None: it is about this writer alone, whose part is undone behind its savepoint."""
    if isinstance(error, SQLAlchemyError | OSError | TimeoutError):
        return error
    # Cut off in the middle of a statement, the connection is of no use any more.
    return None if isinstance(error, Exception) else TimeoutError("a writer in the same commit was cut off")
