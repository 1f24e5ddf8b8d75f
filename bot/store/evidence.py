"""Evidence texts beside the chain: an entry holds only a salted digest, so a text can be erased."""

import secrets
from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.chain import evidence_digest
from bot.store.tables import evidence

#: Texts waiting in memory for the next append; above this they are written at once.
_MAX_WAITING_BYTES = 8 * 1024 * 1024
_SALT_BYTES = 32


class EvidenceShelf:
    """Texts on their way into the `evidence` table and out of it."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[bytes, str]] = {}
        self._waiting_bytes = 0

    @property
    def is_empty(self) -> bool:
        """True when nothing waits."""
        return not self._waiting

    @property
    def is_full(self) -> bool:
        """True when what waits should be written now."""
        return self._waiting_bytes > _MAX_WAITING_BYTES

    def put(self, text: str) -> str:
        """Take a text in; returns its salted digest, hex."""
        text = text.encode("utf-8", "replace").decode()
        salt = secrets.token_bytes(_SALT_BYTES)
        digest = evidence_digest(salt, text)
        self._waiting[digest] = (salt, text)
        self._waiting_bytes += len(text)
        return digest

    async def flush(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Write what waits, in the caller's transaction; its digests, for `flushed` after the commit."""
        in_flight = tuple(self._waiting)
        if not in_flight:
            return ()
        found = await connection.execute(select(evidence.c.digest).where(evidence.c.digest.in_(in_flight)))
        there = set(found.scalars())
        rows = [
            {"digest": digest, "salt": salt, "text": text.encode()}
            for digest, (salt, text) in self._waiting.items()
            if digest not in there
        ]
        if rows:
            await connection.execute(insert(evidence), rows)
        return in_flight

    def flushed(self, digests: Iterable[str]) -> None:
        """What a `flush` wrote is committed."""
        for digest in digests:
            self.forget(digest)

    async def get(self, connection: AsyncConnection, digest: str) -> tuple[bytes, str] | None:
        """Salt and text; None when there is no such text (any more)."""
        if digest in self._waiting:
            return self._waiting[digest]
        row = (await connection.execute(select(evidence).where(evidence.c.digest == digest))).one_or_none()
        return (row.salt, row.text.decode()) if row else None

    def forget(self, digest: str) -> None:
        """Do not keep what waits under this digest."""
        _, text = self._waiting.pop(digest, (b"", ""))
        self._waiting_bytes -= len(text)
