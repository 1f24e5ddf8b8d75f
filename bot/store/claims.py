"""Who is alive, and which of them has taken what: implements `bot.ports.Claims`.

Two tables beside the chain. Nothing in them is true for longer than seconds, and an empty one is as good
as a full one: whoever finds no claim takes one. Every statement stands alone and asks the database's clock.
"""

from collections.abc import Collection

from sqlalchemy import TextClause, bindparam, text

from bot.model.lease import STALE_S
from bot.ports import Taken
from bot.store.database import Database
from bot.store.transactions import Transactions

#: Rows of holders that were silent for so long are removed.
_FORGOTTEN_S = 600.0

_BEAT = """
INSERT INTO replica (id, is_server, beat_ms) VALUES (:replica, :is_server, {now})
ON CONFLICT (id) DO UPDATE SET is_server = excluded.is_server,
  waited_ms = excluded.beat_ms - replica.beat_ms, beat_ms = excluded.beat_ms
RETURNING waited_ms
"""
# The holder's heartbeat may be on its way at this very moment: it gave up long before, at LATE_S.
_TAKE = """
INSERT INTO claim (key, holder) VALUES (:key, :replica)
ON CONFLICT (key) DO UPDATE SET former = claim.holder, holder = excluded.holder
  WHERE claim.holder = excluded.holder OR NOT EXISTS (SELECT 1 FROM replica
    WHERE replica.id = claim.holder AND replica.beat_ms > {now} - :stale_ms)
RETURNING former
"""
_OTHERS = """
SELECT key FROM claim JOIN replica ON replica.id = claim.holder
WHERE key IN :keys AND holder <> :replica AND beat_ms > {now} - :stale_ms
"""
_GIVE = "DELETE FROM claim WHERE key IN :keys AND holder = :replica"
_LEAVE = ("DELETE FROM claim WHERE holder = :replica", "DELETE FROM replica WHERE id = :replica")
_FORGET = "DELETE FROM replica WHERE beat_ms < {now} - :forgotten_ms"
_FORGET_SERVERS = "DELETE FROM replica WHERE is_server"
_SWEEP = "DELETE FROM claim WHERE NOT EXISTS (SELECT 1 FROM replica WHERE replica.id = claim.holder)"
#: Keys named in one statement.
_MOST_KEYS = 1000


class SqlClaims:
    """Every method raises LedgerUnavailable when the database is."""

    def __init__(self, database: Database, begin: Transactions) -> None:
        self._database, self._begin = database, begin

    async def beat(self, replica: str, *, is_server: bool) -> float | None:
        """See `bot.ports.Claims`. The first one also removes what was forgotten."""
        values = {"replica": replica, "is_server": is_server}
        async with self._begin.beside() as connection:
            waited_ms = (await connection.execute(self._text(_BEAT), values)).scalar_one()
            if waited_ms is None:
                await connection.execute(self._text(_FORGET), {"forgotten_ms": int(_FORGOTTEN_S * 1000)})
                await connection.execute(text(_SWEEP))
        return None if waited_ms is None else waited_ms / 1000

    async def take(self, key: str, replica: str) -> Taken | None:
        """See `bot.ports.Claims`."""
        values = {"key": key, "replica": replica, "stale_ms": int(STALE_S * 1000)}
        async with self._begin.beside() as connection:
            row = (await connection.execute(self._text(_TAKE), values)).one_or_none()
        return None if row is None else Taken(former=row.former if row.former != replica else None)

    async def give(self, keys: Collection[str], replica: str) -> None:
        """See `bot.ports.Claims`."""
        async with self._begin.beside() as connection:
            for some in _portions(keys):
                query = text(_GIVE).bindparams(bindparam("keys", expanding=True))
                await connection.execute(query, {"keys": some, "replica": replica})

    async def leave(self, replica: str) -> None:
        """See `bot.ports.Claims`."""
        async with self._begin.beside() as connection:
            for statement in _LEAVE:
                await connection.execute(text(statement), {"replica": replica})
            await self._database.ring(connection)

    async def others(self, keys: Collection[str], replica: str) -> frozenset[str]:
        """See `bot.ports.Claims`."""
        found: set[str] = set()
        query = self._text(_OTHERS).bindparams(bindparam("keys", expanding=True))
        for some in _portions(keys):
            values = {"keys": some, "replica": replica, "stale_ms": int(STALE_S * 1000)}
            async with self._begin.read() as connection:
                found.update((await connection.execute(query, values)).scalars())
        return frozenset(found)

    async def forget_servers(self) -> None:
        """Remove every server and what it had: for who knows that none of them lives."""
        async with self._begin.beside() as connection:
            await connection.execute(text(_FORGET_SERVERS))
            await connection.execute(text(_SWEEP))

    def _text(self, statement: str) -> TextClause:
        return text(statement.format(now=self._database.now_ms))


def _portions(keys: Collection[str]) -> list[list[str]]:
    every = sorted(keys)
    return [every[at : at + _MOST_KEYS] for at in range(0, len(every), _MOST_KEYS)]
