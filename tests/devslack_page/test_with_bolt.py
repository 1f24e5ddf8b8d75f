"""The page on the real local Slack with a real Bolt app: ask, click, confirm, modal, ephemeral, file."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.devslack import DevSlack, Options
from bot.devslack.seed import APPROVER, DEMO, GUEST, REQUESTER
from tests.devslack.office import INCIDENTS, Office, office
from tests.devslack_page.gallery import CONFIRM, mrkdwn, plain
from tests.support.browser import OpenPage
from tests.support.kept_port import kept_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OUTPUT = "connect() failed (111: Connection refused) <b>&amp;</b> <!channel> ```\n" * 40

MODAL = {
    "type": "modal",
    "callback_id": "rollback",
    "title": plain("Roll back"),
    "submit": plain("Roll back"),
    "close": plain("Cancel"),
    "blocks": [
        {
            "type": "input",
            "block_id": "host",
            "label": plain("Type the host's name"),
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


def button(action_id: str, text: str, **rest: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "v", **rest}


def card() -> list[dict[str, Any]]:
    return [
        {"type": "section", "block_id": "says", "text": mrkdwn("*The app is down.* Approve?")},
        {
            "type": "actions",
            "block_id": "card",
            "elements": [
                button("approve", "Approve", style="danger", confirm=CONFIRM),
                button("rollback", "Roll back …"),
            ],
        },
    ]


def listen(app: Any) -> None:
    """A small app that answers as the bot does."""

    @app.command("/502")
    async def ask(ack: Any, body: Any, client: Any) -> None:
        await ack(f"looking at {body['text']}")
        root = await client.chat_postMessage(
            channel=body["channel_id"], text="502 · web-01", blocks=card()[:1]
        )
        await client.chat_postMessage(
            channel=body["channel_id"], thread_ts=root["ts"], text="card", blocks=card()
        )

    @app.action("approve")
    async def approve(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        by = body["user"]["id"]
        await client.chat_update(
            channel=INCIDENTS, ts=body["message"]["ts"], text=f"Approved by <@{by}>", blocks=[]
        )
        await respond("only you see this", replace_original=False)

    @app.action("rollback")
    async def rollback(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("rollback")
    async def submitted(ack: Any, view: Any, client: Any) -> None:
        typed = view["state"]["values"]["host"]["name"]["value"]
        if typed != "web-01":
            await ack(response_action="errors", errors={"host": f"{typed} is not the host"})
            return
        await ack()
        await client.chat_postMessage(channel=INCIDENTS, text="rolled back")

    @app.event("app_mention")
    async def mentioned(event: Any, say: Any) -> None:
        await say(text="you called", thread_ts=event.get("thread_ts") or event["ts"])

    @app.shortcut("export")
    async def export(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        await client.files_upload_v2(
            channel=INCIDENTS,
            thread_ts=shortcut["message_ts"],
            content=OUTPUT,
            filename="timeline.md",
            title="Timeline",
        )


@pytest.fixture
def port() -> Iterator[int]:
    """The server's, also while none listens there."""
    with kept_port() as kept:
        yield kept


@pytest_asyncio.fixture(loop_scope="session")
async def place(port: int) -> AsyncIterator[Office]:
    async with office(seed=DEMO, port=port) as running:
        listen(running.app)
        await running.connect()
        yield running


async def ready(open_page: OpenPage, place: Office) -> Page:
    page = await open_page(place.slack.page_url)
    await expect(page.locator("html")).to_have_attribute("data-ready", REQUESTER.id)
    return page


async def asked(open_page: OpenPage, place: Office) -> Page:
    """A page where /502 was asked and its thread is open."""
    page = await ready(open_page, place)
    await page.get_by_test_id("composer").fill("/502 web-01")
    await page.get_by_test_id("composer").press("Enter")
    await root(page).get_by_test_id("replies-" + await ts_of(root(page))).click()
    await expect(page.get_by_test_id("action-approve")).to_be_visible()
    return page


def root(page: Page) -> Locator:
    return page.get_by_test_id("channel-pane").get_by_role("article").filter(has_text="The app is down")


async def ts_of(message: Locator) -> str:
    return str(await message.get_attribute("data-ts"))


async def test_ask_approve_as_another_person_and_see_the_buttons_go(
    open_page: OpenPage, place: Office
) -> None:
    page = await asked(open_page, place)
    await expect(page.get_by_test_id("channel-pane").get_by_text("looking at web-01")).to_be_visible()

    await page.get_by_test_id(f"person-{APPROVER.id}").click()
    await expect(page.locator("html")).to_have_attribute("data-ready", APPROVER.id)
    await expect(page.get_by_text("looking at web-01")).to_have_count(0)
    await page.get_by_test_id("action-approve").click()
    await page.get_by_test_id("confirm-ok").click()

    thread = page.get_by_test_id("thread-pane")
    await expect(thread.get_by_text("Approved by @Approver")).to_be_visible()
    await expect(page.get_by_test_id("action-approve")).to_have_count(0)
    await expect(page.get_by_text("only you see this")).to_be_visible()
    await page.get_by_test_id(f"person-{GUEST.id}").click()
    await expect(page.locator("html")).to_have_attribute("data-ready", GUEST.id)
    await expect(page.get_by_text("only you see this")).to_have_count(0)


async def test_a_modal_is_refused_by_slack_then_by_the_app_then_taken(
    open_page: OpenPage, place: Office
) -> None:
    page = await asked(open_page, place)
    await page.get_by_test_id("action-rollback").click()
    await expect(page.get_by_role("dialog", name="Roll back")).to_be_visible()

    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("error-host")).to_have_text("Please complete this required field.")
    await page.get_by_test_id("action-name").fill("web-02")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("error-host")).to_have_text("web-02 is not the host")
    await expect(page.get_by_test_id("action-name")).to_have_value("web-02")
    await page.get_by_test_id("action-name").fill("web-01")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("modal")).to_have_count(0)
    await expect(page.get_by_test_id("channel-pane").get_by_text("rolled back")).to_be_visible()


async def test_a_modal_can_be_left(open_page: OpenPage, place: Office) -> None:
    page = await asked(open_page, place)
    await page.get_by_test_id("action-rollback").click()

    await page.get_by_test_id("modal-close").click()

    await expect(page.get_by_test_id("modal")).to_have_count(0)
    assert (await place.page.get(f"state?user={REQUESTER.id}"))["views"] == []


async def test_an_exported_file_is_opened_and_downloaded_whole(open_page: OpenPage, place: Office) -> None:
    page = await asked(open_page, place)
    message = root(page)
    await message.hover()
    await message.get_by_test_id("more-" + await ts_of(message)).click()
    await page.get_by_test_id("shortcut-export").click()

    await page.get_by_test_id("thread-pane").get_by_role("button", name="Timeline").click()
    await expect(page.get_by_test_id("file-text")).to_have_text(OUTPUT)
    async with page.expect_download() as started:
        await page.get_by_test_id("file-download").click()

    download = await started.value
    assert download.suggested_filename == "timeline.md"
    assert (await asyncio.to_thread((await download.path()).read_text)) == OUTPUT


async def test_a_mention_in_a_thread_is_answered_there(open_page: OpenPage, place: Office) -> None:
    page = await asked(open_page, place)

    await page.get_by_test_id("thread-composer").fill("@run")
    await page.get_by_test_id("thread-composer").press("Tab")
    await page.keyboard.type("status")
    await page.keyboard.press("Enter")

    thread = page.get_by_test_id("thread-pane")
    await expect(thread.get_by_text("you called")).to_be_visible()
    await expect(thread.locator(".mention", has_text="@Runbook bot")).to_be_visible()


async def test_a_command_in_a_thread_is_refused_in_slacks_words(open_page: OpenPage, place: Office) -> None:
    page = await asked(open_page, place)

    await page.get_by_test_id("thread-composer").fill("/502 web-01")
    await page.get_by_test_id("thread-composer").press("Enter")

    await expect(page.get_by_test_id("thread-composer-notice")).to_have_text(
        "/502 is not supported in threads. Sorry!"
    )


async def test_an_unknown_command_is_refused_and_stays_in_the_box(open_page: OpenPage, place: Office) -> None:
    page = await ready(open_page, place)

    await page.get_by_test_id("composer").fill("/503 web-01")
    await page.get_by_test_id("composer").press("Enter")

    await expect(page.get_by_test_id("composer-notice")).to_contain_text("/503 is not a valid command")
    await expect(page.get_by_test_id("composer")).to_have_value("/503 web-01")


async def test_an_app_that_is_away_fails_in_slacks_words(open_page: OpenPage, place: Office) -> None:
    page = await asked(open_page, place)
    for handler in place.handlers:
        await handler.close_async()
    await expect(page.get_by_test_id("banner")).to_contain_text("not connected")

    await page.get_by_test_id("composer").fill("/502 web-02")
    await page.get_by_test_id("composer").press("Enter")
    await page.get_by_test_id("action-rollback").click()

    await expect(page.get_by_text('/502 failed with the error "dispatch_failed"')).to_be_visible()
    await expect(page.get_by_test_id("failure")).to_contain_text("dispatch_failed")
    await expect(page.get_by_test_id("composer-notice")).to_be_empty()


async def test_hostile_output_through_the_real_server_stays_text(open_page: OpenPage, place: Office) -> None:
    page = await ready(open_page, place)
    element = {"type": "text", "text": OUTPUT[:200] + "<img src=x onerror=window.fired=1>"}
    block = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}

    await place.app.client.chat_postMessage(channel=INCIDENTS, text="output", blocks=[block])

    await expect(page.locator("pre.fence")).to_have_text(element["text"])
    assert await page.evaluate("window.fired") is None


async def test_a_shared_text_file_reaches_the_channel(open_page: OpenPage, place: Office) -> None:
    page = await ready(open_page, place)

    log = {"name": "error.log", "mimeType": "text/plain", "buffer": b"connect() failed\n"}
    await page.get_by_test_id("composer-file").set_input_files(log)
    await page.get_by_role("button", name="error.log").click()

    await expect(page.get_by_test_id("file-text")).to_have_text("connect() failed\n")


async def test_the_server_restarting_is_survived(open_page: OpenPage, place: Office, port: int) -> None:
    page = await ready(open_page, place)

    await place.slack.stop()
    await expect(page.get_by_test_id("banner")).to_contain_text("Reconnecting")
    again = DevSlack(Options(seed=DEMO))
    try:
        await again.start(port=port)

        await expect(page.get_by_test_id("banner")).not_to_contain_text("Reconnecting")
        await page.get_by_test_id("composer").fill("still here")
        await page.get_by_test_id("composer").press("Enter")
        await expect(page.get_by_test_id("channel-pane").get_by_role("article")).to_have_text(
            re.compile("still here")
        )
    finally:
        await again.stop()
