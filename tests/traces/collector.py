"""A collector that takes traces over HTTP, as the specification words it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(kw_only=True)
class Collector:
    """What arrived; `answers` are the statuses of the next requests, 200 when there are none left."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    resources: list[dict[str, str]] = field(default_factory=list)
    _heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def wait_for(self, spans: int) -> None:
        """Until so many spans have arrived."""
        async with self._heard:
            await self._heard.wait_for(lambda: len(self.spans) >= spans)

    async def take(self, request: web.Request) -> web.Response:
        """POST /v1/traces."""
        body = await request.read()
        status = self.answers.pop(0) if self.answers else 200
        async with self._heard:
            self.headers.append(dict(request.headers))
            if status == 200:
                self._read(body)
            self._heard.notify_all()
        return web.json_response({}, status=status)

    def _read(self, body: bytes) -> None:
        # The JSON form writes ids in hex where protobuf's own JSON has base64; all else is the same.
        told = json.loads(body, object_hook=_as_protobuf_json)
        request = json_format.ParseDict(told, ExportTraceServiceRequest())
        for resource in request.resource_spans:
            about = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.resources.append(about)
            for scope in resource.scope_spans:
                self.spans += scope.spans


def _as_protobuf_json(found: dict[str, Any]) -> dict[str, Any]:
    for name in ("traceId", "spanId", "parentSpanId"):
        if name in found:
            found[name] = base64.b64encode(bytes.fromhex(found[name])).decode()
    return found


@asynccontextmanager
async def collecting(*answers: int) -> AsyncIterator[Collector]:
    """A collector on loopback."""
    collector = Collector(answers=list(answers))
    app = web.Application()
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    collector.url = f"http://{host}:{port}/v1/traces"
    try:
        yield collector
    finally:
        await runner.cleanup()
