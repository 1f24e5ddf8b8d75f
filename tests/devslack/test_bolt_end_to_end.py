"""The unchanged Bolt app against the local Slack, in Socket Mode and over signed HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.devslack.office import APPROVER, INCIDENTS, Office, office

MODAL = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Roll back"},
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


def card(*, text: str = "Restart", **confirm: Any) -> list[dict[str, Any]]:
    button = {
        "type": "button",
        "action_id": "approve",
        "value": "nonce",
        "text": {"type": "plain_text", "text": text},
    }
    return [{"type": "actions", "block_id": "card", "elements": [button | confirm]}]


def listen(place: Office, mode: str, seen: list[dict[str, Any]]) -> None:
    """The app of this test: one listener of every kind."""
    app = place.app

    @app.command("/502")
    async def on_command(ack: Any, body: Any, client: Any) -> None:
        await ack(f"looking at {body['text']}")
        root = await client.chat_postMessage(channel=body["channel_id"], text="root", blocks=card())
        await client.chat_postMessage(channel=body["channel_id"], text="in thread", thread_ts=root["ts"])

    @app.action("approve")
    async def on_click(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        seen.append(body)
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="approved", blocks=[]
        )
        await respond("only you: thanks")

    @app.command("/runbook")
    async def on_modal(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("reason")
    async def on_submit(ack: Any, body: Any, view: Any) -> None:
        text = view["state"]["values"]["why"]["text"]["value"]
        seen.append(body)
        if text == "no":
            await ack(response_action="errors", errors={"why": "say more"})
        else:
            await ack()

    @app.event("app_mention")
    async def on_mention(event: Any, say: Any) -> None:
        seen.append(event)
        await say(text="you called", thread_ts=event.get("thread_ts") or event["ts"])

    @app.shortcut("note")
    async def on_shortcut(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        await client.files_upload_v2(
            channel=shortcut["channel"]["id"],
            thread_ts=shortcut["message_ts"],
            content="a timeline\n",
            filename="timeline.md",
            title="Timeline",
        )


@pytest.fixture(params=["socket", "http"])
async def place(request: Any) -> AsyncIterator[Office]:
    async with office(request.param) as made:
        made.seen = []  # type: ignore[attr-defined]
        listen(made, request.param, made.seen)  # type: ignore[attr-defined]
        if request.param == "socket":
            await made.connect(2)
        yield made


def text_is(text: str) -> Any:
    return lambda message: message["text"] == text


async def test_a_command_is_acked_answered_and_opens_a_thread(place: Office) -> None:
    answer = await place.page.act("command", text="/502 web-01")
    reply = await place.page.until(text_is("in thread"))

    messages = {item["text"]: item for item in await place.page.messages()}
    assert answer["ok"] and answer["ack_ms"] >= 0
    assert reply["thread_ts"] == messages["root"]["ts"]
    assert messages["root"]["reply_count"] == 1
    assert messages["looking at web-01"]["ephemeral_to"] == "U0REQUESTER"
    assert all(item["ephemeral_to"] is None for item in await place.page.messages(APPROVER.id))


async def test_a_click_updates_the_message_and_answers_the_clicker_only(place: Office) -> None:
    await place.page.act("command", text="/502 web-01")
    root = await place.page.until(text_is("root"))

    await place.page.act(
        "action", user=APPROVER.id, message_ts=root["ts"], block_id="card", action_id="approve"
    )

    thanks = await place.page.until(text_is("only you: thanks"), APPROVER.id)
    changed = await place.page.until(text_is("approved"))
    assert thanks["ephemeral_to"] == APPROVER.id
    assert changed["ts"] == root["ts"] and changed["edited"] and changed["blocks"] == []
    assert place.seen[0]["actions"][0]["value"] == "nonce"  # type: ignore[attr-defined]
    assert place.seen[0]["user"]["team_id"] == "T0LOCAL"  # type: ignore[attr-defined]


async def test_a_second_click_finds_the_button_gone(place: Office) -> None:
    await place.page.act("command", text="/502 web-01")
    root = await place.page.until(text_is("root"))
    click = {"message_ts": root["ts"], "block_id": "card", "action_id": "approve"}
    await place.page.act("action", **click)
    await place.page.until(text_is("approved"))

    answer = await place.page.act("action", **click)

    assert answer["error"] == "element_gone"


async def test_a_modal_opens_answers_errors_and_closes(place: Office) -> None:
    await place.page.act("command", text="/runbook")
    while not (state := await place.page.get("state"))["views"]:
        await place.slack.parts.feed.wait(state["seq"])
    view_id = state["views"][0]["id"]

    empty = await place.page.act("view/submit", view_id=view_id, values={})
    refused = await place.page.act("view/submit", view_id=view_id, values={"why": {"text": "no"}})
    after_refusal = await place.page.get("state")
    taken = await place.page.act("view/submit", view_id=view_id, values={"why": {"text": "broken"}})

    assert empty["error"] == "invalid_input" and list(empty["errors"]) == ["why"]
    assert refused["response_action"] == "errors"
    assert after_refusal["views"][0]["errors"] == {"why": "say more"}
    assert taken["response_action"] == "close"
    assert (await place.page.get("state"))["views"] == []


async def test_a_mention_reaches_the_app_with_its_thread(place: Office) -> None:
    first = await place.page.act("message", text="something is off")

    await place.page.act("message", text="@runbook 502 web-01", thread_ts=first["ts"])

    reply = await place.page.until(text_is("you called"))
    assert reply["thread_ts"] == first["ts"]
    assert place.seen[0]["text"] == "<@U0BOT> 502 web-01"  # type: ignore[attr-defined]
    assert place.seen[0]["thread_ts"] == first["ts"]  # type: ignore[attr-defined]


async def test_a_shortcut_uploads_a_file_into_the_thread(place: Office) -> None:
    first = await place.page.act("message", text="note me")

    await place.page.act("shortcut", callback_id="note", message_ts=first["ts"])

    message = await place.page.until(lambda item: item["files"])
    assert message["thread_ts"] == first["ts"]
    assert message["files"][0]["title"] == "Timeline"
    file_id = message["files"][0]["id"]
    session = place.page._session
    async with session.get(f"{place.slack.page_url}local/files/{file_id}") as answer:
        assert await answer.text() == "a timeline\n"


async def test_a_duplicate_fault_delivers_a_command_twice_too(place: Office) -> None:
    await place.page.act("fault", kind="duplicate")

    await place.page.act("command", text="/502 web-01")
    await place.slack.parts.delivery.until(2)

    first, second = place.slack.parts.delivery.records
    assert first.parcel.payload["trigger_id"] == second.parcel.payload["trigger_id"]
    assert (await place.page.get("state"))["faults"] == []


async def test_a_duplicate_fault_delivers_twice(place: Office) -> None:
    await place.page.act("fault", kind="duplicate", count=1)

    await place.page.act("message", text="<@U0BOT> hello")
    await place.page.until(text_is("you called"))
    await place.slack.parts.delivery.until(2)

    first, second = place.slack.parts.delivery.records
    assert first.parcel.payload["event_id"] == second.parcel.payload["event_id"]
    assert first.parcel.payload["event"]["channel"] == INCIDENTS
