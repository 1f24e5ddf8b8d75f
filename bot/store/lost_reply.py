"""Whether a commit was done, for good, although its reply was lost: connections break after it was sent."""

import asyncio

from sqlalchemy import select

from bot.errors import LedgerUnavailable
from bot.model.event import Entry
from bot.store.database import Database
from bot.store.tables import entry
from bot.store.transactions import Transactions

#: Pauses between the questions.
_ASK_AGAIN_S = (0.0, 0.3, 0.7, 1.5, 2.0)
#: After this no new question is asked: a network that swallows everything makes each of them long.
_ASK_FOR_S = 6.0


class LostReply:
    """Asks the database what became of an append."""

    def __init__(self, database: Database, begin: Transactions) -> None:
        self._database, self._begin = database, begin

    async def stands(self, last: Entry) -> bool:
        """Whether an entry was committed after all. Raises LedgerUnavailable when nobody can tell."""
        clock = asyncio.get_running_loop().time
        give_up_at = clock() + _ASK_FOR_S
        for pause_s in _ASK_AGAIN_S:
            await asyncio.sleep(pause_s)
            try:
                return await self._is_there(last) and await self._is_confirmed()
            except LedgerUnavailable as error:
                why = error
            if clock() > give_up_at:
                break
        raise LedgerUnavailable(f"{why}; whether the entry was written is not known, so look before a retry")

    async def _is_confirmed(self) -> bool:
        """True once it is as safe as any commit: it may be there because a wait for a standby was cut off."""
        async with self._begin.write_in_turn() as connection:
            await self._database.confirm(connection)
        self._database.check_waited()
        return True

    async def _is_there(self, last: Entry) -> bool:
        query = select(entry.c.seq).where(entry.c.hash == last.hash)
        async with self._begin.try_out() as connection:
            # Behind the lock its transaction is over, one way or the other.
            await self._database.lock(connection, last.incident)
            return (await connection.execute(query)).scalar_one_or_none() == last.seq
