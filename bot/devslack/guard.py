"""Keeps other web sites in the same browser away from the page API."""

import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.devslack.errors import PageError

_LOCAL = {"127.0.0.1", "localhost", "::1"}
#: Everything from this server, nothing inline, no frame around it.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse foreign hosts and origins, and turn PageError into its answer."""
    try:
        if request.path.startswith("/local/"):
            _refuse_foreign(request)
        return await handler(request)
    except PageError as error:
        return web.json_response(error.answer(), status=error.status)


def _refuse_foreign(request: web.Request) -> None:
    # a foreign name that resolves to 127.0.0.1 (DNS rebinding) shows in Host; a foreign page in Origin
    if urlsplit(f"//{request.host}").hostname not in _LOCAL:
        raise PageError("foreign_host", "This page answers only under a local address.", status=403)
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise PageError("foreign_origin", "Another web site may not use this page's server.", status=403)
    if request.method == "POST" and request.content_type != "application/json":
        raise PageError("not_json", "Send JSON with Content-Type: application/json.", status=415)


async def body_of(request: web.Request) -> dict[str, object]:
    """The JSON object of a page call; PageError when it is none."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise PageError("invalid_json", "The request is not JSON.") from error
    if not isinstance(body, dict):
        raise PageError("invalid_json", "The request is not a JSON object.")
    return body
