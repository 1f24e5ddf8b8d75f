"""HTTP mode: Slack posts signed requests. Checked before anything reads them, each served once."""

import logging
import re
import time

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier

from bot.errors import SettingsError
from bot.slack.seen import Seen
from bot.slack.shape import OnMisshapen, flaw_of

_log = logging.getLogger(__name__)
PATH = "/slack/events"
MOST_BYTES = 64 * 1024
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class HttpDoor:
    """Listens for Slack."""

    def __init__(
        self, app: AsyncApp, on_misshapen: OnMisshapen, *, signing_secret: str, host: str, port: int
    ) -> None:
        if not signing_secret.strip():
            raise SettingsError(
                "SLACK_SIGNING_SECRET is empty: without it anybody could pose as Slack; "
                "copy it from the app's Basic Information page, or use Socket Mode"
            )
        self._app, self._on_misshapen = app, on_misshapen
        self._genuine = SignatureVerifier(signing_secret)
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises SettingsError when the address cannot be had."""
        served = web_app(self._app, self._genuine, self._on_misshapen)
        self._runner = web.AppRunner(served, access_log=None, logger=_server_log(), shutdown_timeout=3.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            raise SettingsError(f"cannot listen on {self._host}:{self._port}: {error.strerror}") from error

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """Request URL of this door; port 0 has become a real one."""
        assert self._runner is not None
        return f"http://{self._host}:{self._runner.addresses[0][1]}{PATH}"


def web_app(app: AsyncApp, genuine: SignatureVerifier, on_misshapen: OnMisshapen) -> web.Application:
    """Bolt's own aiohttp application behind the checks."""
    bolt = app.server(path=PATH).web_app
    checks = [_checked(Seen(time.monotonic), genuine), _shaped(on_misshapen)]
    outer = web.Application(client_max_size=MOST_BYTES, middlewares=checks)
    for route in bolt.router.routes():
        outer.router.add_route(route.method, PATH, route.handler)
    return outer


def _server_log() -> logging.Logger:
    """Where aiohttp writes; it would write a traceback for each stranger that speaks no HTTP."""
    log = logging.getLogger("bot.slack.http.server")
    log.addFilter(_is_no_stranger)
    return log


def _is_no_stranger(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


def _checked(seen: Seen, genuine: SignatureVerifier) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        signature = request.headers.get("X-Slack-Signature", "")
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        # Malformed headers make Bolt fail and log the body; such a request is not Slack's anyway.
        if not (_TIMESTAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)):
            return web.json_response({"error": "invalid request"}, status=401)
        if request.content_length is None or request.content_length > MOST_BYTES:
            return web.json_response({"error": "too large"}, status=413)
        if not _is_genuine(genuine, await request.read(), stamp, signature):
            return web.json_response({"error": "invalid request"}, status=401)
        # Bolt accepts the same bytes again for five minutes. Only good signatures are kept.
        if not seen.is_new(signature):
            return web.Response(status=200, text="")
        return await handler(request)

    return check


def _shaped(on_misshapen: OnMisshapen) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # The signature covers the body alone; read in another encoding it would be another body.
        if (request.charset or "utf-8").lower() != "utf-8":
            return web.json_response({"error": "invalid request"}, status=401)
        body = _read(await request.read(), request.headers.get("Content-Type", ""))
        flaw = flaw_of(body)
        if flaw is None:
            return await handler(request)
        on_misshapen(body, flaw)
        return web.Response(status=200, text="")

    return check


def _read(raw: bytes, content_type: str) -> object:
    """The body as Bolt is going to read it, by Bolt's own hand; None for what it would fail at."""
    try:
        return parse_body(raw.decode(), content_type.split(";", maxsplit=1)[0])
    except (ValueError, RecursionError):
        return None


def _is_genuine(genuine: SignatureVerifier, raw: bytes, stamp: str, signature: str) -> bool:
    """Whether Slack signed it. Bolt looks too, but reads the body first, and fails at one that is no JSON."""
    try:
        return genuine.is_valid(body=raw, timestamp=stamp, signature=signature)
    except UnicodeDecodeError:  # Slack writes UTF-8
        return False
