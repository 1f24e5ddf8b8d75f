"""Ways into a database: each with a deadline, its driver's errors told as ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.shared_commits import SharedCommits
from bot.store.silence import Silence
from bot.store.turn import Turn


class Transactions:
    """Every method raises LedgerUnavailable for what the driver raises or when the deadline passes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = SharedCommits(database.writer) if database.has_one_server else None
        #: One writer at a time in this process: the database would make them wait anyway, but unfairly.
        #: Those that share their commits take turns there.
        self._turn = None if self._shared else Turn()
        self.silence = Silence()

    def turn(self, *, is_urgent: bool = False) -> AbstractAsyncContextManager[None]:
        """Have the turn to write."""
        return self._turn.taken(is_urgent=is_urgent) if self._turn else nullcontext()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, in its turn."""
        async with self.turn(), self.write_in_turn() as connection:
            yield connection

    @asynccontextmanager
    async def write_in_turn(self, *, is_urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """The same for who has the turn already."""
        begun = self._shared.join(is_urgent=is_urgent) if self._shared else self._database.writer.begin()
        async with self._explained(), begun as connection:
            yield connection

    async def settled(self) -> None:
        """Return when no commit is under way any more."""
        if self._shared:
            await self._shared.settled()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[AsyncConnection]:
        """For statements that stand alone, on rows no append touches: where it can, none waits for one."""
        if self._database.has_one_server:
            async with self.write() as connection:
                yield connection
        else:
            async with self._explained(), self._database.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def try_out(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may lock like a writer's and is rolled back at the end."""
        async with self._explained(), self._database.writer.connect() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with."""
        async with self._explained(), self._database.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            with self.silence.waited():
                async with asyncio.timeout(self._database.deadline_s):
                    yield
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise self._database.explain(error) from error
