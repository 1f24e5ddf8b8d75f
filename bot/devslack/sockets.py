"""Socket Mode: tickets, connections, envelopes, acknowledgements."""

import asyncio
import json
import random
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from bot.devslack.checks import Strict
from bot.devslack.clock import PATIENCE_S, Clock, within
from bot.devslack.faults import Faults
from bot.devslack.feed import Feed
from bot.devslack.ids import Ids
from bot.devslack.transport import Ack, Outcome, Parcel, Sort
from bot.devslack.wire import Payload
from bot.devslack.world import APP_ID

MOST = 10
LIFE_S = 18_060
LEAVE_WITHIN_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Handshake:
    """One attempt to open a socket."""

    ticket: str
    is_accepted: bool


class Sockets:
    """All connections of the app; each envelope goes to one of them, without a pattern."""

    def __init__(self, clock: Clock, ids: Ids, strict: Strict, feed: Feed, faults: Faults) -> None:
        self._clock = clock
        self._ids = ids
        self._strict = strict
        self._feed = feed
        self._faults = faults
        self.ack_within_s = 3.0
        self._tickets: dict[str, bool] = {}
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Payload]] = {}
        self._chance = random.Random(0)  # noqa: S311 - picks a connection, no secret
        self._changed = asyncio.Condition()
        self._leaving: set[asyncio.Task[None]] = set()
        #: Every attempt so far: shows an app that tries a used ticket again and again.
        self.handshakes: list[Handshake] = []
        #: Acknowledgements that came too late or for nothing that was sent.
        self.late_acks: list[str] = []

    @property
    def count(self) -> int:
        """Open connections."""
        return len(self._open)

    def issue_ticket(self) -> str:
        """A ticket for one handshake."""
        ticket = self._ids.secret()
        self._tickets[ticket] = False
        return ticket

    async def until(self, count: int) -> None:
        """Return when that many connections are open; TimeoutError when they do not come."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: len(self._open) == count)

    async def until_handshakes(self, count: int) -> None:
        """Return when that many handshakes were tried; TimeoutError when they are not."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: len(self.handshakes) >= count)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket address."""
        ticket = request.query.get("ticket", "")
        status = self._refusal(ticket)
        self.handshakes.append(Handshake(ticket=ticket, is_accepted=status is None))
        await self._tell()
        if status is not None:
            return web.Response(status=status, text="handshake refused")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._open) >= MOST and self._strict.on("ten_connections"):
            await self._say_disconnect(socket, "too_many_websockets")
            await socket.close()
            return socket
        await self._serve(socket)
        return socket

    async def send(self, parcel: Parcel) -> Ack:
        """One envelope to one connection; waits for its acknowledgement."""
        if not self._receivers() and self._strict.on("connection_needed"):
            return Ack(outcome=Outcome.NOBODY, payload={}, ms=0.0)
        envelope_id = f"{self._ids.next('E')}-{self._ids.secret(8)}"
        future: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        started = self._clock.now()
        for socket in self._receivers():
            await self._write(socket, _envelope(envelope_id, parcel))
        is_acked = await within(self._clock, future, self._patience())
        self._waiting.pop(envelope_id, None)
        ms = (self._clock.now() - started) * 1000
        if not is_acked:
            return Ack(outcome=Outcome.TIMEOUT, payload={}, ms=ms)
        return Ack(outcome=Outcome.ACKED, payload=future.result(), ms=ms)

    async def disconnect(self, reason: str) -> None:
        """Send `disconnect` to all.

        After a warning the app stays, after `refresh_requested` it has 10 s to leave by itself;
        for other reasons the connection is closed at once.
        """
        for socket in list(self._open):
            await self._say_disconnect(socket, reason)
            if reason == "refresh_requested":
                task = asyncio.create_task(self._close_later(socket))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)
            elif reason != "warning":
                await socket.close()

    async def _close_later(self, socket: web.WebSocketResponse) -> None:
        await self._clock.sleep(LEAVE_WITHIN_S)
        await socket.close()

    async def drop(self) -> None:
        """Cut all connections without a word."""
        gone, self._open = self._open, []
        for socket in gone:
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.close()

    async def close(self) -> None:
        """End all connections in good order."""
        for task in self._leaving:
            task.cancel()
        for socket in list(self._open):
            await socket.close()

    def _refusal(self, ticket: str) -> int | None:
        fault = self._faults.take("handshake")
        was_used = self._tickets.get(ticket)
        if ticket in self._tickets:
            self._tickets[ticket] = True
        if fault is not None or self._faults.is_away:
            return fault.status if fault else 503
        if was_used is None and self._strict.on("ticket_known"):
            return 403
        return 403 if was_used and self._strict.on("ticket_once") else None

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        try:
            await self._write(socket, self._hello())
            await self._tell()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            if socket in self._open:
                self._open.remove(socket)
            await self._tell()

    def _acknowledge(self, data: str) -> None:
        try:
            answer = json.loads(data)
        except ValueError:
            answer = None
        answer = answer if isinstance(answer, dict) else {}
        envelope_id = str(answer.get("envelope_id", ""))
        future = self._waiting.get(envelope_id)
        if future is None or future.done():
            self.late_acks.append(envelope_id)
            return
        payload = answer.get("payload")
        future.set_result(payload if isinstance(payload, dict) else {})

    def _receivers(self) -> list[web.WebSocketResponse]:
        # one that is saying goodbye would swallow the envelope
        ready = [socket for socket in self._open if not socket.closed]
        if self._strict.on("one_connection"):
            return [self._chance.choice(ready)] if ready else []
        return ready

    def _patience(self) -> float:
        return self.ack_within_s if self._strict.on("ack_in_time") else 3600.0

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "local", "approximate_connection_time": LIFE_S},
            "connection_info": {"app_id": APP_ID},
        }

    async def _say_disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        await self._write(socket, {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})

    async def _write(self, socket: web.WebSocketResponse, payload: Payload) -> None:
        try:
            await socket.send_str(json.dumps(payload))
        except ConnectionError:
            # the app went away meanwhile; the missing acknowledgement tells
            return

    async def _tell(self) -> None:
        self._feed.tell({"type": "app", "app": {"mode": "socket", "connections": len(self._open)}})
        async with self._changed:
            self._changed.notify_all()


def _envelope(envelope_id: str, parcel: Parcel) -> Payload:
    envelope: Payload = {
        "envelope_id": envelope_id,
        "type": parcel.sort.value,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.sort is not Sort.EVENT,
    }
    if parcel.sort is Sort.EVENT:
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.retry_reason or ""}
    return envelope
