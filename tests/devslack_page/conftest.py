"""Fixtures of the page's tests: a browser, and a server that shows the gallery."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.devslack_page import gallery
from tests.support.browser import browser, open_page
from tests.support.page_server import PageServer

__all__ = ["browser", "open_page", "server"]


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[PageServer]:
    """The gallery, fresh for each test."""
    async with PageServer(gallery.state(), {"F0000001": "line 1\n<script>alert(1)</script>\n"}) as running:
        yield running
