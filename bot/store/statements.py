"""What an append consists of: statements inside the caller's transaction, the same on every database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, HostBusy
from bot.model.event import Entry, Event, Exported, Hold, Proposed
from bot.store import chain as chains
from bot.store import codec
from bot.store.codec import Stored
from bot.store.system import ChainOpened, ExportWritten, SystemEvent
from bot.store.tables import approval as approvals
from bot.store.tables import entry, hold

# Who inserts first has it; on PostgreSQL this waits for a transaction that is about to.
_TAKE = text(
    "INSERT INTO hold (host, target, incident, at) VALUES (:host, :target, :incident, :at)"
    " ON CONFLICT DO NOTHING"
)
_REGISTER = text("INSERT INTO approval (id, incident) VALUES (:id, :incident) ON CONFLICT DO NOTHING")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row of the chain exactly as it is stored: what verification works on."""

    chain: str
    seq: int
    prev: str
    hash: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry of a chain: seq 0 and an empty hash when there is none."""

    seq: int
    hash: str
    #: The database's clock when this was read, aware UTC: what the next entries are stamped with.
    at: datetime


async def head_of(connection: AsyncConnection, name: str) -> tuple[int, str]:
    """Seq and hash of the last entry; 0 and empty for a chain that is not there."""
    query = select(entry.c.seq, entry.c.hash).where(entry.c.chain == name)
    row = (await connection.execute(query.order_by(entry.c.seq.desc()).limit(1))).one_or_none()
    return (row.seq, row.hash) if row else (0, "")


def linked(name: str, events: Sequence[Stored], head: Head) -> list[Record]:
    """The rows that chain the events on to `head`."""
    seq, previous = head.seq, head.hash
    records = []
    for event in events:
        body = codec.encode(event, chain=name, at=head.at)
        seq, previous = seq + 1, previous or chains.genesis(name, body)
        digest = chains.link(previous, chain=name, seq=seq, body=body)
        records.append(Record(chain=name, seq=seq, prev=previous, hash=digest, body=body))
        previous = digest
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


async def register(connection: AsyncConnection, name: str, events: Sequence[Event]) -> None:
    """Make the approvals proposed here findable. Raises Conflict when one is another incident's."""
    for event in events:
        if not isinstance(event, Proposed):
            continue
        await connection.execute(_REGISTER, {"id": event.approval, "incident": name})
        query = select(approvals.c.incident).where(approvals.c.id == event.approval)
        owner = (await connection.execute(query)).scalar_one()
        if owner != name:
            raise Conflict(f"approval {event.approval!r} belongs to incident {owner}; propose under a new id")


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
    values = {"host": take.host, "target": take.target, "incident": name, "at": at.isoformat()}
    holder = None
    # Again when it was given back between the two statements.
    while holder is None:
        await connection.execute(_TAKE, values)
        holder = await holder_of(connection, take)
    if holder != name:
        raise HostBusy(
            f"incident {holder} is acting on {take.target} of {take.host}; wait until it has ended"
        )


def entry_of(name: str, seq: int, digest: str, body: str) -> Entry:
    """A row as an Entry. Raises LedgerUnavailable when its body cannot be read."""
    told = codec.decode(body)
    # A system event never stands in an incident's chain; `append` only takes events of incidents.
    event: Event = told.event  # type: ignore[assignment]
    return Entry(incident=name, seq=seq, at=told.at, event=event, hash=digest, body=body)
