"""Server-sent events: what one person's page follows."""

import asyncio
import json

from aiohttp import web

from bot.devslack.parts import Parts
from bot.devslack.wire import whole_number

KEEP_ALIVE_S = 15.0


async def stream(parts: Parts, request: web.Request) -> web.StreamResponse:
    """Send news until the browser leaves or the server stops."""
    user = request.query.get("user") or parts.world.first_person
    after = request.headers.get("Last-Event-ID") or request.query.get("after")
    seq = whole_number(after, parts.feed.seq)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        while not parts.feed.is_closed:
            seq = await _send_news(parts, response, user, seq)
            await _wait(parts, response, seq)
    except ConnectionError:
        return response
    return response


async def _send_news(parts: Parts, response: web.StreamResponse, user: str, seq: int) -> int:
    news = parts.feed.since(seq, user)
    now = parts.feed.seq
    if news is None:
        await _write(response, now, {"type": "reset"})
        return now
    for item in news:
        await _write(response, item.seq, item.payload)
    return now


async def _wait(parts: Parts, response: web.StreamResponse, seq: int) -> None:
    try:
        async with asyncio.timeout(KEEP_ALIVE_S):
            await parts.feed.wait(seq)
    except TimeoutError:
        await response.write(b": still here\n\n")


async def _write(response: web.StreamResponse, seq: int, payload: dict[str, object]) -> None:
    data = json.dumps({"seq": seq} | payload)
    await response.write(f"id: {seq}\ndata: {data}\n\n".encode())
