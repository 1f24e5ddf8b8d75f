"""Whatever a host, an app or a person writes stays text: nothing runs, nothing loads, nothing links away."""

import copy
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.devslack_page import gallery
from tests.support.browser import OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = (
    "<img src=x onerror=\"window.fired='img'\">",
    "<script>window.fired='script'</script>",
    "<svg/onload=window.fired='svg'>",
    '"><iframe srcdoc="<script>parent.fired=\'frame\'</script>"></iframe>',
    "<javascript:window.fired='link'|click me>",
    "<data:text/html,<script>window.fired=1</script>|data>",
    "[x](javascript:window.fired='md')",
    "<style>*{display:none}</style><base href=//evil.example>",
    "</pre></article><h1>out</h1>",
    "```\n</pre><img src=x onerror=\"window.fired='fence'\">\n```",
    "\u202etxt.exe\u0000\u001b[31m__proto__ constructor",
)
TEXT_KEYS = {"text", "alt_text", "placeholder", "name", "title", "fallback", "label", "real_name"}


def poisoned(value: Any, poison: str) -> Any:
    """The same structure with every shown string replaced."""
    if isinstance(value, list):
        return [poisoned(item, poison) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: poison if key in TEXT_KEYS and isinstance(inner, str) else poisoned(inner, poison)
        for key, inner in value.items()
    }


async def assert_harmless(page: Page) -> None:
    assert await page.evaluate("window.fired") is None
    assert (
        await page.locator(
            "iframe, base, object, embed, main img, main script, main style, h1:text-is('out')"
        ).count()
        == 0
    )
    assert await page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0


@pytest.mark.parametrize("poison", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_in_every_field_stays_text(
    open_page: OpenPage, server: PageServer, poison: str
) -> None:
    for key in ("messages", "files", "users", "channels", "groups", "commands", "shortcuts"):
        server.state[key] = poisoned(copy.deepcopy(server.state[key]), poison)
    server.state["views"] = [poisoned(copy.deepcopy(gallery.VIEW), poison)]
    server.files["F0000001"] = poison

    page = await open_page(f"{server.url}#/{gallery.CHANNEL}/{gallery.ts(60)}")

    await expect(page.get_by_test_id("modal")).to_be_visible()
    await expect(page.get_by_test_id(f"message-{gallery.ts(120)}")).to_have_count(1)
    await assert_harmless(page)


async def test_the_file_viewer_shows_html_as_text(open_page: OpenPage, server: PageServer) -> None:
    server.files["F0000001"] = "\n".join(HOSTILE[:4])
    page = await open_page(f"{server.url}#/{gallery.CHANNEL}/{gallery.ts(60)}")

    await page.get_by_test_id("file-open-F0000001").click()

    await expect(page.get_by_test_id("file-text")).to_have_text("\n".join(HOSTILE[:4]))
    await assert_harmless(page)


async def test_the_browser_itself_refuses_html_sinks(browser: Browser, server: PageServer) -> None:
    page = await browser.new_page()
    await page.goto(server.url)

    refused = await page.evaluate(
        "() => { try { document.body.insertAdjacentHTML('beforeend', '<i>') } catch (e) { return e.name } }"
    )

    assert refused == "TypeError"
    await page.close()


async def test_nothing_leaves_this_origin(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.goto(f"{server.url}#/{gallery.CHANNEL}/{gallery.ts(60)}")
    await expect(page.get_by_test_id(f"message-{gallery.ts(140)}")).to_be_visible()

    assert asked
    assert [url for url in asked if not url.startswith(server.url)] == []
