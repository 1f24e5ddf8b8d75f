"""Everything by keyboard: writing, completing, walking, changing the person."""

import pytest
from playwright.async_api import Page, expect

from tests.devslack_page import gallery
from tests.support.browser import OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IN_CHANNEL = {"user": gallery.ADA, "channel": gallery.CHANNEL}
REFUSED = (400, {"ok": False, "error": "not_in_thread", "says": "/502 is not supported in threads. Sorry!"})


async def ready_to_type(open_page: OpenPage, server: PageServer) -> Page:
    page = await open_page(server.url)
    await expect(page.locator("[data-ready]")).to_have_count(1)
    await expect(page.get_by_test_id("composer")).to_be_focused()
    return page


async def test_a_command_is_completed_explained_and_sent(open_page: OpenPage, server: PageServer) -> None:
    page = await ready_to_type(open_page, server)

    await page.keyboard.type("/5")
    await expect(page.get_by_role("option")).to_have_text(["/502 HOSTwhy a host answers 502"])
    await page.keyboard.press("Tab")
    await expect(page.locator(".composer-hint").first).to_have_text("/502 HOST — why a host answers 502")
    await page.keyboard.type("web-01")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer")).to_have_value("")
    await expect(page.get_by_test_id("composer-send")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("command") == [{**IN_CHANNEL, "text": "/502 web-01"}]
    assert server.posted("message") == []


async def test_arrows_choose_among_suggestions_and_escape_closes_them(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await ready_to_type(open_page, server)

    await page.keyboard.type("/")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_test_id("suggestion-runbook")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("composer-suggestions")).to_be_hidden()
    await page.keyboard.type("r")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer")).to_have_value("/runbook ")
    assert server.posts == []


async def test_a_mention_is_completed_in_the_middle_of_a_message(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await ready_to_type(open_page, server)

    await page.keyboard.type("ask @run")
    await page.keyboard.press("Enter")
    await page.keyboard.type("502 web-01")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("please")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer")).to_have_value("")
    await expect(page.get_by_test_id("composer-send")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("message") == [{**IN_CHANNEL, "text": "ask @runbook-bot 502 web-01\nplease"}]


async def test_commands_in_a_thread_are_refused_visibly(open_page: OpenPage, server: PageServer) -> None:
    server.answers["command"] = REFUSED
    page = await open_page(f"{server.url}#/{gallery.CHANNEL}/{gallery.ts(60)}")

    await page.get_by_test_id("thread-composer").fill("/502 web-01")
    await page.get_by_test_id("thread-composer").press("Enter")

    await expect(page.get_by_test_id("thread-composer-notice")).to_have_text(
        "/502 is not supported in threads. Sorry!"
    )
    await expect(page.get_by_test_id("thread-composer")).to_have_value("/502 web-01")
    assert server.posted("command") == [{**IN_CHANNEL, "thread_ts": gallery.ts(60), "text": "/502 web-01"}]


async def test_a_reply_goes_to_its_thread(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)

    await page.get_by_test_id(f"replies-{gallery.ts(60)}").press("Enter")
    await expect(page.get_by_test_id("thread-composer")).to_be_focused()
    await page.keyboard.type("looking")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("thread-composer")).to_have_value("")
    await expect(page.get_by_test_id("thread-composer-send")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("message") == [{**IN_CHANNEL, "thread_ts": gallery.ts(60), "text": "looking"}]


async def test_a_refused_message_comes_back_into_the_box(open_page: OpenPage, server: PageServer) -> None:
    server.answers["message"] = (
        400,
        {"ok": False, "error": "is_archived", "says": "this channel is archived"},
    )
    page = await ready_to_type(open_page, server)

    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer-notice")).to_have_text("this channel is archived")
    await expect(page.get_by_test_id("composer")).to_have_value("hello")


async def test_arrow_up_recalls_the_last_command(open_page: OpenPage, server: PageServer) -> None:
    page = await ready_to_type(open_page, server)
    await page.keyboard.type("/502 web-01")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer-send")).not_to_have_attribute("aria-busy", "true")

    await page.keyboard.press("ArrowUp")

    await expect(page.get_by_test_id("composer")).to_have_value("/502 web-01")


async def test_messages_are_walked_by_arrows_and_opened_by_enter(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await open_page(server.url)
    channel = page.get_by_test_id("channel-pane")

    await channel.get_by_test_id(f"message-{gallery.ts(150)}").focus()
    await page.keyboard.press("ArrowUp")
    await expect(channel.get_by_test_id(f"message-{gallery.ts(60)}")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("thread-composer")).to_be_focused()
    await page.keyboard.press("Escape")

    await expect(page.get_by_test_id("thread-pane")).to_be_hidden()
    await expect(channel.get_by_test_id(f"message-{gallery.ts(60)}")).to_be_focused()


async def test_alt_and_a_digit_change_the_person(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)
    await expect(page.get_by_role("radio", name="Ada Requester")).to_be_checked()

    await page.keyboard.press("Alt+2")
    await expect(page.get_by_role("radio", name="Ben Approver")).to_be_checked()
    await expect(page.locator("html")).to_have_attribute("data-ready", gallery.BEN)
    await page.get_by_test_id("composer").fill("mine")
    await page.get_by_test_id("composer").press("Enter")

    await expect(page.get_by_test_id("composer-send")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("message")[0]["user"] == gallery.BEN
    assert "as=U0APPROVER" in page.url


async def test_the_person_switcher_is_a_radio_group_walked_by_arrows(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await open_page(server.url)

    await page.get_by_test_id(f"person-{gallery.ADA}").focus()
    await page.keyboard.press("ArrowUp")

    await expect(page.get_by_test_id(f"person-{gallery.GIL}")).to_have_attribute("aria-checked", "true")
    await expect(page.get_by_test_id(f"person-{gallery.GIL}")).to_be_focused()
    await expect(page.get_by_test_id(f"person-{gallery.GIL}")).to_contain_text("guest")


async def test_an_address_opens_the_page_as_somebody_at_a_message(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await open_page(
        f"{server.url}?as={gallery.BEN}#/{gallery.CHANNEL}/{gallery.ts(60)}/{gallery.ts(140)}"
    )

    await expect(page.get_by_role("radio", name="Ben Approver")).to_be_checked()
    await expect(
        page.get_by_test_id("thread-pane").get_by_test_id(f"message-{gallery.ts(140)}")
    ).to_be_visible()
