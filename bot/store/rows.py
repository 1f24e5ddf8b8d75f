"""Rows of the chains as they are stored, for who checks them or copies them."""

from collections.abc import AsyncIterator

from sqlalchemy import func, select, tuple_

from bot.store.statements import Record
from bot.store.tables import entry
from bot.store.transactions import Transactions

#: Rows read in one go.
_PAGE = 2000


async def stored(begin: Transactions, *, chain: str | None = None) -> AsyncIterator[Record]:
    """Rows as stored when this began, chain by chain and in order; all chains when none is named.

    Read in pages, so that a long verification does not keep a server from appending.
    """
    async with begin.read() as connection:
        newest = (await connection.execute(select(func.max(entry.c.row)))).scalar_one_or_none()
    if newest is None:
        return
    last: tuple[str, int, int] = ("", 0, 0)
    # By row too: in a damaged table a place could be taken twice.
    place = tuple_(entry.c.chain, entry.c.seq, entry.c.row)
    query = select(entry).where(entry.c.row <= newest).order_by(*place.clauses).limit(_PAGE)
    if chain is not None:
        query = query.where(entry.c.chain == chain)
    while True:
        async with begin.read() as connection:
            rows = (await connection.execute(query.where(place > last))).all()
        for row in rows:
            yield Record(chain=row.chain, seq=row.seq, prev=row.prev, hash=row.hash, body=row.body)
        if len(rows) < _PAGE:
            return
        last = (rows[-1].chain, rows[-1].seq, rows[-1].row)
