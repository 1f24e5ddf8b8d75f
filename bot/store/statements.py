"""What an append consists of: statements inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, HostBusy
from bot.model.event import Entry, Event, Exported, Hold, Proposed
from bot.store import chain as chains
from bot.store import codec
from bot.store.codec import Stored
from bot.store.system import ChainOpened, ExportWritten, SystemEvent
from bot.store.tables import approval as approvals
from bot.store.tables import entry, hold
from bot.store.tables import incident as incidents


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row of the chain exactly as it is stored: what verification works on."""

    chain: str
    seq: int
    prev: str
    hash: str
    body: str


async def head_of(connection: AsyncConnection, name: str) -> tuple[int, str]:
    """Seq and hash of the last entry; 0 and empty for a chain that is not there."""
    query = select(entry.c.seq, entry.c.hash).where(entry.c.chain == name)
    row = (await connection.execute(query.order_by(entry.c.seq.desc()).limit(1))).one_or_none()
    return (row.seq, row.hash) if row else (0, "")


async def add(
    connection: AsyncConnection, name: str, events: Sequence[Stored], *, at: datetime, head: tuple[int, str]
) -> list[Record]:
    """Chain the events on to `head` and insert them; returns the rows."""
    seq, previous = head
    records = []
    for event in events:
        body = codec.encode(event, chain=name, at=at)
        seq, previous = seq + 1, previous or chains.genesis(name, body)
        digest = chains.link(previous, chain=name, seq=seq, body=body)
        records.append(Record(chain=name, seq=seq, prev=previous, hash=digest, body=body))
        previous = digest
    if records:
        await connection.execute(insert(entry), [vars(record) for record in records])
    return records


def for_system(name: str, seq: int, events: Sequence[Event], records: Sequence[Record]) -> list[SystemEvent]:
    """What the system chain must say of this append."""
    opened: list[SystemEvent] = []
    if seq == 0 and records:
        opened.append(ChainOpened(incident=name, genesis=records[0].prev))
    exports = (event for event in events if isinstance(event, Exported))
    return opened + [
        ExportWritten(incident=name, form=one.form, sha256=one.sha256, head=one.head) for one in exports
    ]


async def index(connection: AsyncConnection, name: str, events: Sequence[Event]) -> None:
    """Bring the derived tables up to date."""
    if not events:
        return
    last = select(func.max(entry.c.row)).where(entry.c.chain == name).scalar_subquery()
    await connection.execute(delete(incidents).where(incidents.c.id == name))
    await connection.execute(insert(incidents).values(id=name, last_row=last))
    for event in events:
        if isinstance(event, Proposed):
            await _index_approval(connection, name, event.approval)


async def _index_approval(connection: AsyncConnection, name: str, approval_id: str) -> None:
    query = select(approvals.c.incident).where(approvals.c.id == approval_id)
    other = (await connection.execute(query)).scalar_one_or_none()
    if other is None:
        await connection.execute(insert(approvals).values(id=approval_id, incident=name))
    elif other != name:
        raise Conflict(f"approval {approval_id!r} belongs to incident {other}; propose under a new id")


async def holder_of(connection: AsyncConnection, wanted: Hold) -> str | None:
    """The incident that has this hold."""
    query = select(hold.c.incident).where(hold.c.host == wanted.host, hold.c.target == wanted.target)
    return (await connection.execute(query)).scalar_one_or_none()


async def exchange(
    connection: AsyncConnection, name: str, at: datetime, *, take: Hold | None, give: Hold | None
) -> None:
    """Give a hold back and take another. Raises HostBusy naming the holder."""
    if give is not None:
        await connection.execute(
            delete(hold).where(
                hold.c.host == give.host, hold.c.target == give.target, hold.c.incident == name
            )
        )
    if take is None:
        return
    holder = await holder_of(connection, take)
    if holder is None:
        values = {"host": take.host, "target": take.target, "incident": name, "at": at.isoformat()}
        await connection.execute(insert(hold).values(values))
    elif holder != name:
        raise HostBusy(
            f"incident {holder} is acting on {take.target} of {take.host}; wait until it has ended"
        )


def entry_of(name: str, seq: int, digest: str, body: str) -> Entry:
    """A row as an Entry. Raises LedgerUnavailable when its body cannot be read."""
    told = codec.decode(body)
    # A system event never stands in an incident's chain; `append` only takes events of incidents.
    event: Event = told.event  # type: ignore[assignment]
    return Entry(incident=name, seq=seq, at=told.at, event=event, hash=digest, body=body)
