"""The page API: routes of PAGE_API.md."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from aiohttp import web

from bot.devslack.acting import clicks, commands, messages, modals, settings
from bot.devslack.errors import PageError
from bot.devslack.guard import body_of
from bot.devslack.parts import Parts
from bot.devslack.snapshot import snapshot
from bot.devslack.stream import stream
from bot.devslack.validator import live_mentions, validate_message
from bot.devslack.wire import Payload, whole_number

Act = Callable[[Parts, Payload], Awaitable[Payload]]


def _at_once(act: Callable[[Parts, Payload], Payload]) -> Act:
    async def run(parts: Parts, body: Payload) -> Payload:
        return act(parts, body)

    return run


def mentions(_parts: Parts, body: Payload) -> Payload:
    """What a message would fire, and what Slack would refuse in it."""
    problems = [
        {"code": item.code, "pointer": item.pointer, "message": item.message}
        for item in validate_message(body)
    ]
    return {"ok": True, "mentions": [asdict(item) for item in live_mentions(body)], "problems": problems}


ACTS: dict[str, Act] = {
    "message": _at_once(messages.post),
    "command": commands.run_command,
    "action": clicks.click,
    "view/submit": modals.submit,
    "view/close": modals.close,
    "shortcut": clicks.shortcut,
    "upload": _at_once(messages.upload),
    "ephemeral/dismiss": _at_once(messages.dismiss),
    "group": _at_once(settings.change_group),
    "channel": _at_once(settings.change_channel),
    "share": _at_once(settings.share_channel),
    "fault": settings.set_fault,
    "fault/clear": _at_once(settings.clear_fault),
    "mentions": _at_once(mentions),
    "reset": _at_once(settings.reset),
}


class PageApi:
    """`/local/…`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.get("/local/state", self._state),
            web.get("/local/events", self._events),
            web.get("/local/files/{file}", self._file),
            web.get("/local/calls", self._calls),
            web.get("/local/deliveries", self._deliveries),
            *(web.post(f"/local/{path}", self._acting(act)) for path, act in ACTS.items()),
        ]

    def _acting(self, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return web.json_response(await act(self._parts, await body_of(request)))

        return handle

    async def _state(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("user") or self._parts.world.first_person
        if user not in self._parts.world.people:
            raise PageError("user_not_found", f"There is no person {user!r}.", status=404)
        return web.json_response(snapshot(self._parts, user))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await stream(self._parts, request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._parts.world.files.get(request.match_info["file"])
        user = request.query.get("user") or self._parts.world.first_person
        if (
            file is None
            or file.channel is None
            or user not in self._parts.world.channels[file.channel].members
        ):
            raise PageError("file_not_found", "That file is gone, or not yours to see.", status=404)
        kind = "attachment" if request.query.get("download") else "inline"
        name = file.name.replace('"', "").replace("\n", "").replace("\r", "")
        headers = {
            # never a document type of its own: an uploaded page must not run as this origin
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'{kind}; filename="{name}"',
        }
        return web.Response(body=file.content or b"", headers=headers)

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        after = whole_number(request.query.get("after"), 0)
        return web.json_response(
            {"ok": True, "calls": [call.for_page() for call in self._parts.calls[after:]]}
        )

    async def _deliveries(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "deliveries": settings.deliveries(self._parts)})
