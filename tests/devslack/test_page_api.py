"""The page API: what people see and do, live news, and keeping other web sites out."""

import json
from typing import Any

import pytest

from bot.devslack import DevSlack, Options
from tests.devslack.office import APPROVER, INCIDENTS, REQUESTER, Page, plain_slack


async def test_state_shows_the_workspace_as_one_person_sees_it() -> None:
    async with plain_slack() as (_, client, page):
        await client.chat_postEphemeral(channel=INCIDENTS, user=APPROVER.id, text="for you")
        await page.act("message", channel="C0SECRET", text="secret")

        mine = await page.get("state")
        theirs = await page.get(f"state?user={APPROVER.id}")

        assert [message["text"] for message in mine["messages"]] == ["secret"]
        assert [message["text"] for message in theirs["messages"]] == ["for you"]
        assert mine["me"] == REQUESTER.id
        assert [command["command"] for command in mine["commands"]] == ["/502", "/runbook"]
        assert {user["kind"] for user in mine["users"]} == {
            "member", "guest", "stranger", "elsewhere", "bot", "app", "deactivated",
        }  # fmt: skip
        assert mine["groups"][0] == {"id": "S0SRE", "handle": "sre", "name": "SRE", "users": [APPROVER.id]}


async def read_news(page: Page, path: str, count: int, headers: dict[str, str] | None = None) -> list[Any]:
    news: list[Any] = []
    url = f"{page._slack.page_url}local/{path}"
    async with page._session.get(url, headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        async for raw in answer.content:
            if raw.startswith(b"data: "):
                news.append(json.loads(raw[6:]))
            if len(news) == count:
                return news
    return news


async def test_news_come_in_order_and_only_to_those_who_may_see_them() -> None:
    async with plain_slack() as (_, client, page):
        seq = (await page.get("state"))["seq"]
        await client.chat_postEphemeral(channel=INCIDENTS, user=APPROVER.id, text="for the approver")
        first = await client.chat_postMessage(channel=INCIDENTS, text="root")
        await client.chat_postMessage(channel=INCIDENTS, text="reply", thread_ts=first["ts"])
        await client.chat_delete(channel=INCIDENTS, ts=first["ts"])

        news = await read_news(page, f"events?user={REQUESTER.id}&after={seq}", 4)

        assert [item["type"] for item in news] == ["message", "message", "message", "message_deleted"]
        assert [item["message"]["text"] for item in news[:3]] == ["root", "reply", "root"]
        assert [item["change"] for item in news[:3]] == ["added", "added", "changed"]
        assert news[2]["message"]["reply_count"] == 1


async def test_a_reconnecting_browser_misses_nothing() -> None:
    async with plain_slack() as (slack, client, page):
        for text in ("one", "two"):
            await client.chat_postMessage(channel=INCIDENTS, text=text)
        start = slack.parts.feed.seq - 2
        (one,) = await read_news(page, f"events?after={start}", 1)

        (two,) = await read_news(page, "events", 1, {"Last-Event-ID": str(one["seq"])})

        assert (one["message"]["text"], two["message"]["text"]) == ("one", "two")


async def test_a_browser_that_knows_another_server_is_told_to_start_over() -> None:
    async with plain_slack() as (_, _client, page):
        (news,) = await read_news(page, "events", 1, {"Last-Event-ID": "999999"})

        assert news["type"] == "reset"


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Host": "evil.invalid"}, "foreign_host"),
        ({"Origin": "http://evil.invalid"}, "foreign_origin"),
        ({"Content-Type": "text/plain"}, "not_json"),
    ],
    ids=["rebound name", "foreign page", "form post"],
)
async def test_other_web_sites_cannot_use_it(headers: dict[str, str], error: str) -> None:
    async with plain_slack() as (slack, _, page):
        body = json.dumps({"user": REQUESTER.id, "channel": INCIDENTS, "text": "x"})
        given = {"Content-Type": "application/json"} | headers
        async with page._session.post(f"{slack.page_url}local/message", data=body, headers=given) as answer:
            assert (await answer.json())["error"] == error

        assert await page.messages() == []


async def test_the_page_itself_is_served_and_nothing_else() -> None:
    async with plain_slack() as (slack, _, page):
        async with page._session.get(slack.page_url) as answer:
            assert answer.status == 200
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        for path in ("server.py", "..%2fserver.py", "%2e%2e/server.py", ".env", "page.json"):
            async with page._session.get(slack.page_url + path) as answer:
                assert answer.status == 404


async def test_it_refuses_to_listen_where_others_could_reach_it() -> None:
    for host in ("0.0.0.0", "192.168.0.1", "::", "example.invalid"):
        with pytest.raises(ValueError, match="loopback only"):
            await DevSlack(Options()).start(host)


async def test_names_become_ids_and_the_rest_is_escaped() -> None:
    async with plain_slack() as (_, _client, page):
        text = "@runbook ask @sre in #incidents about <b> & a@b.c <@U0GUEST> @here"
        await page.act("message", text=text)

        (message,) = await page.messages()
        assert message["text"] == (
            "<@U0BOT> ask <!subteam^S0SRE|@sre> in <#C0INCIDENTS|incidents> "
            "about &lt;b&gt; &amp; a@b.c <@U0GUEST> <!here>"
        )


async def test_a_command_typed_as_a_message_is_sent_back() -> None:
    async with plain_slack() as (_, _client, page):
        assert (await page.act("message", text="/502 web-01"))["error"] == "use_command"


async def test_group_and_channel_membership_change_and_the_app_sees_it() -> None:
    async with plain_slack() as (_, client, page):
        await page.act("group", group="S0SRE", users=[REQUESTER.id])
        await page.act("channel", channel=INCIDENTS, user="U0BOT", is_member=False)

        listed = await client.usergroups_users_list(usergroup="S0SRE")
        info = await client.conversations_info(channel=INCIDENTS)

        assert listed["users"] == [REQUESTER.id]
        assert info["channel"]["is_member"] is False


async def test_a_person_uploads_a_file_that_members_can_read() -> None:
    async with plain_slack() as (slack, _, page):
        file = (await page.act("upload", name="log.html", text="<script>1</script>"))["file"]
        url = slack.page_url + file["url"]

        async with page._session.get(f"{url}?user={APPROVER.id}&download=1") as answer:
            assert await answer.text() == "<script>1</script>"
            assert answer.content_type == "text/plain"
            assert answer.headers["Content-Disposition"] == 'attachment; filename="log.html"'
        async with page._session.get(f"{url}?user=U0STRANGER") as answer:
            assert answer.status == 404


async def test_an_ephemeral_can_be_dismissed_by_its_reader_only() -> None:
    async with plain_slack() as (_, client, page):
        sent = await client.chat_postEphemeral(channel=INCIDENTS, user=APPROVER.id, text="x")
        place = {"channel": INCIDENTS, "ts": sent["message_ts"]}

        foreign = await page.act("ephemeral/dismiss", **place)
        own = await page.act("ephemeral/dismiss", user=APPROVER.id, **place)

        assert foreign["error"] == "message_not_found" and own["ok"]
        assert await page.messages(APPROVER.id) == []


async def test_mentions_are_reported_beside_problems() -> None:
    async with plain_slack() as (_, _client, page):
        answer = await page.act("mentions", text="<!channel>", blocks=[{"type": "alert", "text": {}}])

        assert answer["mentions"] == [{"pointer": "/text", "kind": "broadcast", "target": "channel"}]
        assert answer["problems"][0]["pointer"] == "/blocks/0/type"


async def test_reset_goes_back_to_the_seed() -> None:
    async with plain_slack() as (_, client, page):
        await client.chat_postMessage(channel=INCIDENTS, text="x")
        await page.act("group", group="S0SRE", users=[])
        await page.act("fault", kind="refuse")

        await page.act("reset")

        state = await page.get("state")
        assert (state["messages"], state["faults"]) == ([], [])
        assert state["groups"][0]["users"] == [APPROVER.id]


async def test_deliveries_are_listed_with_their_outcome() -> None:
    async with plain_slack() as (_, _client, page):
        await page.act("command", text="/502 web-01")

        (delivery,) = (await page.get("deliveries"))["deliveries"]
        assert (delivery["type"], delivery["outcome"]) == ("slash_commands", "dispatch_failed")


async def test_broken_json_is_said_to_be_so() -> None:
    async with plain_slack() as (slack, _, page):
        headers = {"Content-Type": "application/json"}
        for body in ("{", "[]"):
            url = f"{slack.page_url}local/message"
            async with page._session.post(url, data=body, headers=headers) as answer:
                assert (answer.status, (await answer.json())["error"]) == (400, "invalid_json")
