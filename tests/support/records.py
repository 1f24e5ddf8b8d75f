"""A ledger's rows in memory, to be verified as they are or after somebody changed them."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.model.event import Entry
from bot.store.chain import genesis, link
from bot.store.codec import encode
from bot.store.statements import Record
from bot.store.system import SYSTEM, ChainOpened
from tests.support.incidents import T0


@dataclass(frozen=True, kw_only=True)
class RecordedLedger:
    """What verification reads, from memory."""

    rows: tuple[Record, ...]
    missing: tuple[str, ...] = ()

    async def records(self, *, chain: str | None = None) -> AsyncIterator[Record]:
        for row in sorted(self.rows, key=lambda row: (row.chain, row.seq)):
            if chain in (None, row.chain):
                yield row

    async def missing_guards(self) -> tuple[str, ...]:
        return self.missing


def linked(chain: str, bodies: Iterable[str]) -> list[Record]:
    """A valid chain of these bodies."""
    rows: list[Record] = []
    for seq, body in enumerate(bodies, start=1):
        previous = rows[-1].hash if rows else genesis(chain, body)
        digest = link(previous, chain=chain, seq=seq, body=body)
        rows.append(Record(chain=chain, seq=seq, prev=previous, hash=digest, body=body))
    return rows


def recorded(*chains: Sequence[Entry]) -> RecordedLedger:
    """An honest ledger of these chains, with the system chain that announces them."""
    rows: list[Record] = []
    announcements = []
    for entries in chains:
        own = linked(entries[0].incident, [entry.body for entry in entries])
        event = ChainOpened(incident=own[0].chain, genesis=own[0].prev)
        announcements.append(encode(event, chain=SYSTEM, at=T0))
        rows += own
    return RecordedLedger(rows=(*rows, *linked(SYSTEM, announcements)))


def edited(row: Record) -> Record:
    """The row with another time in its body, and nothing else changed."""
    body = json.loads(row.body)
    return replace(row, body=row.body.replace(body["at"], "2031-01-01T00:00:00.000000Z"))
