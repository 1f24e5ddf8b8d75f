"""`/healthz`, `/readyz` and `/metrics` over HTTP, for monitors on this machine.

The answers name no hosts, people or secrets, at most the ledger; but nobody is asked who they are, so
listen on loopback, or where only the monitor reaches it.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import SettingsError
from bot.health.metrics import Metrics
from bot.health.readiness import Check

_FRESH = {"Cache-Control": "no-store"}


class HealthServer:
    """Listens while the block runs."""

    def __init__(self, *, host: str, port: int, checks: Mapping[str, Check], metrics: Metrics) -> None:
        self._host, self._port, self._checks, self._metrics = host, port, checks, metrics
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen. Raises SettingsError when the address cannot be had."""
        app = web.Application(client_max_size=1024)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._counted)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise SettingsError(
                f"cannot listen on {self._host}:{self._port} for monitors ({error.strerror}); "
                "set RUNBOOK_BOT_HEALTH_PORT to a free port, or to 0 for none"
            ) from error
        self._runner = runner
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """Address of the server; port 0 has become a real one."""
        assert self._runner is not None, "ask inside the block"
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def _alive(self, _request: web.Request) -> web.Response:
        """An answer at all is the proof: the process lives and its event loop turns."""
        return web.json_response({"alive": True}, headers=_FRESH)

    async def _ready(self, _request: web.Request) -> web.Response:
        """503 with the reason of each part that is not ready; null for those that are."""
        reasons = await asyncio.gather(*(check() for check in self._checks.values()))
        is_ready = not any(reasons)
        said = {"ready": is_ready, "why_not": dict(zip(self._checks, reasons, strict=True))}
        return web.json_response(said, status=200 if is_ready else 503, headers=_FRESH)

    async def _counted(self, _request: web.Request) -> web.Response:
        return web.Response(
            body=self._metrics.text(), headers={**_FRESH, "Content-Type": CONTENT_TYPE_LATEST}
        )
