"""An event in its place."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.event.every import Event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event in its place in the chain."""

    incident: str
    #: 1 for the first; contiguous.
    seq: int
    #: Aware UTC, the ledger's clock.
    at: datetime
    event: Event
    #: Hex SHA-256 of this entry; each covers the one before.
    hash: str
    #: The exact stored text the hash covers; empty for an entry that never was in a database.
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Exclusive right to act on one target of one host; lives in the ledger."""

    host: str
    target: str
