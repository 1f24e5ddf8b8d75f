"""Web API methods as the SDK calls them."""

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.devslack.seed import APPROVER, GONE, GUEST, REQUESTER, STRANGER
from tests.devslack.office import INCIDENTS, plain_slack


async def test_auth_test_names_the_bot() -> None:
    async with plain_slack() as (_, client, _page):
        answer = await client.auth_test()

        assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0BOT", "T0LOCAL")


async def test_arguments_are_taken_as_json_form_and_query() -> None:
    async with plain_slack() as (slack, _, page):
        url, args = f"{slack.api_url}chat.postMessage", {"channel": INCIDENTS, "text": "x"}
        blocks = json.dumps([{"type": "divider"}])
        auth = {"Authorization": f"Bearer {slack.bot_token}"}
        requests: list[dict[str, object]] = [
            {"json": args, "headers": auth},
            {"data": args | {"blocks": blocks}, "headers": auth},
            {"params": args | {"blocks": blocks}, "headers": auth},
            {"data": args | {"token": slack.bot_token}},
        ]

        for request in requests:
            async with page._session.post(url, **request) as answer:  # type: ignore[arg-type]
                assert (await answer.json())["ok"]

        assert [len(message["blocks"]) for message in await page.messages()] == [0, 1, 1, 0]


async def test_broken_json_and_unknown_methods_have_slacks_names() -> None:
    async with plain_slack() as (slack, client, page):
        with pytest.raises(SlackApiError, match="unknown_method"):
            await client.api_call("chat.shout")
        headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
        async with page._session.post(f"{slack.api_url}api.test", data="{", headers=headers) as answer:
            assert (await answer.json())["error"] == "invalid_json"


async def test_no_token_is_not_authed() -> None:
    async with plain_slack() as (slack, _, page), page._session.post(f"{slack.api_url}auth.test") as answer:
        assert await answer.json() == {"ok": False, "error": "not_authed"}


async def test_history_and_replies_page_through() -> None:
    async with plain_slack() as (_, client, _page):
        root = await client.chat_postMessage(channel=INCIDENTS, text="root")
        for number in range(3):
            await client.chat_postMessage(channel=INCIDENTS, text=str(number), thread_ts=root["ts"])

        first = await client.conversations_replies(channel=INCIDENTS, ts=root["ts"], limit=3)
        rest = await client.conversations_replies(
            channel=INCIDENTS, ts=root["ts"], limit=3, cursor=first["response_metadata"]["next_cursor"]
        )
        history = await client.conversations_history(channel=INCIDENTS)

        texts = [message["text"] for message in first["messages"] + rest["messages"]]
        assert texts == ["root", "0", "1", "2"]
        assert not rest["has_more"]
        (parent,) = history["messages"]
        assert (parent["reply_count"], parent["latest_reply"]) == (3, rest["messages"][-1]["ts"])


async def test_a_broadcast_reply_shows_in_the_channel_too() -> None:
    async with plain_slack() as (_, client, page):
        root = await client.chat_postMessage(channel=INCIDENTS, text="root")
        await client.chat_postMessage(
            channel=INCIDENTS, text="done", thread_ts=root["ts"], reply_broadcast=True
        )

        assert [message["is_broadcast"] for message in await page.messages()] == [False, True]
        assert len((await client.conversations_history(channel=INCIDENTS))["messages"]) == 2


async def test_an_update_keeps_blocks_it_does_not_name_and_drops_those_it_empties() -> None:
    async with plain_slack() as (_, client, page):
        sent = await client.chat_postMessage(channel=INCIDENTS, text="x", blocks=[{"type": "divider"}])
        await client.chat_update(channel=INCIDENTS, ts=sent["ts"], text="y")
        (kept,) = await page.messages()
        await client.chat_update(channel=INCIDENTS, ts=sent["ts"], text="z", blocks=[])
        (dropped,) = await page.messages()

        assert (kept["text"], len(kept["blocks"])) == ("y", 1)
        assert (dropped["text"], dropped["blocks"]) == ("z", [])


async def test_metadata_is_told_to_those_who_ask_for_it() -> None:
    mark = {"event_type": "shown", "event_payload": {"key": "root"}}
    async with plain_slack() as (_, client, _page):
        await client.chat_postMessage(channel=INCIDENTS, text="x", metadata=mark)

        without = await client.conversations_history(channel=INCIDENTS)
        with_it = await client.conversations_history(channel=INCIDENTS, include_all_metadata=True)

        assert "metadata" not in without["messages"][0]
        assert with_it["messages"][0]["metadata"] == mark


async def test_a_deleted_message_is_gone() -> None:
    async with plain_slack() as (_, client, page):
        sent = await client.chat_postMessage(channel=INCIDENTS, text="x")
        await client.chat_delete(channel=INCIDENTS, ts=sent["ts"])

        assert await page.messages() == []
        with pytest.raises(SlackApiError, match="message_not_found"):
            await client.chat_update(channel=INCIDENTS, ts=sent["ts"], text="y")


@pytest.mark.parametrize(
    ("user", "key"),
    [
        (GUEST.id, "is_restricted"),
        (STRANGER.id, "is_stranger"),
        (GONE.id, "deleted"),
        ("U0OTHERBOT", "is_bot"),
    ],
)
async def test_users_info_tells_what_somebody_is(user: str, key: str) -> None:
    async with plain_slack() as (_, client, _page):
        keys = ("is_restricted", "is_stranger", "deleted", "is_bot")
        info = (await client.users_info(user=user))["user"]
        member = (await client.users_info(user=APPROVER.id))["user"]

        assert [name for name in keys if info[name]] == [key]
        assert not [name for name in keys if member[name]]


async def test_people_of_other_companies_are_not_listed_and_have_their_own_team() -> None:
    async with plain_slack() as (_, client, _page):
        listed = {member["id"] for member in (await client.users_list())["members"]}
        teams = {
            user: (await client.users_info(user=user))["user"]["team_id"]
            for user in (STRANGER.id, "U0ELSEWHERE")
        }

        assert STRANGER.id not in listed and "U0ELSEWHERE" not in listed and REQUESTER.id in listed
        assert teams == {STRANGER.id: "T0PARTNER", "U0ELSEWHERE": "T0SECOND"}


async def test_groups_leave_deactivated_people_out() -> None:
    async with plain_slack() as (_, client, _page):
        groups = await client.usergroups_list(include_users=True)

        assert [group["handle"] for group in groups["usergroups"]] == ["sre", "ops"]
        assert (await client.usergroups_users_list(usergroup="S0OPS"))["users"] == [REQUESTER.id]
        with pytest.raises(SlackApiError, match="no_such_subteam"):
            await client.usergroups_users_list(usergroup="S0NONE")


async def test_a_shared_channel_says_so() -> None:
    async with plain_slack() as (_, client, _page):
        shared = (await client.conversations_info(channel="C0SHARED"))["channel"]
        members = (await client.conversations_members(channel="C0SHARED"))["members"]

        assert shared["is_ext_shared"] is True and STRANGER.id in members


async def test_a_file_of_the_wrong_length_is_not_taken() -> None:
    async with plain_slack() as (_, client, page):
        ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
        async with page._session.post(ticket["upload_url"], data=b"four") as answer:
            assert answer.status == 400
        with pytest.raises(SlackApiError, match="file_upload_incomplete"):
            await client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id=INCIDENTS)


async def test_a_file_without_a_channel_stays_private() -> None:
    async with plain_slack() as (slack, client, page):
        answer = await client.files_upload_v2(content="x", filename="a.txt")
        file = (await client.files_info(file=answer["file"]["id"]))["file"]

        assert await page.messages() == []
        async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as refused:
            assert refused.status == 403
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        async with page._session.get(file["url_private"], headers=headers) as given:
            assert await given.text() == "x"


async def test_a_file_is_shared_once_and_listed_for_the_page() -> None:
    async with plain_slack() as (_, client, page):
        await client.files_upload_v2(
            content="x", filename="a.txt", channel=INCIDENTS, initial_comment="here it is"
        )

        (message,) = await page.messages()
        assert (message["text"], message["files"][0]["name"]) == ("here it is", "a.txt")
        assert [file["name"] for file in (await page.get("state"))["files"]] == ["a.txt"]


async def test_reactions_and_status_show_on_the_page_and_a_reply_clears_the_status() -> None:
    async with plain_slack() as (_, client, page):
        root = await client.chat_postMessage(channel=INCIDENTS, text="root")
        await client.reactions_add(channel=INCIDENTS, timestamp=root["ts"], name="eyes")
        await client.assistant_threads_setStatus(channel_id=INCIDENTS, thread_ts=root["ts"], status="looking")
        before = (await page.messages())[0]
        await client.chat_postMessage(channel=INCIDENTS, text="found", thread_ts=root["ts"])

        assert before["status"] == "looking"
        assert before["reactions"][0]["name"] == "eyes"
        assert (await page.messages())[0]["status"] == ""


async def test_a_message_to_a_person_opens_a_direct_channel() -> None:
    async with plain_slack() as (_, client, page):
        await client.chat_postMessage(channel=APPROVER.id, text="for you")

        assert [message["text"] for message in await page.messages(APPROVER.id)] == ["for you"]
        assert await page.messages() == []


async def test_blocks_validate_answers_pointers() -> None:
    async with plain_slack() as (_, client, _page):
        good = await client.blocks_validate(blocks=[{"type": "divider"}])
        bad = await client.blocks_validate(message={"text": "x", "blocks": [{"type": "sparkles"}]})

        assert good["errors"] == []
        assert bad["errors"][0]["pointer"] == "/blocks/0/type"
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await client.blocks_validate()


async def test_missing_block_ids_are_filled_in() -> None:
    async with plain_slack() as (_, client, _page):
        text = {"type": "plain_text", "text": "x"}
        blocks = [{"type": "actions", "elements": [{"type": "button", "text": text}]}, {"type": "divider"}]
        answer = await client.chat_postMessage(channel=INCIDENTS, text="x", blocks=blocks)

        posted = answer["message"]["blocks"]
        assert len({block["block_id"] for block in posted}) == 2
        assert posted[0]["elements"][0]["action_id"]


async def test_a_permalink_leads_to_the_page() -> None:
    async with plain_slack() as (slack, client, _page):
        sent = await client.chat_postMessage(channel=INCIDENTS, text="x")
        link = await client.chat_getPermalink(channel=INCIDENTS, message_ts=sent["ts"])

        assert link["permalink"].startswith(slack.page_url)


async def test_small_methods_answer() -> None:
    async with plain_slack() as (_, client, _page):
        assert (await client.team_info())["team"]["id"] == "T0LOCAL"
        assert (await client.bots_info(bot="B0BOT"))["bot"]["user_id"] == "U0BOT"
        assert len((await client.conversations_list())["channels"]) == 3
        assert (await client.conversations_open(users=APPROVER.id))["channel"]["id"].startswith("D")
        view = {"type": "home", "blocks": [{"type": "divider"}]}
        assert (await client.views_publish(user_id=APPROVER.id, view=view))["view"]["type"] == "home"
