"""Strictness towards the app: acknowledgements, connections, retries, signatures."""

import asyncio
import json

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.devslack.seed import REQUESTER
from tests.devslack.desk import Desk, line


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
