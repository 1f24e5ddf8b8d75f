"""Ledgers with checkpoints: in memory, and with a key and an anchors file beside a SQLite file."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.audit.keys import KeyFile, SigningKey, fresh_key
from bot.audit.lines import Line, read_lines
from bot.audit.sealed import SealedLedger
from bot.audit.sealing import Sealer
from bot.audit.sink import FileSink, Sink
from bot.model.event import Event
from bot.store import SqliteLedger
from bot.store.codec import Stored, decode
from bot.store.statements import Head, Record, for_system
from bot.store.statements import linked as link_on
from bot.store.system import SYSTEM, CheckpointWritten, SystemEvent
from bot.store.system_chain import Grown, Placed, Sealing
from tests.support.incidents import T0
from tests.support.records import RecordedLedger


class MemorySink:
    """Keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)

    def tail(self) -> tuple[str, ...]:
        return tuple(self.lines)


class MemoryChains:
    """What `bot.store.system_chain.SystemChain` does, over a list of rows in the order of commits."""

    def __init__(self) -> None:
        self.rows: list[Record] = []
        self.at = T0

    def commit(self, incident: str, events: Sequence[Event]) -> None:
        """As `SqlLedger.append` does."""
        seq, _ = self._head(incident)
        records = self._linked(incident, events)
        system = for_system(incident, seq, events, records)
        self.rows += records
        self.rows += self._linked(SYSTEM, system)

    async def append(self, *events: SystemEvent) -> None:
        self.rows += self._linked(SYSTEM, events)

    async def seal(self, row_of: Callable[[CheckpointWritten], int], make: Sealing) -> tuple[Record, ...]:
        found = [one.event for one in await self.events(kinds=(CheckpointWritten,))]
        last = found[-1] if found else None
        before = last if isinstance(last, CheckpointWritten) else None
        grown = self._grown(row_of(before) if before else 0)
        records = self._linked(SYSTEM, make(before, grown))
        self.rows += records
        return tuple(records)

    async def events(
        self, *, after_seq: int = 0, kinds: tuple[type[SystemEvent], ...], containing: str = ""
    ) -> tuple[Placed, ...]:
        mine = [row for row in self.rows if row.chain == SYSTEM and row.seq > after_seq]
        found = ((row, decode(row.body)) for row in mine if containing in row.body)
        return tuple(
            Placed(seq=row.seq, hash=row.hash, at=body.at, event=body.event)
            for row, body in found
            if isinstance(body.event, kinds)
        )

    def recorded(self) -> RecordedLedger:
        """To be verified."""
        return RecordedLedger(rows=tuple(self.rows))

    def _grown(self, after_row: int) -> Grown:
        new = self.rows[after_row:]
        news = [row for row in new if '"kind":"system.checkpoint' not in row.body]
        return Grown(
            heads={row.chain: (row.seq, row.hash) for row in new},
            entries=len(new),
            news=len(news),
            last_row=len(self.rows),
            is_all=True,
            at=self.at,
        )

    def _head(self, chain: str) -> tuple[int, str]:
        mine = [row for row in self.rows if row.chain == chain]
        return (mine[-1].seq, mine[-1].hash) if mine else (0, "")

    def _linked(self, chain: str, events: Sequence[Stored]) -> list[Record]:
        seq, digest = self._head(chain)
        self.at += timedelta(seconds=1)
        return link_on(chain, events, Head(seq=seq, hash=digest, at=self._now()))

    def _now(self) -> datetime:
        return self.at


def memory_sealer(chains: MemoryChains, key: SigningKey | None, sink: MemorySink) -> Sealer:
    """The real sealer over rows in memory."""
    return Sealer(chains, lambda: key, sink)  # type: ignore[arg-type]  # has what a sealer calls


class Beside:
    """The files of one sealed SQLite ledger."""

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "ledger.db"
        self.key = folder / "checkpoint.pem"
        self.anchors = folder / "anchors.log"
        self.sink: Sink = FileSink(self.anchors)

    async def open(self) -> SqliteLedger:
        return await SqliteLedger.open(self.ledger)

    def sealed(self, store: SqliteLedger) -> SealedLedger:
        """As a process that begins now has it."""
        return SealedLedger(store, store, key=KeyFile(self.key), sink=self.sink)

    @property
    def public(self) -> str:
        key = KeyFile(self.key)()
        assert key is not None
        return key.public

    @property
    def lines(self) -> tuple[Line, ...]:
        return read_lines(self.anchors.read_text().splitlines())


__all__ = ["Beside", "MemoryChains", "MemorySink", "fresh_key", "memory_sealer"]
