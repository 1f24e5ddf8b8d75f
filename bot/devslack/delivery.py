"""Bringing payloads to the app: once for interactions, again and again for events."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace

from bot.devslack.checks import Strict
from bot.devslack.clock import PATIENCE_S, Clock
from bot.devslack.faults import Faults
from bot.devslack.transport import Ack, Outcome, Parcel, Sort, Transport
from bot.devslack.wire import Payload

#: Seconds before each retry of an event.
RETRY_AFTER_S = (0.0, 60.0, 300.0)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One delivery, as `/local/deliveries` shows it."""

    parcel: Parcel
    ack: Ack


class Delivery:
    """Sends, repeats, records."""

    def __init__(self, transport: Transport, clock: Clock, strict: Strict, faults: Faults) -> None:
        self.transport = transport
        self._clock = clock
        self._strict = strict
        self._faults = faults
        self.records: list[Record] = []
        self._recorded = asyncio.Condition()
        self._running: set[asyncio.Task[None]] = set()

    async def interaction(self, sort: Sort, payload: Payload) -> Ack:
        """A command, click, shortcut or view: delivered once, never repeated by Slack."""
        parcel = Parcel(sort=sort, payload=payload)
        twin = self._faults.take("duplicate")
        if twin is not None:
            self.spawn(self._again(parcel))
        return await self._send(parcel)

    def event(self, payload: Payload) -> None:
        """An event, in the background: tried up to four times until it is acknowledged."""
        self.spawn(self._event(Parcel(sort=Sort.EVENT, payload=payload)))

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run beside everything else, and be waited for at the end."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def is_busy(self) -> bool:
        """True while an event is on its way."""
        return bool(self._running)

    async def until(self, count: int) -> None:
        """Return when that many deliveries have ended; TimeoutError when they do not come."""
        async with asyncio.timeout(PATIENCE_S), self._recorded:
            await self._recorded.wait_for(lambda: len(self.records) >= count)

    async def until_idle(self) -> None:
        """Return when no event is on its way or waits for its next try."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Stop retries and whatever else still runs."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _event(self, parcel: Parcel) -> None:
        if self._faults.take("duplicate") is not None:
            self.spawn(self._again(parcel))
        ack = await self._send(parcel)
        for attempt, pause_s in enumerate(RETRY_AFTER_S, start=1):
            if ack.outcome is Outcome.ACKED or ack.no_retry or not self._strict.on("event_retry"):
                return
            await self._clock.sleep(pause_s)
            reason = "timeout" if ack.outcome is Outcome.TIMEOUT else "http_error"
            ack = await self._send(replace(parcel, attempt=attempt, retry_reason=reason))

    async def _again(self, parcel: Parcel) -> None:
        await self._send(parcel)

    async def _send(self, parcel: Parcel) -> Ack:
        ack = await self._transport_send(parcel)
        self.records.append(Record(parcel=parcel, ack=ack))
        async with self._recorded:
            self._recorded.notify_all()
        return ack

    async def _transport_send(self, parcel: Parcel) -> Ack:
        if self._faults.is_away:
            return Ack(outcome=Outcome.NOBODY, payload={}, ms=0.0)
        return await self.transport.send(parcel)
