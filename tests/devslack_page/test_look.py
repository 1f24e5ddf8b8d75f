"""Readable on a phone, in light and in dark, and for people who do not see the screen."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import expect

from tests.devslack_page import gallery
from tests.support.browser import PHONE, OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

THREAD = f"#/{gallery.CHANNEL}/{gallery.ts(60)}"

HERE = Path(__file__).parent
TOO_FAINT = (HERE / "too_faint.js").read_text()
NAMELESS = (HERE / "nameless.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_contrast_is_at_least_aa(
    open_page: OpenPage, server: PageServer, scheme: Literal["light", "dark"]
) -> None:
    server.state["views"] = [{**gallery.VIEW, "errors": {"host": "that is not the host's name"}}]
    server.state["app"]["connections"] = 0
    page = await open_page(server.url + THREAD, scheme=scheme)
    await expect(page.get_by_test_id("error-host")).to_be_visible()

    assert await page.evaluate(TOO_FAINT) == []


async def test_every_control_has_a_name(open_page: OpenPage, server: PageServer) -> None:
    server.state["views"] = [gallery.VIEW]
    page = await open_page(server.url + THREAD)
    await expect(page.get_by_test_id("modal")).to_be_visible()

    assert await page.evaluate(NAMELESS) == []
    await expect(page.get_by_role("dialog", name="Roll back myapp")).to_be_visible()


async def test_focus_is_seen(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url + THREAD)
    await page.get_by_test_id("action-approve").focus()
    await page.keyboard.press("Tab")

    outline = await page.get_by_test_id("action-restart").evaluate("one => getComputedStyle(one).outline")

    assert "solid 2px" in outline
    await expect(page.get_by_test_id("action-restart")).to_be_focused()


async def test_the_toggle_overrides_the_system_and_is_remembered(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await open_page(server.url, scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(ground) == "rgb(255, 255, 255)"

    await page.get_by_test_id("theme").click()
    await page.get_by_test_id("theme").click()
    assert await page.evaluate(ground) == "rgb(26, 29, 33)"
    await page.reload()

    assert await page.evaluate(ground) == "rgb(26, 29, 33)"


async def test_on_a_phone_the_panes_are_pages(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url, size=PHONE)

    await page.get_by_test_id(f"replies-{gallery.ts(60)}").click()
    await expect(page.get_by_test_id("thread-composer")).to_be_visible()
    await expect(page.get_by_test_id("channel-pane")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    await page.go_back()

    await expect(page.get_by_test_id("channel-pane")).to_be_visible()
    await expect(page.get_by_test_id("thread-pane")).to_be_hidden()


async def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: OpenPage, server: PageServer) -> None:
    server.state["messages"].append(gallery.message(150, thread_ts=gallery.ts(60), text="x" * 500))
    page = await open_page(server.url + THREAD, size=PHONE)
    await expect(page.get_by_test_id(f"message-{gallery.ts(120)}")).to_have_count(1)

    wide = await page.evaluate(
        "[...document.querySelectorAll('#thread-scroll, .thread-pane :is(.block, .message-body)')]"
        ".filter((one) => one.scrollWidth > one.clientWidth || one.offsetLeft + one.offsetWidth > innerWidth)"
        ".map((one) => one.className)"
    )

    assert wide == []


async def test_the_page_says_that_it_is_local(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)

    await expect(page.get_by_role("heading", name="Local Slack LOCAL")).to_be_visible()
    await expect(page).to_have_title("#incidents · LOCAL Slack")
