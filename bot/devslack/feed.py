"""What happened, numbered, for pages that follow along."""

import asyncio
from collections import deque
from dataclasses import dataclass

from bot.devslack.wire import Payload

KEPT = 5000


@dataclass(frozen=True, kw_only=True)
class News:
    """One happening and who may see it."""

    seq: int
    payload: Payload
    #: None: everybody.
    audience: frozenset[str] | None


class Feed:
    """The last happenings, and waking those who wait for the next."""

    def __init__(self) -> None:
        self.seq = 0
        self._news: deque[News] = deque(maxlen=KEPT)
        self._waiting: set[asyncio.Event] = set()
        self.is_closed = False

    def tell(self, payload: Payload, audience: frozenset[str] | None = None) -> None:
        """Add a happening and wake everybody."""
        self.seq += 1
        self._news.append(News(seq=self.seq, payload=payload, audience=audience))
        for event in self._waiting:
            event.set()

    def open(self) -> None:
        """News flow, for the first time or again."""
        self.is_closed = False

    def close(self) -> None:
        """Nothing more comes; wakes everybody for the last time."""
        self.is_closed = True
        for event in self._waiting:
            event.set()

    def since(self, seq: int, user: str) -> list[News] | None:
        """What this person may see after `seq`; None when that lies too far back."""
        if seq > self.seq or (self._news and seq < self._news[0].seq - 1):
            return None
        return [
            news for news in self._news if news.seq > seq and (news.audience is None or user in news.audience)
        ]

    async def wait(self, seq: int) -> None:
        """Return when there is something after `seq`, or the feed is closed."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            while self.seq <= seq and not self.is_closed:
                event.clear()
                await event.wait()
        finally:
            self._waiting.discard(event)
