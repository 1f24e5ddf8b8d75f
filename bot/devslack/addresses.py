"""Addresses with a secret in them: response URLs, uploads, file downloads."""

import json

from aiohttp import web

from bot.devslack.errors import SlackError
from bot.devslack.parts import Parts
from bot.devslack.posting import answer_hook
from bot.devslack.webapi import hang_up


class Addresses:
    """What the app reaches outside `/api/`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.post("/response/{token}", self._respond),
            web.post("/upload/v1/{token}", self._upload),
            web.get("/files-pri/{file}", self._download),
        ]

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if self._parts.faults.is_away:
            return hang_up(request)
        try:
            body = json.loads(await request.text())
            answer_hook(self._parts, request.match_info["token"], body)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        except SlackError as error:
            is_over = error.error in {"used_url", "expired_url", "no_such_url"}
            return web.json_response(error.answer(), status=404 if is_over else 400)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        if self._parts.faults.is_away:
            return hang_up(request)
        file = self._parts.world.files.get(self._parts.uploads.get(request.match_info["token"], ""))
        if file is None:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != file.announced_bytes and self._parts.strict.on("upload_complete"):
            return web.Response(status=400, text=f"expected {file.announced_bytes} bytes, got {len(content)}")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self._parts.world.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {self._parts.tokens.bot}":
            return web.Response(status=403, text="a bot token is needed")
        if "files:read" not in self._parts.rights.scopes:
            return web.Response(status=403, text="the scope files:read is needed")
        if file is None or file.content is None:
            return web.Response(status=404, text="no such file")
        return web.Response(body=file.content, content_type=file.mimetype)


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    fields = await request.post()
    found = [value for value in fields.values() if isinstance(value, web.FileField)]
    return found[0].file.read() if found else b""
