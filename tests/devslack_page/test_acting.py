"""Buttons, confirm dialogs, menus and modals: what is sent, what is shown while and after."""

import pytest
from playwright.async_api import Page, expect

from tests.devslack_page import gallery
from tests.support.browser import OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ACTION = {"user": gallery.ADA, "channel": gallery.CHANNEL, "message_ts": gallery.ts(120), "block_id": "act"}
FAILED = {"ok": False, "error": "operation_timeout", "says": "runbook-bot did not answer within 3 seconds"}


@pytest.fixture
def thread_url(server: PageServer) -> str:
    return f"{server.url}#/{gallery.CHANNEL}/{gallery.ts(60)}"


async def test_a_button_spins_until_the_app_has_answered(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    page = await open_page(thread_url)
    server.gate.clear()

    await page.get_by_test_id("action-approve").click()

    await expect(page.get_by_test_id("action-approve")).to_have_attribute("aria-busy", "true")
    await expect(page.locator("[data-testid=action-approve] .spinner")).to_be_visible()
    server.gate.set()
    await expect(page.get_by_test_id("action-approve")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("action") == [{**ACTION, "action_id": "approve"}]


async def test_a_second_click_while_it_spins_sends_nothing(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    page = await open_page(thread_url)
    server.gate.clear()

    await page.get_by_test_id("action-approve").click()
    await page.get_by_test_id("action-approve").click()
    server.gate.set()

    await expect(page.get_by_test_id("action-approve")).not_to_have_attribute("aria-busy", "true")
    assert len(server.posted("action")) == 1


async def test_a_failure_shows_slacks_words_beside_the_button(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    server.answers["action"] = (502, FAILED)
    page = await open_page(thread_url)

    await page.get_by_test_id("action-again").click()

    await expect(page.get_by_test_id("failure")).to_have_text(FAILED["says"])


async def test_confirm_says_what_will_happen_and_sends_only_on_yes(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    page = await open_page(thread_url)

    await page.get_by_test_id("action-restart").click()
    await expect(page.get_by_role("alertdialog", name="Restart myapp.service?")).to_contain_text(
        "systemctl restart myapp.service"
    )
    await page.get_by_test_id("confirm-cancel").click()
    await page.get_by_test_id("action-restart").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("confirm")).to_have_count(0)
    assert server.posted("action") == []

    await page.get_by_test_id("action-restart").click()
    await page.get_by_test_id("confirm-ok").click()

    await expect(page.get_by_test_id("confirm")).to_have_count(0)
    await server.until_posted("action")
    await expect(page.get_by_test_id("action-restart")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("action") == [{**ACTION, "action_id": "restart", "confirmed": True}]


async def test_a_second_enter_does_not_confirm_a_dangerous_thing(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    page = await open_page(thread_url)

    await page.get_by_test_id("action-restart").press("Enter")
    await expect(page.get_by_test_id("confirm-cancel")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("confirm")).to_have_count(0)
    await expect(page.get_by_test_id("action-restart")).to_be_focused()
    assert server.posted("action") == []


async def test_a_click_on_a_button_that_is_gone_is_answered(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    server.answers["action"] = (409, {"ok": False, "error": "element_gone", "says": "That button is gone."})
    page = await open_page(thread_url)
    await page.get_by_test_id("action-restart").click()

    server.push(
        "message", message=gallery.message(120, thread_ts=gallery.ts(60), text="done"), change="changed"
    )
    await expect(page.get_by_test_id("action-restart")).to_have_count(0)
    await page.get_by_test_id("confirm-ok").click()

    await expect(page.get_by_test_id("toast")).to_have_text("That button is gone.")


async def test_overflow_and_select_send_the_chosen_value(
    open_page: OpenPage, server: PageServer, thread_url: str
) -> None:
    page = await open_page(thread_url)

    await page.get_by_test_id("action-more").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("menu")).to_have_count(0)
    await server.until_posted("action")
    await page.get_by_test_id("action-pick").select_option("rollback_release")
    await expect(page.get_by_test_id("action-pick")).not_to_have_attribute("aria-busy", "true")

    assert [(body["action_id"], body["choice"]) for body in server.posted("action")] == [
        ("more", "note"),
        ("pick", "rollback_release"),
    ]


async def test_a_declined_confirm_puts_the_select_back(open_page: OpenPage, server: PageServer) -> None:
    options = [gallery.option("one"), gallery.option("two")]
    select = {
        "type": "static_select",
        "action_id": "pick",
        "options": options,
        "initial_option": options[0],
        "confirm": gallery.CONFIRM,
    }
    server.state["messages"] = [
        gallery.message(1, blocks=[{"type": "actions", "block_id": "a", "elements": [select]}])
    ]
    page = await open_page(server.url)

    await page.get_by_test_id("action-pick").select_option("two")
    await page.get_by_test_id("confirm-cancel").click()

    await expect(page.get_by_test_id("action-pick")).to_have_value("one")
    assert server.posted("action") == []


async def opened(page: Page, server: PageServer, **changes: object) -> None:
    await expect(page.locator("[data-ready]")).to_have_count(1)
    server.push("views", views=[{**gallery.VIEW, **changes}])
    await expect(page.get_by_test_id("modal")).to_be_visible()


async def test_a_modal_sends_every_value_in_its_shape(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)
    await opened(page, server)

    await page.get_by_label("Type the host's name").fill("web-01")
    await page.get_by_label("Reason").fill("bad\nrelease")
    await page.get_by_label("Own command").check()
    await page.get_by_label("dev").check()
    await page.get_by_test_id("modal-submit").click()

    await expect(page.get_by_test_id("modal-submit")).not_to_have_attribute("aria-busy", "true")
    assert server.posted("view/submit") == [
        {
            "user": gallery.ADA,
            "view_id": "V1",
            "values": {
                "host": {"name": "web-01"},
                "why": {"text": "bad\nrelease"},
                "to": {"rel": "r41"},
                "how": {"way": "command"},
                "tell": {"who": ["dev"]},
            },
        }
    ]


@pytest.mark.parametrize("status", [400, 200])
async def test_refused_inputs_say_why_and_keep_what_was_typed(
    open_page: OpenPage, server: PageServer, status: int
) -> None:
    errors = {"host": "that is not the host's name"}
    server.answers["view/submit"] = (
        status,
        {"ok": status == 200, "error": "invalid_input", "response_action": "errors", "errors": errors},
    )
    page = await open_page(server.url)
    await opened(page, server)

    await page.get_by_label("Type the host's name").fill("web-02")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("error-host")).to_have_text("that is not the host's name")
    await expect(page.get_by_test_id("failure")).to_have_count(0)
    await expect(page.get_by_label("Type the host's name")).to_have_value("web-02")
    await expect(page.get_by_label("Type the host's name")).to_be_focused()
    await expect(page.get_by_label("Type the host's name")).to_have_attribute("aria-invalid", "true")


async def test_an_updated_modal_keeps_what_was_typed(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)
    await opened(page, server)
    await page.get_by_label("Type the host's name").fill("web-0")

    await opened(page, server, hash="2", title=gallery.plain("Second look"))

    await expect(page.get_by_role("heading", name="Second look")).to_be_visible()
    await expect(page.get_by_label("Type the host's name")).to_have_value("web-0")


async def test_escape_closes_the_view_by_asking_the_server(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)
    await opened(page, server)

    await page.keyboard.press("Escape")
    await server.until_posted("view/close")
    server.push("views", views=[])

    await expect(page.get_by_test_id("modal")).to_have_count(0)
    assert server.posted("view/close") == [{"user": gallery.ADA, "view_id": "V1"}]


async def test_more_actions_run_a_message_shortcut_and_copy_the_link(
    open_page: OpenPage, server: PageServer
) -> None:
    page = await open_page(server.url)
    message = page.get_by_test_id(f"message-{gallery.ts(0)}")

    await message.hover()
    await message.get_by_test_id(f"more-{gallery.ts(0)}").click()
    await page.get_by_test_id("shortcut-diagnose").click()
    await server.until_posted("shortcut")
    await message.get_by_test_id(f"more-{gallery.ts(0)}").click()
    await page.get_by_test_id("copy-link").click()

    await expect(page.get_by_test_id("toast")).to_have_text("Link copied")
    assert server.posted("shortcut") == [
        {
            "user": gallery.ADA,
            "callback_id": "diagnose",
            "channel": gallery.CHANNEL,
            "message_ts": gallery.ts(0),
        }
    ]
    assert (
        await page.evaluate("navigator.clipboard.readText()")
        == f"{server.url}#/{gallery.CHANNEL}//{gallery.ts(0)}"
    )


async def test_dismiss_asks_the_server(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)

    await page.get_by_test_id("dismiss").click()
    await server.until_posted("ephemeral/dismiss")
    server.push("message_deleted", channel=gallery.CHANNEL, ts=gallery.ts(150))

    await expect(page.get_by_test_id(f"message-{gallery.ts(150)}")).to_have_count(0)
    assert server.posted("ephemeral/dismiss") == [
        {"user": gallery.ADA, "channel": gallery.CHANNEL, "ts": gallery.ts(150)}
    ]
