"""Faults on demand, each as the SDK's client meets it."""

import asyncio

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.devslack.clock import HandClock
from tests.devslack.office import INCIDENTS, plain_slack


async def test_refuse_gives_slacks_error_as_often_as_asked() -> None:
    async with plain_slack() as (_, client, page):
        await page.act("fault", kind="refuse", error="internal_error", method="chat.postMessage", count=1)
        await client.api_call("api.test")

        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=INCIDENTS, text="x")

        assert refused.value.response["error"] == "internal_error"
        await client.chat_postMessage(channel=INCIDENTS, text="x")
        assert (await page.get("state"))["faults"] == []


async def test_ratelimit_says_when_to_come_back_and_notices_who_comes_early() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        await page.act("fault", kind="ratelimit", seconds=12, count=1)

        with pytest.raises(SlackApiError) as limited:
            await client.chat_postMessage(channel=INCIDENTS, text="x")
        await client.chat_postMessage(channel=INCIDENTS, text="x")
        clock.advance(13)
        await client.chat_postMessage(channel=INCIDENTS, text="x")

        assert limited.value.response.status_code == 429
        assert limited.value.response.headers["Retry-After"] == "12"
        assert [call.is_early for call in slack.parts.calls] == [False, True, False]
        assert [call["is_early"] for call in (await page.get("calls?after=1"))["calls"]] == [True, False]


async def test_a_channel_is_the_same_by_name_and_by_id() -> None:
    async with plain_slack(clock=HandClock()) as (_, client, _page):
        for _ in range(5):
            await client.chat_postMessage(channel="#incidents", text="x")

        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.chat_postMessage(channel=INCIDENTS, text="x")


async def test_server_error_is_html() -> None:
    async with plain_slack() as (_, client, page):
        await page.act("fault", kind="server_error", status=502, count=1)

        with pytest.raises(SlackApiError) as failed:
            await client.chat_postMessage(channel=INCIDENTS, text="x")

        assert failed.value.response.status_code == 502


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_hangup_closes_the_connection_before_or_after_the_call_counts(after: bool) -> None:
    async with plain_slack() as (_, client, page):
        client.retry_handlers.clear()
        await page.act("fault", kind="hangup", after=after, count=1)

        with pytest.raises(ClientError):
            await client.chat_postMessage(channel=INCIDENTS, text="was it sent?")

        assert len(await page.messages()) == after


async def test_delay_answers_late() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (_, client, page):
        await page.act("fault", kind="delay", seconds=9, count=1)
        calling = asyncio.create_task(client.chat_postMessage(channel=INCIDENTS, text="x"))
        await clock.until_asleep()
        assert await page.messages() == []

        clock.advance(9)

        assert (await calling)["ok"]


async def test_away_hangs_up_on_everything_until_it_is_back() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        client.retry_handlers.clear()
        token = slack.parts.hooks.issue(user="U0REQUESTER", channel=INCIDENTS)
        opened = await client.apps_connections_open(app_token=slack.app_token)
        await page._session.ws_connect(opened["url"])
        await page.act("fault", kind="away", seconds=60)

        await slack.parts.sockets.until(0)
        with pytest.raises(ClientError):
            await client.chat_postMessage(channel=INCIDENTS, text="x")
        with pytest.raises(ClientError):
            await page._session.post(f"{slack.page_url}response/{token}", json={"text": "x"})
        answer = await page.act("command", text="/502 web-01")
        clock.advance(61)

        assert answer["error"] == "dispatch_failed"
        assert (await client.chat_postMessage(channel=INCIDENTS, text="back"))["ok"]


async def test_clearing_all_faults_ends_being_away() -> None:
    async with plain_slack(clock=HandClock()) as (_, client, page):
        await page.act("fault", kind="away", seconds=60)

        await page.act("fault/clear")

        assert (await client.auth_test())["ok"]


async def test_faults_are_listed_and_cleared_by_id() -> None:
    async with plain_slack() as (_, client, page):
        first = (await page.act("fault", kind="refuse", method="auth.test"))["fault"]
        await page.act("fault", kind="refuse", method="api.test")

        await page.act("fault/clear", id=first["id"])

        assert [item["method"] for item in (await page.get("state"))["faults"]] == ["api.test"]
        assert (await client.auth_test())["ok"]
        await page.act("fault/clear")
        assert (await page.get("state"))["faults"] == []


async def test_an_unknown_fault_is_refused_with_the_list() -> None:
    async with plain_slack() as (_, _client, page):
        answer = await page.act("fault", kind="earthquake")

        assert answer["error"] == "unknown_fault"
        assert "hangup" in answer["says"]
