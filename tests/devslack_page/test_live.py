"""Live updates: what arrives is shown, what stands keeps its place and focus, the link comes back."""

import pytest
from playwright.async_api import Page, expect

from tests.devslack_page import gallery
from tests.support.browser import OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened(open_page: OpenPage, server: PageServer, place: str = "") -> Page:
    page = await open_page(server.url + place)
    await expect(page.locator("[data-ready]")).to_have_count(1)
    await expect(page.get_by_test_id("banner")).to_be_hidden()
    return page


def added(message: dict) -> dict:
    return {"message": message, "change": "added"}


async def test_a_new_message_appears_without_reload(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server)

    server.push("message", **added(gallery.message(200, text="502 web-02")))

    await expect(page.get_by_test_id(f"message-{gallery.ts(200)}")).to_contain_text("502 web-02")


async def test_an_edited_message_changes_in_place_and_loses_its_buttons(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await opened(open_page, server, f"#/{gallery.CHANNEL}/{gallery.ts(60)}")
    await expect(page.get_by_test_id("action-approve")).to_be_visible()

    done = gallery.message(
        120,
        thread_ts=gallery.ts(60),
        text="Approved by Ben",
        edited={"user": gallery.BOT, "ts": gallery.ts(201)},
    )
    server.push("message", message=done, change="changed")

    await expect(page.get_by_test_id("action-approve")).to_have_count(0)
    await expect(page.get_by_test_id(f"message-{gallery.ts(120)}")).to_contain_text("(edited)")


async def test_the_focus_stays_on_a_button_that_is_redrawn(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server, f"#/{gallery.CHANNEL}/{gallery.ts(60)}")
    await page.get_by_test_id("action-approve").focus()

    blocks = [
        *gallery.GALLERY,
        {"type": "context", "block_id": "z", "elements": [gallery.mrkdwn("one of two said yes")]},
    ]
    server.push(
        "message", message=gallery.message(120, thread_ts=gallery.ts(60), blocks=blocks), change="changed"
    )

    await expect(page.get_by_text("one of two said yes")).to_be_visible()
    await expect(page.get_by_test_id("action-approve")).to_be_focused()


async def test_a_reply_to_a_closed_thread_is_hinted_until_looked_at(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await opened(open_page, server)
    replies = page.get_by_test_id("channel-pane").get_by_test_id(f"replies-{gallery.ts(60)}")
    await expect(replies.get_by_role("img", name="new replies")).to_have_count(0)

    root = next(one for one in server.state["messages"] if one["ts"] == gallery.ts(60))
    server.push("message", **added(gallery.message(210, thread_ts=gallery.ts(60), text="proxy is up")))
    server.push(
        "message", message={**root, "reply_count": 4, "latest_reply": gallery.ts(210)}, change="changed"
    )
    await expect(replies).to_contain_text("4 replies")
    await expect(replies.get_by_role("img", name="new replies")).to_have_count(1)
    await replies.click()

    await expect(page.get_by_test_id("thread-pane")).to_contain_text("proxy is up")
    await expect(replies.get_by_role("img", name="new replies")).to_have_count(0)


async def test_a_reply_in_the_open_thread_is_not_hinted(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server, f"#/{gallery.CHANNEL}/{gallery.ts(60)}")
    replies = page.get_by_test_id("channel-pane").get_by_test_id(f"replies-{gallery.ts(60)}")

    root = next(one for one in server.state["messages"] if one["ts"] == gallery.ts(60))
    server.push(
        "message", message={**root, "reply_count": 4, "latest_reply": gallery.ts(210)}, change="changed"
    )

    await expect(replies).to_contain_text("4 replies")
    await expect(replies.get_by_role("img", name="new replies")).to_have_count(0)


async def test_messages_elsewhere_are_counted_until_the_channel_is_opened(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await opened(open_page, server)

    server.push("message", **added({**gallery.message(220, text="lunch?"), "channel": "C0GENERAL"}))
    await expect(page.get_by_test_id("channel-C0GENERAL")).to_contain_text("1")
    await expect(page).to_have_title("(1) #incidents · LOCAL Slack")
    await page.get_by_test_id("channel-C0GENERAL").click()

    await expect(page.get_by_test_id(f"message-{gallery.ts(220)}")).to_be_visible()
    await expect(page).to_have_title("#general · LOCAL Slack")


async def test_a_reader_who_scrolled_up_is_not_moved_but_told(
    open_page: OpenPage, server: PageServer
) -> None:
    server.state["messages"] = [
        gallery.message(at, user=gallery.BEN, text=f"line {at}\n" * 3) for at in range(60)
    ]
    page = await opened(open_page, server)
    await page.locator("#channel-scroll").evaluate("pane => { pane.scrollTop = 0 }")

    server.push("message", **added(gallery.message(300, text="the newest")))

    await expect(page.get_by_test_id("channel-pane").get_by_test_id("new-messages")).to_be_visible()
    assert await page.locator("#channel-scroll").evaluate("pane => pane.scrollTop") == 0
    await page.get_by_test_id("channel-pane").get_by_test_id("new-messages").click()
    await expect(page.get_by_test_id(f"message-{gallery.ts(300)}")).to_be_in_viewport()


async def test_the_link_comes_back_and_catches_up(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server)

    server.state["messages"].append(gallery.message(400, text="said while away"))
    server.cut()

    await expect(page.get_by_test_id(f"message-{gallery.ts(400)}")).to_be_visible()
    await expect(page.get_by_test_id("banner")).to_be_hidden()


async def test_a_channel_one_is_invited_to_comes_with_its_messages(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await opened(open_page, server)
    new = {**server.state["channels"][1], "id": "C0NEW", "name": "new"}
    server.state["channels"].append(new)
    server.state["messages"].append({**gallery.message(2, text="from before"), "channel": "C0NEW"})

    server.push("channels", channels=server.state["channels"])
    await page.get_by_test_id("channel-C0NEW").click()

    await expect(page.get_by_test_id("channel-pane")).to_contain_text("from before")


async def test_a_place_another_person_cannot_see_is_found_again(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await opened(open_page, server, "#/C0GENERAL")
    await expect(page.get_by_role("heading", name="# general")).to_be_visible()

    await page.get_by_test_id(f"person-{gallery.GIL}").click()
    await expect(page.get_by_role("heading", name="# incidents")).to_be_visible()
    await page.get_by_test_id(f"person-{gallery.ADA}").click()
    await expect(page.get_by_test_id("channel-C0GENERAL")).to_be_visible()
    await page.get_by_test_id("channel-C0GENERAL").click()

    await expect(page.get_by_role("heading", name="# general")).to_be_visible()


async def test_an_app_that_is_away_is_said(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server)

    server.push("app", app={"mode": "socket", "connections": 0})

    await expect(page.get_by_test_id("banner")).to_contain_text("runbook-bot is not connected")
    await expect(page.get_by_test_id("app-status")).to_contain_text("not connected")


async def test_a_reset_loads_everything_again(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server)

    server.state["messages"] = [gallery.message(1, text="a new world")]
    server.push("reset")

    await expect(page.get_by_test_id("channel-pane").get_by_role("article")).to_have_count(1)
    await expect(page.get_by_test_id("channel-pane")).to_contain_text("a new world")


async def test_faults_are_set_shown_and_cleared(open_page: OpenPage, server: PageServer) -> None:
    page = await opened(open_page, server)
    await page.get_by_text("Make Slack misbehave").click()

    await page.get_by_test_id("fault-ratelimit").click()
    await server.until_posted("fault")
    server.push("faults", faults=[{"id": "1", "kind": "ratelimit", "left": 1}])
    await expect(page.get_by_role("list", name="Active faults")).to_contain_text("ratelimit · 1 left")
    await page.get_by_test_id("faults-clear").click()
    await server.until_posted("fault/clear")
    server.push("faults", faults=[])

    await expect(page.get_by_test_id("faults-clear")).to_have_count(0)
    assert server.posted("fault") == [{"user": gallery.ADA, "kind": "ratelimit", "count": 1, "seconds": 5}]
    assert len(server.posted("fault/clear")) == 1
