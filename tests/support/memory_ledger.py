"""A ledger in memory on a clock that a test drives: no thread and no file that real time would pass for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import Conflict
from bot.model.event import Entry, Event, Hold
from bot.store.chain import genesis, link
from bot.store.codec import encode
from tests.support.handtime import JumpTime
from tests.support.incidents import T0


class MemoryLedger:
    """`bot.ports.Ledger` with real chains; holds are not kept."""

    def __init__(self, time: JumpTime) -> None:
        self._time, self._began = time, time.monotonic()
        self._chains: dict[str, list[Entry]] = {}
        self._texts: dict[str, str] = {}

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        chain = self._chains.setdefault(incident, [])
        if after_seq is not None and after_seq != len(chain):
            raise Conflict(f"incident {incident} went on")
        now, first = await self.now(), len(chain)
        for event in events:
            body = encode(event, chain=incident, at=now)
            previous = chain[-1].hash if chain else genesis(incident, body)
            digest = link(previous, chain=incident, seq=len(chain) + 1, body=body)
            entry = Entry(incident=incident, seq=len(chain) + 1, at=now, event=event, hash=digest, body=body)
            chain.append(entry)
        return tuple(chain[first:])

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        return tuple(self._chains.get(incident, [])[after_seq:])

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        return tuple(reversed(self._chains))[:limit]

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        return mark + 1, tuple(self._chains)

    async def incident_of(self, approval: str) -> str | None:
        return None

    async def keep(self, text: str) -> str:
        digest = f"{len(self._texts):064}"
        self._texts[digest] = text
        return digest

    async def evidence(self, digest: str) -> str | None:
        return self._texts.get(digest)

    async def now(self) -> datetime:
        return T0 + timedelta(seconds=self._time.monotonic() - self._began)
