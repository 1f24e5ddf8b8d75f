"""A real Chromium for tests: started once a session, one fresh page a test.

Import the fixtures into a conftest.py: `from tests.support.browser import browser, open_page`.
Tests that use them run in the session's event loop:
`pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.support import programs

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
)
DESK = (1280, 800)
PHONE = (390, 780)

#: How long something may take on a busy machine before a test calls it missing.
PATIENCE_MS = 60_000

OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium for the whole session; skips, saying why, where there is none."""
    path = programs.browser()
    if path is None:
        pytest.skip(f"no Chromium on this machine ({', '.join(programs.BROWSERS)}): apt install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=path, args=list(ARGS), timeout=PATIENCE_MS * 2
        )
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages that are closed after the test; any uncaught script error or CSP breach fails it."""
    troubles: list[str] = []
    async with AsyncExitStack() as closing:

        async def open_one(
            url: str,
            *,
            size: tuple[int, int] = DESK,
            scheme: Literal["light", "dark"] = "light",
            timezone: str = "Europe/Berlin",
        ) -> Page:
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,
                timezone_id=timezone,
                locale="en-GB",
                has_touch=size[0] < 600,
                permissions=["clipboard-read", "clipboard-write"],
            )
            closing.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = await context.new_page()
            page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
            page.on("dialog", lambda dialog: troubles.append(f"a dialog opened: {dialog.message}"))
            page.on("console", lambda line: troubles.append(line.text) if is_trouble(line.text) else None)
            await page.goto(url)
            return page

        yield open_one
    assert not troubles, "\n".join(troubles)


def is_trouble(line: str) -> bool:
    """Console lines that mean a defect of the page, not an answer that a test asked for."""
    return any(
        word in line for word in ("Content Security Policy", "TrustedHTML", "could not be drawn", "Uncaught")
    )


async def keep_screenshot(page: Page, path: Path) -> None:
    """Write a PNG of what is on the screen; its folder is made by Playwright."""
    await page.screenshot(path=path, animations="disabled")
