"""`runbook-bot demo` as a newcomer uses it: ask, read, approve as somebody else, recover, export."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.support.browser import PHONE, OpenPage, browser, open_page
from tests.support.server_process import ended

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
__all__ = ["browser", "open_page"]

#: Set by `make screenshots`: where the pictures of the docs are kept.
PICTURES = os.environ.get("RUNBOOK_BOT_PICTURES")
STARTS_WITHIN_S = 90


@pytest_asyncio.fixture(loop_scope="session")
async def page_url(tmp_path: Path) -> AsyncIterator[str]:
    """The page of a demo that runs as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        "0",
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield await asyncio.wait_for(_address(process), STARTS_WITHIN_S)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.communicate(), 60)
        finally:
            await ended(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    said = b""
    assert process.stdout is not None
    while line := await process.stdout.readline():
        said += line
        found = re.search(rb"(http://127\.0\.0\.1:\d+/)", line)
        if found:
            return found[1].decode()
    raise AssertionError(f"the demo ended without an address: {said.decode()}")


async def test_ask_approve_recover_and_export(page_url: str, open_page: OpenPage) -> None:
    page = await open_page(f"{page_url}?as=U0REQUESTER", size=(1400, 1000))
    thread = page.get_by_test_id("thread-pane")
    await _say(page, "composer", "/502 web-01")
    await page.locator("[data-testid^=replies-]").first.click()

    await expect(thread).to_contain_text("payments_v2")
    await expect(thread).to_contain_text("Would a restart")
    card = _message(thread, "Approval needed")
    await expect(card).to_contain_text("sudo -n /usr/local/sbin/app-rollback")
    for group in ("the app", "what changed", "nginx", "sockets", "resources", "kernel"):
        await expect(_message(thread, group).first).to_be_visible()
    await thread.locator("[data-testid^=file-open-]").first.click()
    await expect(page.get_by_test_id("file-text")).to_contain_text("ModuleNotFoundError")
    await page.get_by_test_id("file-viewer-dismiss").click()
    await _picture(page, "channel.png")
    await _top(thread)
    await _picture(page, "verdict.png")

    # The requester may click, and is told why that is not enough.
    await _press(page, card, "approve")
    await expect(thread).to_contain_text("somebody else must approve")

    await page.get_by_test_id("person-U0APPROVER").click()
    await page.locator("html[data-ready=U0APPROVER]").wait_for()
    card = _message(thread, "Approval needed")
    await card.scroll_into_view_if_needed()
    await _picture(page, "approval.png")
    await _press(page, card, "approve")
    await expect(_message(thread, "Approved and done").first).to_be_visible(timeout=90_000)
    await expect(card.get_by_test_id(re.compile("action-approve"))).to_have_count(0)
    after = _message(thread, "Before:").last
    await expect(after).to_contain_text("nginx and the app answer well", timeout=90_000)
    await after.scroll_into_view_if_needed()
    await _picture(page, "result.png")

    await _say(page, "thread-composer", "@runbook-bot export")
    timeline = thread.locator("[data-testid^=file-open-]", has_text=".md").last
    await timeline.click()
    await expect(page.get_by_test_id("file-text")).to_contain_text("app-rollback")
    await expect(page.get_by_test_id("file-text")).to_contain_text("approver")
    await page.get_by_test_id("file-viewer-dismiss").click()

    phone = await open_page(page.url.replace("as=U0REQUESTER", "as=U0APPROVER"), size=PHONE)
    await expect(phone.get_by_test_id("thread-pane")).to_contain_text("Approved and done")
    await _picture(phone, "phone.png")


async def _say(page: Page, box: str, words: str) -> None:
    await page.get_by_test_id(box).click()
    await page.keyboard.type(words)
    await page.get_by_test_id(f"{box}-send").click()


async def _press(page: Page, card: Locator, action: str) -> None:
    await card.get_by_test_id(re.compile(f"action-{action}")).click()
    await page.get_by_test_id("confirm-ok").click()


def _message(thread: Locator, words: str) -> Locator:
    return thread.locator("[data-testid^=message-]", has_text=words)


async def _top(thread: Locator) -> None:
    await thread.locator("[data-testid^=message-]").first.scroll_into_view_if_needed()


async def _picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / name)
