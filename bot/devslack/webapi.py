"""Slack's Web API over HTTP: arguments in every form, faults, tokens, rate limits, answers."""

import json

from aiohttp import web

from bot.devslack.calls import ApiCall
from bot.devslack.errors import SlackError
from bot.devslack.methods import basics, chat, conversations, files, people, views
from bot.devslack.methods.registry import METHODS, Method
from bot.devslack.parts import Parts
from bot.devslack.wire import Payload, text_of

#: Imported for what they register.
MODULES = (basics, chat, conversations, files, people, views)


class WebApi:
    """`/api/METHOD`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call; every call is logged."""
        name = request.match_info["method"]
        args, token = await _read(request)
        channel = self._channel(args or {})
        is_early = self._parts.limiter.is_early(name, channel)
        answer = await self._faulty(name, channel, request)
        if answer is None:
            answer = self._answer(name, args, token, channel)
        answer = self._hung_up_after(name, request) or answer
        self._log(name, channel, answer, is_early=is_early)
        return answer

    def _answer(self, name: str, args: Payload | None, token: str, channel: str | None) -> web.Response:
        try:
            return _good(self._run(name, args, token, channel))
        except RateLimited as limited:
            return too_many(limited.seconds)
        except SlackError as error:
            return _json(error.answer())

    def _run(self, name: str, args: Payload | None, token: str, channel: str | None) -> Payload:
        entry = METHODS.get(name)
        if entry is None:
            raise SlackError("unknown_method", req_method=name)
        if args is None:
            raise SlackError("invalid_json")
        self._check(entry, token)
        seconds = self._parts.limiter.wait_s(name, entry.tier, channel)
        if seconds is not None:
            raise RateLimited(seconds)
        return entry.handler(self._parts, args)

    def _check(self, entry: Method, token: str) -> None:
        self._parts.tokens.check(token, wants_app=entry.wants_app, scopes=entry.scopes)

    async def _faulty(self, name: str, channel: str | None, request: web.Request) -> web.Response | None:
        faults = self._parts.faults
        late = faults.take("delay", name)
        if late is not None:
            await self._parts.clock.sleep(late.seconds)
        if faults.is_away:
            return hang_up(request)
        if faults.take_hangup(name, is_after=False) is not None:
            return hang_up(request)
        if (broken := faults.take("server_error", name)) is not None:
            return web.Response(
                status=broken.status, text="<html>server error</html>", content_type="text/html"
            )
        if (limited := faults.take("ratelimit", name)) is not None:
            seconds = max(1, int(limited.seconds))
            self._parts.limiter.shut(name, channel, seconds)
            return too_many(seconds)
        refused = faults.take("refuse", name)
        return _json({"ok": False, "error": refused.error}) if refused is not None else None

    def _hung_up_after(self, name: str, request: web.Request) -> web.Response | None:
        cut = self._parts.faults.take_hangup(name, is_after=True)
        return hang_up(request) if cut is not None else None

    def _channel(self, args: Payload) -> str | None:
        """The channel a call is counted for; `#name` and id are the same one."""
        name = text_of(args, "channel")
        for channel in self._parts.world.channels.values():
            if name == f"#{channel.name}":
                return channel.id
        return name or None

    def _log(self, name: str, channel: str | None, answer: web.Response, *, is_early: bool) -> None:
        error = answer.headers.get("X-Local-Error")
        self._parts.calls.append(
            ApiCall(
                n=len(self._parts.calls) + 1,
                method=name,
                at=self._parts.clock.now(),
                status=answer.status,
                error=error,
                channel=channel,
                is_early=is_early,
            )
        )


class RateLimited(Exception):
    """Answered with 429."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def too_many(seconds: int) -> web.Response:
    """Slack's 429."""
    return _json({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


def hang_up(request: web.Request) -> web.Response:
    """Close the connection without an answer; the response is only for the log."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=599, headers={"X-Local-Error": "hangup"})


def _good(answer: Payload) -> web.Response:
    return _json({"ok": True} | answer)


def _json(body: Payload, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    more = {"X-Local-Error": str(body["error"])} if body.get("ok") is False else {}
    return web.json_response(body, status=status, headers=(headers or {}) | more)


async def _read(request: web.Request) -> tuple[Payload | None, str]:
    """Arguments from query, form and JSON together, and the token; None for broken JSON."""
    args: Payload = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return None, _bearer(request)
        args |= body if isinstance(body, dict) else {}
    elif request.method == "POST" and request.content_type.startswith(("application/x-www", "multipart/")):
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    token = _bearer(request) or text_of(args, "token")
    return args, token


def _bearer(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
