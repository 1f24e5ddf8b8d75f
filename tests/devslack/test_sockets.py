"""Socket Mode as the SDK sees it: hello, farewells, cut connections, failed handshakes."""

from typing import Any

from aiohttp import WSMsgType

from bot.devslack.clock import HandClock
from tests.devslack.desk import Desk
from tests.devslack.office import Office, office, plain_slack


def count_commands(place: Office) -> list[str]:
    seen: list[str] = []

    @place.app.command("/502")
    async def on_command(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body["text"])

    return seen


async def test_hello_tells_the_number_of_connections() -> None:
    async with plain_slack() as (slack, client, page):
        for count in (1, 2):
            opened = await client.apps_connections_open(app_token=slack.app_token)
            socket = await page._session.ws_connect(opened["url"])
            hello = await socket.receive_json()
            assert hello["type"] == "hello"
            assert hello["num_connections"] == count
            assert hello["connection_info"]["app_id"] == "A0RUNBOOK"


async def test_a_warning_leaves_the_connection_open_and_a_refresh_closes_it() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        socket = await Desk(slack, client, page, clock).socket()

        await page.act("fault", kind="disconnect", error="warning")
        assert (await socket.receive_json())["reason"] == "warning"
        assert slack.parts.sockets.count == 1

        await page.act("fault", kind="disconnect")
        assert (await socket.receive_json())["reason"] == "refresh_requested"
        await clock.until_asleep()
        clock.advance(10)
        assert (await socket.receive()).type is WSMsgType.CLOSE
        await slack.parts.sockets.until(0)


async def test_the_sdk_comes_back_after_a_refresh_with_a_fresh_ticket() -> None:
    async with office() as place:
        seen = count_commands(place)
        await place.connect(1)

        await place.page.act("fault", kind="disconnect", error="refresh_requested")
        await place.slack.parts.sockets.until_handshakes(2)
        await place.slack.parts.sockets.until(1)
        answer = await place.page.act("command", text="/502 web-01")

        first, second = place.slack.parts.sockets.handshakes
        assert first.is_accepted and second.is_accepted and first.ticket != second.ticket
        assert answer["ok"] and seen == ["web-01"]


async def test_the_sdk_comes_back_after_its_sockets_were_cut() -> None:
    async with office() as place:
        seen = count_commands(place)
        await place.connect(2)

        await place.page.act("fault", kind="drop_sockets")
        await place.slack.parts.sockets.until_handshakes(4)
        await place.slack.parts.sockets.until(2)

        assert (await place.page.act("command", text="/502 web-01"))["ok"] and seen == ["web-01"]


async def test_the_sdk_tries_a_used_ticket_for_ever_until_it_is_taken_away() -> None:
    """slack_sdk 3.47: connect() renews the address only when it is None."""
    async with office() as place:
        seen = count_commands(place)
        # Its pause between tries. A shorter one would let it leave a good connection whenever the machine
        # stands still for a second.
        await place.connect(1, ping_interval=1)
        await place.page.act("fault", kind="handshake", count=1)
        await place.page.act("fault", kind="drop_sockets")

        await place.slack.parts.sockets.until_handshakes(4)
        failed = place.slack.parts.sockets.handshakes[1:4]
        opened = [call for call in place.slack.parts.calls if call.method == "apps.connections.open"]
        place.handlers[0].client.wss_uri = None
        await place.slack.parts.sockets.until(1)

        assert len({item.ticket for item in failed}) == 1
        assert not any(item.is_accepted for item in failed)
        assert len(opened) == 2
        assert (await place.page.act("command", text="/502 web-01"))["ok"] and seen == ["web-01"]


async def test_an_event_in_flight_on_a_cut_socket_is_sent_again_on_another() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        doomed = await desk.socket()
        await page.act("message", text="@runbook hello")
        first = await doomed.receive_json()
        await clock.until_asleep()
        await slack.parts.sockets.drop()
        await slack.parts.sockets.until(0)
        other = await desk.socket()

        clock.advance(3.1)
        second = await other.receive_json()

        assert second["payload"]["event_id"] == first["payload"]["event_id"]
        assert second["retry_attempt"] == 1


async def test_an_event_is_tried_four_times_at_slacks_pace() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        socket = await Desk(slack, client, page, clock).socket()
        await page.act("message", text="@runbook hello")
        attempts = []

        for pause_s in (3.1, 3.1, 60.1, 3.1, 300.1, 3.1):
            if pause_s == 3.1:
                attempts.append((await socket.receive_json())["retry_attempt"])
            await clock.until_asleep()
            clock.advance(pause_s)
        await slack.parts.delivery.until_idle()

        assert attempts == [0, 1, 2, 3]
        assert [record.parcel.attempt for record in slack.parts.delivery.records] == [0, 1, 2, 3]


async def test_the_page_hears_of_connections() -> None:
    async with plain_slack(clock=HandClock()) as (slack, client, page):
        socket = await Desk(slack, client, page, HandClock()).socket()

        assert not socket.closed
        assert (await page.get("state"))["app"]["connections"] == 1
        news = [item.payload for item in slack.parts.feed.since(0, "U0REQUESTER") or []]
        assert {"type": "app", "app": {"mode": "socket", "connections": 1}} in news
