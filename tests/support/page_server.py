"""Serves the local Slack's page with a state that a test wrote, and records what the page asks."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

PAGE = Path(__file__).parents[2] / "bot" / "devslack" / "page"

Json = dict[str, Any]


class PageServer:
    """A still picture of the local Slack: answers as told, never by itself."""

    def __init__(self, state: Json, files: Mapping[str, str] | None = None) -> None:
        self.state = state
        self.files = dict(files or {})
        #: What the page posted, in order: path below local/ and body.
        self.posts: list[tuple[str, Json]] = []
        #: Path → status and body; 200 {"ok": true} where nothing is said.
        self.answers: dict[str, tuple[int, Json]] = {}
        #: While cleared, posts wait; set at the start.
        self.gate = asyncio.Event()
        self.gate.set()
        self._came = asyncio.Event()
        #: One queue an open page; None ends its stream.
        self.streams: set[asyncio.Queue[bytes | None]] = set()
        #: What was pushed, each with its number: a page that follows late hears of it, too.
        self._pushed: list[tuple[int, bytes]] = []
        self.url = ""
        self._seq = int(state.get("seq", 0))
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "PageServer":
        app = web.Application()
        app.router.add_get("/local/state", self._state)
        app.router.add_get("/local/events", self._events)
        app.router.add_get("/local/files/{id}", self._file)
        app.router.add_post("/local/{path:.+}", self._post)
        app.router.add_get("/", _index)
        app.router.add_static("/", PAGE)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        assert self._runner is not None
        await self._runner.cleanup()

    def push(self, type_: str, **rest: Any) -> None:
        """Send one event to every page that is open, or follows from before it."""
        self._seq += 1
        event = {"seq": self._seq, "type": type_, **rest}
        chunk = f"id: {self._seq}\ndata: {json.dumps(event)}\n\n".encode()
        self._pushed.append((self._seq, chunk))
        self._tell(chunk)

    def cut(self) -> None:
        """Break every event stream, as a restart of the server would."""
        self._tell(None)

    def _tell(self, chunk: bytes | None) -> None:
        for queue in self.streams:
            queue.put_nowait(chunk)

    def posted(self, path: str) -> list[Json]:
        """Bodies posted to a path, in order."""
        return [body for one, body in self.posts if one == path]

    async def until_posted(self, path: str, count: int = 1) -> None:
        """Return when so much was posted to a path: the page may show what follows from it before."""
        while len(self.posted(path)) < count:
            self._came.clear()
            await self._came.wait()

    async def _state(self, request: web.Request) -> web.Response:
        user = request.query.get("user") or self.state["me"]
        return web.json_response({**self.state, "me": user, "seq": self._seq})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        await stream.write(b": open\n\n")
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        after = int(request.query["after"])
        for seq, missed in self._pushed:
            if seq > after:
                queue.put_nowait(missed)
        self.streams.add(queue)
        try:
            while (chunk := await queue.get()) is not None:
                await stream.write(chunk)
        except ConnectionResetError:
            pass  # the page went away
        finally:
            self.streams.discard(queue)
        return stream

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(text=self.files[request.match_info["id"]])

    async def _post(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.posts.append((path, await request.json()))
        self._came.set()
        await self.gate.wait()
        status, body = self.answers.get(path, (200, {"ok": True}))
        return web.json_response(body, status=status)


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
