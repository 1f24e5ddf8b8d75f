"""Serves the page's files and nothing else."""

import re
from pathlib import Path

from aiohttp import web

from bot.devslack.guard import POLICY

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Static:
    """`/` and `/NAME` from one flat folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def routes(self) -> list[web.RouteDef]:
        """The index and the files beside it."""
        return [web.get("/", self._index), web.get("/{name}", self._file)]

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return self._answer("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request.match_info["name"])

    def _answer(self, name: str) -> web.Response:
        path = self._folder / name
        if not _NAME.fullmatch(name) or path.suffix not in _TYPES or not path.is_file():
            return web.Response(status=404, text=f"no {name!r} here")
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-cache",
        }
        return web.Response(
            body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=headers
        )
