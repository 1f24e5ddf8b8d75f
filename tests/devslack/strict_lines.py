"""Slack's strictness, line by line: each refuses something, and only because of its check."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.devslack.clock import HandClock
from bot.devslack.seed import APPROVER, GONE, GUEST, REQUESTER, STRANGER
from tests.devslack.office import INCIDENTS, Page


class Desk:
    """What a line works with: Slack on a clock moved by hand, the SDK's client, the page."""

    def __init__(self, slack: DevSlack, client: AsyncWebClient, page: Page, clock: HandClock) -> None:
        self.slack = slack
        self.client = client
        self.page = page
        self.clock = clock
        self.session = page._session

    async def refused(self, method: str, **args: Any) -> str:
        """The error name of a call; empty when it was taken."""
        return await refusal_of(self.client, method, **args)

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        """A raw Socket Mode connection, its hello read."""
        opened = await self.client.apps_connections_open(app_token=self.slack.app_token)
        socket = await self.session.ws_connect(opened["url"])
        await socket.receive_json()
        return socket

    async def handshake(self, url: str) -> int:
        """The status a handshake ends with; 101 when it is accepted."""
        try:
            await self.session.ws_connect(url)
        except aiohttp.WSServerHandshakeError as error:
            return error.status
        return 101

    async def respond(self, token: str) -> dict[str, Any]:
        """POST to a response URL."""
        url = f"{self.slack.page_url}response/{token}"
        async with self.session.post(url, json={"text": "x"}) as answer:
            text = await answer.text()
            return {"ok": True} if text == "ok" else dict(json.loads(text))

    async def post(self, **more: Any) -> str:
        """A message of the app in #incidents; its ts."""
        return str((await self.client.chat_postMessage(**({"channel": INCIDENTS, "text": "x"} | more)))["ts"])

    async def open_view(self, view: dict[str, Any] | None = None) -> dict[str, Any]:
        """A modal for the requester."""
        trigger = self.slack.parts.triggers.issue(REQUESTER.id)
        return dict((await self.client.views_open(trigger_id=trigger, view=view or MODAL)).get("view", {}))

    async def settled(self, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """The answer; when it waits for the clock, let the clock pass."""
        task = asyncio.ensure_future(work)
        asleep = asyncio.ensure_future(self.clock.until_asleep())
        await asyncio.wait({task, asleep}, return_when=asyncio.FIRST_COMPLETED)
        asleep.cancel()
        if not task.done():
            self.clock.advance(10)
        return await task


Line = Callable[[Desk], Awaitable[None]]
LINES: dict[str, Line] = {}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def line(check: str) -> Callable[[Line], Line]:
    """Put a line into the table under the check it is tied to."""

    def put(function: Line) -> Line:
        assert check not in LINES
        LINES[check] = function
        return function

    return put


async def refusal_of(client: AsyncWebClient, method: str, **args: Any) -> str:
    try:
        await client.api_call(method, json=args)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


def button(**more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Restart"}
    element = {"type": "button", "action_id": "go", "text": text} | more
    return {"type": "actions", "block_id": "card", "elements": [element]}


CONFIRM = {
    "title": {"type": "plain_text", "text": "Sure?"},
    "text": {"type": "plain_text", "text": "Restarts myapp"},
    "confirm": {"type": "plain_text", "text": "Yes"},
    "deny": {"type": "plain_text", "text": "No"},
}


@line("ack_in_time")
async def a_late_ack_is_ignored_and_the_failure_shown(desk: Desk) -> None:
    socket = await desk.socket()
    asking = asyncio.create_task(desk.page.act("command", text="/502 web-01"))
    envelope = await socket.receive_json()
    desk.clock.advance(3.1)
    # ends at once; the limit only matters when the check is taken away
    await asyncio.wait({asking}, timeout=0.2)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})

    answer = await asking

    assert answer.get("error") == "operation_timeout"
    shown = (await desk.page.messages())[-1]
    assert shown["text"] == '/502 failed with the error "operation_timeout"'
    assert shown["says_failure"] and shown["ephemeral_to"] == REQUESTER.id


@line("connection_needed")
async def without_a_connection_the_person_sees_dispatch_failed(desk: Desk) -> None:
    answer = await desk.settled(desk.page.act("command", text="/502 web-01"))

    assert answer["error"] == "dispatch_failed"
    assert "dispatch_failed" in (await desk.page.messages())[-1]["text"]


@line("response_url_uses")
async def a_response_url_works_five_times(desk: Desk) -> None:
    token = desk.slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
    for _ in range(5):
        assert (await desk.respond(token))["ok"]

    assert (await desk.respond(token)).get("error") == "used_url"


@line("response_url_age")
async def a_response_url_works_half_an_hour(desk: Desk) -> None:
    token = desk.slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
    desk.clock.advance(1799)
    assert (await desk.respond(token))["ok"]
    desk.clock.advance(2)

    assert (await desk.respond(token)).get("error") == "expired_url"


@line("trigger_age")
async def a_trigger_works_three_seconds(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    desk.clock.advance(3.1)

    assert await desk.refused("views.open", trigger_id=trigger, view=MODAL) == "expired_trigger_id"


@line("trigger_once")
async def a_trigger_works_once(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    await desk.client.views_open(trigger_id=trigger, view=MODAL)

    assert await desk.refused("views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"


@line("token_known")
async def an_unknown_token_is_refused(desk: Desk) -> None:
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=desk.slack.api_url, session=desk.session)

    assert await refusal_of(stranger, "auth.test") == "invalid_auth"


@line("token_kind")
async def an_app_token_does_not_post(desk: Desk) -> None:
    app = AsyncWebClient(token=desk.slack.app_token, base_url=desk.slack.api_url, session=desk.session)

    assert await refusal_of(app, "auth.test") == "not_allowed_token_type"


@line("scope")
async def a_method_needs_its_scope(desk: Desk) -> None:
    # the table's manifest leaves reactions:write out
    ts = await desk.post()

    error = await desk.refused("reactions.add", channel=INCIDENTS, timestamp=ts, name="eyes")

    assert error == "missing_scope"


@line("in_channel")
async def the_bot_posts_only_where_it_is(desk: Desk) -> None:
    assert await desk.refused("chat.postMessage", channel="C0NOBOT", text="x") == "not_in_channel"


@line("channel_known")
async def a_private_channel_without_the_bot_does_not_exist(desk: Desk) -> None:
    assert await desk.refused("conversations.info", channel="C0SECRET") == "channel_not_found"


@line("thread_parent")
async def a_reply_needs_its_parent(desk: Desk) -> None:
    ts = await desk.post()
    reply = await desk.post(thread_ts=ts)

    error = await desk.refused("chat.postMessage", channel=INCIDENTS, text="x", thread_ts=reply)

    assert error == "thread_not_found"


@line("command_in_thread")
async def a_thread_takes_no_commands(desk: Desk) -> None:
    ts = await desk.post()

    answer = await desk.settled(desk.page.act("command", text="/502 web-01", thread_ts=ts))

    assert answer["error"] == "not_in_thread"


@line("command_known")
async def an_unknown_command_is_refused(desk: Desk) -> None:
    answer = await desk.settled(desk.page.act("command", text="/503 web-01"))

    assert answer["error"] == "unknown_command"


@line("no_text")
async def a_message_needs_something(desk: Desk) -> None:
    assert await desk.refused("chat.postMessage", channel=INCIDENTS) == "no_text"


@line("text_cut")
async def a_long_text_is_cut_with_a_warning(desk: Desk) -> None:
    answer = await desk.client.chat_postMessage(channel=INCIDENTS, text="x" * 40_001)

    assert len(answer["message"]["text"]) == 40_000
    assert answer["warning"] == "message_truncated"


@line("blocks_valid")
async def an_alert_in_a_message_is_refused_with_its_place(desk: Desk) -> None:
    blocks = [{"type": "alert", "text": {"type": "plain_text", "text": "x"}}]
    try:
        await desk.client.chat_postMessage(channel=INCIDENTS, text="x", blocks=blocks)
    except SlackApiError as error:
        answer = error.response
    else:
        raise AssertionError("taken")

    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: alert [json-pointer:/blocks/0/type]"
    ]


@line("blocks_total")
async def blocks_have_a_total_size(desk: Desk) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}

    error = await desk.refused("chat.postMessage", channel=INCIDENTS, text="x", blocks=[section] * 5)

    assert error == "msg_blocks_too_long"


@line("own_message")
async def the_bot_updates_its_own_messages_only(desk: Desk) -> None:
    ts = (await desk.page.act("message", text="mine"))["ts"]

    assert await desk.refused("chat.update", channel=INCIDENTS, ts=ts, text="yours") == "cant_update_message"


@line("message_rate")
async def a_channel_takes_one_message_a_second_after_a_burst(desk: Desk) -> None:
    for _ in range(5):
        await desk.post()

    assert await desk.refused("chat.postMessage", channel=INCIDENTS, text="x") == "ratelimited"
    desk.clock.advance(1)
    await desk.post()


@line("method_rate")
async def chat_update_works_fifty_times_a_minute(desk: Desk) -> None:
    ts = await desk.post()
    for _ in range(50):
        await desk.client.chat_update(channel=INCIDENTS, ts=ts, text="y")

    assert await desk.refused("chat.update", channel=INCIDENTS, ts=ts, text="z") == "ratelimited"
    desk.clock.advance(61)
    await desk.client.chat_update(channel=INCIDENTS, ts=ts, text="z")


@line("ticket_once")
async def a_ticket_opens_one_connection(desk: Desk) -> None:
    url = (await desk.client.apps_connections_open(app_token=desk.slack.app_token))["url"]
    assert await desk.handshake(url) == 101

    assert await desk.handshake(url) == 403


@line("ticket_known")
async def an_invented_ticket_opens_none(desk: Desk) -> None:
    assert await desk.handshake(f"{desk.slack.page_url}link/?ticket=invented") == 403


@line("ten_connections")
async def the_eleventh_connection_is_sent_away(desk: Desk) -> None:
    sockets = [await desk.socket() for _ in range(10)]
    opened = await desk.client.apps_connections_open(app_token=desk.slack.app_token)

    eleventh = await desk.session.ws_connect(opened["url"])

    assert (await eleventh.receive_json()).get("reason") == "too_many_websockets"
    assert len(sockets) == desk.slack.parts.sockets.count == 10


@line("one_connection")
async def one_of_the_connections_gets_an_envelope(desk: Desk) -> None:
    sockets = [await desk.socket(), await desk.socket()]
    asking = asyncio.create_task(desk.page.act("command", text="/502 web-01"))
    receiving = [asyncio.create_task(socket.receive()) for socket in sockets]
    done, _ = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
    envelope = json.loads(next(iter(done)).result().data)
    await sockets[0].send_json({"envelope_id": envelope["envelope_id"]})
    assert (await asking)["ok"]
    closing = asyncio.create_task(desk.slack.parts.sockets.close())

    messages = [await task for task in receiving]

    await asyncio.gather(closing, *(socket.close() for socket in sockets))
    assert [message.type for message in messages].count(aiohttp.WSMsgType.TEXT) == 1


@line("event_subscribed")
async def only_events_of_the_manifest_are_sent(desk: Desk) -> None:
    await desk.page.act("message", text="no mention in here")

    assert not desk.slack.parts.delivery.is_busy
    assert desk.slack.parts.delivery.records == []


@line("event_retry")
async def an_unacknowledged_event_comes_again(desk: Desk) -> None:
    socket = await desk.socket()
    await desk.page.act("message", text="@runbook hello")
    first = await socket.receive_json()
    await desk.clock.until_asleep()
    desk.clock.advance(3.1)
    again = asyncio.create_task(socket.receive_json())
    idle = asyncio.create_task(desk.slack.parts.delivery.until_idle())
    await asyncio.wait({again, idle}, return_when=asyncio.FIRST_COMPLETED)
    idle.cancel()

    assert again.done()

    second = again.result()
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "timeout"
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    await socket.send_json({"envelope_id": second["envelope_id"]})
    await desk.slack.parts.delivery.until_idle()
    assert len(desk.slack.parts.delivery.records) == 2


@line("signed")
async def requests_to_the_app_are_signed(desk: Desk) -> None:
    verdicts: list[bool] = []

    async def receive(request: web.Request) -> web.Response:
        verifier = SignatureVerifier(desk.slack.signing_secret)
        headers = dict(request.headers.items())
        verdicts.append(verifier.is_valid_request(await request.read(), headers))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    try:
        assert (await desk.page.act("command", text="/502 web-01"))["ok"]
    finally:
        await runner.cleanup()

    assert verdicts == [True]


@line("upload_complete")
async def a_file_without_bytes_is_not_shared(desk: Desk) -> None:
    ticket = await desk.client.files_getUploadURLExternal(filename="a.txt", length=3)

    error = await desk.refused(
        "files.completeUploadExternal", files=[{"id": ticket["file_id"]}], channel_id=INCIDENTS
    )

    assert error == "file_upload_incomplete"


@line("view_valid")
async def a_modal_with_a_long_title_is_refused(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    view = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}

    assert await desk.refused("views.open", trigger_id=trigger, view=view) == "invalid_arguments"


@line("view_stack")
async def a_fourth_modal_does_not_fit(desk: Desk) -> None:
    await desk.open_view()
    for _ in range(2):
        trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
        await desk.client.views_push(trigger_id=trigger, view=MODAL)
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)

    assert await desk.refused("views.push", trigger_id=trigger, view=MODAL) == "push_limit_reached"


@line("view_hash")
async def an_old_hash_does_not_update(desk: Desk) -> None:
    view = await desk.open_view()
    await desk.client.views_update(view_id=view["id"], view=MODAL)

    error = await desk.refused("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)

    assert error == "hash_conflict"


@line("input_required")
async def an_empty_required_input_is_not_sent(desk: Desk) -> None:
    view = await desk.open_view()

    answer = await desk.settled(desk.page.act("view/submit", view_id=view["id"], values={}))

    assert answer["error"] == "invalid_input"
    assert answer["errors"] == {"why": "Please complete this required field."}


@line("confirm_needed")
async def a_confirm_dialog_needs_its_yes(desk: Desk) -> None:
    ts = await desk.post(blocks=[button(confirm=CONFIRM)])
    click = {"message_ts": ts, "block_id": "card", "action_id": "go"}

    answer = await desk.settled(desk.page.act("action", **click))

    assert answer["error"] == "confirm_required"
    assert (await desk.page.act("action", confirmed=True, **click))["error"] == "dispatch_failed"


@line("element_present")
async def a_button_that_is_gone_is_not_clicked(desk: Desk) -> None:
    ts = await desk.post()

    answer = await desk.settled(desk.page.act("action", message_ts=ts, block_id="card", action_id="go"))

    assert answer["error"] == "element_gone"


@line("user_in_channel")
async def an_ephemeral_needs_its_reader_in_the_channel(desk: Desk) -> None:
    error = await desk.refused("chat.postEphemeral", channel=INCIDENTS, user=STRANGER.id, text="x")

    assert error == "user_not_in_channel"


@line("user_active")
async def deactivated_people_do_not_act(desk: Desk) -> None:
    desk.slack.parts.world.channels[INCIDENTS].members.append(GONE.id)

    answer = await desk.page.act("message", user=GONE.id, text="hello")

    assert answer.get("error") == "user_inactive"


@line("channel_seen")
async def people_act_in_their_own_channels(desk: Desk) -> None:
    answer = await desk.page.act("message", user=GUEST.id, channel="C0NOBOT", text="hello")

    assert answer.get("error") == "not_in_channel"


__all__ = ["APPROVER", "LINES", "Desk"]
