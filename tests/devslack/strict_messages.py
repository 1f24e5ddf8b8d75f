"""Strictness of the Web API: tokens, channels, content, rates, files."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack.seed import STRANGER
from tests.devslack.desk import Desk, line, refusal_of
from tests.devslack.office import INCIDENTS


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


@line("upload_complete")
async def a_file_without_bytes_is_not_shared(desk: Desk) -> None:
    ticket = await desk.client.files_getUploadURLExternal(filename="a.txt", length=3)

    error = await desk.refused(
        "files.completeUploadExternal", files=[{"id": ticket["file_id"]}], channel_id=INCIDENTS
    )

    assert error == "file_upload_incomplete"


@line("user_in_channel")
async def an_ephemeral_needs_its_reader_in_the_channel(desk: Desk) -> None:
    error = await desk.refused("chat.postEphemeral", channel=INCIDENTS, user=STRANGER.id, text="x")

    assert error == "user_not_in_channel"
