"""What differs between databases, as `bot.store.ledger.SqlLedger` asks for it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import LedgerUnavailable
from bot.store.statements import Head, Record


class Database(Protocol):
    """One database with a ledger in it."""

    engine: AsyncEngine
    #: Same pool; transactions on it may write.
    writer: AsyncEngine
    #: Longer than the database's own time-outs, so that their clearer errors come first.
    deadline_s: float
    #: Its clock in SQL: whole milliseconds since 1970.
    now_ms: str
    #: Whether `serving` keeps every other server out.
    has_one_server: bool

    async def clock(self, connection: AsyncConnection) -> datetime:
        """The database's clock, aware UTC."""
        ...

    async def lock(self, connection: AsyncConnection, chain: str) -> Head:
        """Let nobody else append to this chain until the transaction ends; its head after that."""
        ...

    async def add(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Insert linked rows and bring `incident` up to date; the last statement of a transaction.

        It may commit at once: what is said after it is not part of the transaction. Rows become visible
        in the order of their numbers, over all chains.
        """
        ...

    async def erase(self, connection: AsyncConnection, digest: str) -> None:
        """Delete an evidence text and its salt."""
        ...

    async def missing_guards(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Names of what should keep entries as they are and does not; empty when all is in place."""
        ...

    async def version(self, connection: AsyncConnection) -> str:
        """Name and version of the database, e.g. `SQLite 3.51.3`."""
        ...

    def serving(self) -> AbstractContextManager[None]:
        """What a server holds while it serves. Raises LedgerUnavailable when another must not be."""
        ...

    async def ring(self, connection: AsyncConnection) -> None:
        """Tell everybody who listens, once the transaction is committed, that claims were let go."""
        ...

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard` soon after every append, by whomever, with `""`, and after every `ring`, with a word.

        Also calls it once as soon as nothing can be missed any more. Goes on until cancelled, for ever
        where the database cannot tell. Raises LedgerUnavailable when the connection is lost.
        """
        ...

    async def confirm(self, connection: AsyncConnection) -> None:
        """Write something: once it is committed, so is for good whatever is to be seen now.

        Where standbys are waited for, a commit whose wait was broken off is to be seen and may yet be lost.
        """
        ...

    def check_waited(self) -> None:
        """Raises LedgerUnavailable when since the last call a commit was kept from waiting for a standby."""
        ...

    async def failover_risk(self, connection: AsyncConnection) -> str | None:
        """Why what was acknowledged may be gone after a planned-for failover; None when it cannot be."""
        ...

    def explain(self, error: Exception) -> LedgerUnavailable:
        """A driver's error as one of ours: what happened and what to do."""
        ...

    def check_room(self) -> None:
        """Raises LedgerUnavailable when an outcome might not find room after the intent."""
        ...
