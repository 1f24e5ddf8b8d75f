"""Socket Mode: several connections, each with a watchdog."""

import asyncio
import logging
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.pace import Time
from bot.slack.shape import OnMisshapen, flaw_of

_log = logging.getLogger("bot.slack.socket")
#: A connection that is away this long gets a fresh address.
PATIENCE_S = 5.0
_LOOK_S = 1.0
#: How long a start waits for the first connection before it goes on without.
_FIRST_S = 10.0


class Gate(AsyncSocketModeHandler):
    """Bolt's handler, which gets only what Slack could have made; the rest is acknowledged and refused."""

    def __init__(
        self, app: AsyncApp, app_token: str, on_misshapen: OnMisshapen, *, ping_interval_s: float
    ) -> None:
        super().__init__(app, app_token, logger=_log, ping_interval=ping_interval_s)
        self._on_misshapen = on_misshapen
        self.client.message_listeners.append(self._unpack)

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt's own
        """Called by the SDK for each envelope."""
        flaw = flaw_of(req.payload)
        if flaw is None:
            await super().handle(client, req)
        else:
            await self._refuse(client, req.envelope_id, req.payload, flaw)

    async def _unpack(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        """Takes out a payload that is no object: the SDK would fail at it before it calls `handle`."""
        if not isinstance(message.get("payload", {}), dict):
            await self._refuse(client, str(message.get("envelope_id")), message.pop("payload"), "payload")

    async def _refuse(
        self, client: AsyncBaseSocketModeClient, envelope: str, payload: object, flaw: str
    ) -> None:
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope))
        self._on_misshapen(payload, flaw)


class Connection:
    """One connection that is kept alive."""

    def __init__(self, handler: Gate, time: Time, *, patience_s: float) -> None:
        self._time = time
        self._patience_s = patience_s
        self._handler = handler
        self._handler.client.on_message_listeners.append(self._heard)
        self._well_at = time.monotonic()
        self.heard_at: float | None = None
        self.is_up = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Connect, and go on trying for as long as it takes."""
        self._tasks = [
            asyncio.create_task(self._connect()),
            asyncio.create_task(self._watch()),
        ]

    async def stop(self) -> None:
        """Close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._handler.client.close()  # type: ignore[no-untyped-call]  # the SDK has no annotation
        self.is_up = False

    async def _connect(self) -> None:
        await self._handler.client.connect()  # type: ignore[no-untyped-call]  # the SDK has no annotation

    async def _heard(self, _message: object) -> None:
        self.heard_at = self._time.monotonic()

    async def _watch(self) -> None:
        while True:
            await self.look()
            await self._time.sleep(min(_LOOK_S, self._patience_s))

    async def look(self) -> bool:
        """Whether it is up; after a while of silence has the SDK ask for a new address."""
        now = self._time.monotonic()
        self.is_up = await self._handler.client.is_connected()
        if self.is_up:
            self._well_at = now
        elif now - self._well_at > self._patience_s:
            # The SDK retries a dead address for ever; it asks for a new one only when it has none.
            _log.warning("socket mode is away; asking for a new address")
            self._handler.client.wss_uri = None
            self._well_at = now
        return self.is_up


class Sockets:
    """All connections; Slack gives each event to any one of them."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        time: Time,
        on_misshapen: OnMisshapen,
        *,
        connections: int,
        ping_interval_s: float = 10.0,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._time = time
        self._connections = [
            Connection(
                Gate(app, app_token, on_misshapen, ping_interval_s=ping_interval_s),
                time,
                patience_s=patience_s,
            )
            for _ in range(connections)
        ]

    async def start(self) -> None:
        """Connect; returns when all are up, or after ten seconds to go on trying in the background."""
        for connection in self._connections:
            connection.start()
        end = self._time.monotonic() + _FIRST_S
        while not all([await one.look() for one in self._connections]):
            if self._time.monotonic() > end:
                _log.error("socket mode is not connected yet; still trying")
                return
            await self._time.sleep(0.05)

    async def stop(self) -> None:
        """Close all."""
        await asyncio.gather(*(connection.stop() for connection in self._connections))

    @property
    def up(self) -> int:
        """How many connections are up."""
        return sum(connection.is_up for connection in self._connections)

    @property
    def silent_s(self) -> float | None:
        """Seconds since anything came from Slack; None before the first word."""
        heard = [one.heard_at for one in self._connections if one.heard_at is not None]
        return self._time.monotonic() - max(heard) if heard else None
