"""Block Kit, mrkdwn and files as a reader sees them, in a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.devslack_page import gallery
from tests.support.browser import OpenPage
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def drawn(open_page: OpenPage, server: PageServer, *blocks: dict, **message: object) -> Locator:
    """The message that holds these blocks."""
    server.state["messages"] = [gallery.message(1, blocks=list(blocks), **message)]
    page = await open_page(server.url)
    row = page.get_by_test_id(f"message-{gallery.ts(1)}")
    await expect(row).to_be_visible()
    return row


def section(text: str) -> dict:
    return {"type": "section", "block_id": "s", "text": gallery.mrkdwn(text)}


FORMS = [
    ("a *bold move* b", "strong", "bold move"),
    ("(*bold*), _x_.", "strong", "bold"),
    ("an _italic_ one", "em", "italic"),
    ("~gone~", "s", "gone"),
    ("`ss -Hltnp`", "code", "ss -Hltnp"),
    ("`*not bold*`", "code", "*not bold*"),
    ("```\nexit 1\n```", "pre", "exit 1"),
    ("```*raw* &lt;b&gt;```", "pre", "*raw* <b>"),
    ("&gt; quoted\nnot quoted", "blockquote", "quoted"),
    (
        "see <https://example.org/a?b=1&amp;c=2|the run book>",
        "a[href='https://example.org/a?b=1&c=2']",
        "the run book",
    ),
    ("at https://example.org/x.", "a[href='https://example.org/x']", "https://example.org/x"),
    ("<@U0APPROVER> look", ".mention", "@Ben Approver"),
    ("<@U0REQUESTER> look", ".mention-me", "@Ada Requester"),
    ("<!subteam^S0SRE> look", ".mention", "@sre"),
    ("<!here> look", ".mention-me", "@here"),
    ("<#C0INCIDENTS>", ".mention", "#incidents"),
    ("*bold _and italic_*", "strong em", "and italic"),
    (":rotating_light: now", "[role=img][aria-label='rotating light']", "🚨"),
]
NO_FORMS = [
    "2 * 3 * 4",
    "snake_case_name",
    "foo_bar_ baz",
    "a ~ b ~ c",
    "path/*/x and y/*/z",
    ":no_such_emoji:",
    "`open",
    "10:30:45",
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def forms(browser: Browser) -> AsyncIterator[Page]:
    """One page with all the forms below, each a message at its place in the list."""
    texts = [text for text, *_ in FORMS] + NO_FORMS
    messages = [gallery.message(at, blocks=[section(text)]) for at, text in enumerate(texts)]
    async with PageServer(gallery.state(messages=messages)) as server:
        page = await browser.new_page()
        await page.goto(server.url)
        yield page
        await page.close()


@pytest.mark.parametrize("at", range(len(FORMS)), ids=[text[:24] for text, *_ in FORMS])
async def test_mrkdwn_forms_are_drawn(forms: Page, at: int) -> None:
    _, selector, shown = FORMS[at]

    await expect(
        forms.get_by_test_id(f"message-{gallery.ts(at)}").locator(".mrkdwn").locator(selector)
    ).to_have_text(shown)


@pytest.mark.parametrize("at", range(len(NO_FORMS)), ids=NO_FORMS)
async def test_what_is_no_form_stays_as_written(forms: Page, at: int) -> None:
    text = forms.get_by_test_id(f"message-{gallery.ts(len(FORMS) + at)}").locator(".mrkdwn")

    await expect(text).to_have_text(NO_FORMS[at])
    await expect(text.locator(":is(strong, em, s, code, .emoji)")).to_have_count(0)


async def test_dates_are_told_in_the_readers_own_time(open_page: OpenPage, server: PageServer) -> None:
    token = f"<!date^{gallery.DAY}^on {{date_num}} at {{time_secs}}|never>"
    server.state["messages"] = [gallery.message(1, blocks=[section(token)])]

    berlin = await open_page(server.url, timezone="Europe/Berlin")
    tokyo = await open_page(server.url, timezone="Asia/Tokyo")

    await expect(berlin.locator(".mrkdwn time")).to_have_text("On 2025-11-21 at 00:06:40")
    await expect(tokyo.locator(".mrkdwn time")).to_have_text("On 2025-11-21 at 08:06:40")


async def test_a_date_that_cannot_be_read_falls_back_to_its_text(
    open_page: OpenPage, server: PageServer
) -> None:
    row = await drawn(open_page, server, section("<!date^soon^{time}|some day>"))

    await expect(row.locator(".mrkdwn")).to_have_text("some day")


async def test_plain_text_is_literal(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(
        open_page, server, {"type": "header", "block_id": "h", "text": gallery.plain("*a* <@U0BOT> :x:")}
    )

    await expect(row.get_by_role("heading")).to_have_text("*a* <@U0BOT> :x:")


async def test_rich_text_keeps_styles_lists_and_literal_text(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(open_page, server, gallery.RICH)

    await expect(row.locator(".rt-section").first).to_contain_text(
        "Confirmed since 00:06:40; ask @Ben Approver or @sre"
    )
    await expect(row.locator("em strong, strong em").first).to_have_text("Confirmed")
    await expect(row.locator("ul.rt-list li")).to_have_text(["disk is fine", "memory is fine"])
    await expect(row.locator("ol.rt-list")).to_have_attribute("start", "3")
    await expect(row.locator("pre")).to_have_text(gallery.PREFORMATTED)
    await expect(row.locator("blockquote")).to_have_text("a quoted line")


async def test_a_table_has_a_head_and_literal_cells(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(open_page, server, gallery.TABLE)

    await expect(row.get_by_role("columnheader")).to_have_text(["File system", "Used", "Says"])
    await expect(row.get_by_role("cell", name="nearly full")).to_have_text(
        "nearly full; *not bold* <b>not html</b>"
    )


async def test_unknown_blocks_elements_and_cells_are_said(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(
        open_page,
        server,
        {"type": "hologram", "block_id": "a"},
        {"type": "actions", "block_id": "b", "elements": [{"type": "lever", "action_id": "pull"}]},
        {"type": "table", "block_id": "c", "rows": [[{"type": "odd_cell"}]]},
    )

    for name in ("hologram", "lever", "odd_cell"):
        await expect(row.get_by_test_id(f"unsupported-{name}")).to_contain_text(
            f"Unsupported {name}".split()[0]
        )


async def test_pictures_from_elsewhere_are_named_not_loaded(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(open_page, server, next(block for block in gallery.GALLERY if block["type"] == "image"))

    await expect(row.get_by_role("img", name="requests by status")).to_be_visible()
    await expect(row.locator("img")).to_have_count(0)


async def test_text_is_shown_only_when_there_are_no_blocks(open_page: OpenPage, server: PageServer) -> None:
    row = await drawn(open_page, server, section("the block"), text="the fall-back")

    await expect(row).to_contain_text("the block")
    await expect(row).not_to_contain_text("the fall-back")


async def test_a_file_opens_as_text_with_its_size_and_download(
    open_page: OpenPage, server: PageServer
) -> None:
    row = await drawn(open_page, server, files=[gallery.FILE])
    page = row.page
    await expect(row.get_by_test_id("file-open-F0000001")).to_contain_text("12.3 kB")

    await row.get_by_test_id("file-open-F0000001").click()

    await expect(page.get_by_test_id("file-text")).to_have_text("line 1\n<script>alert(1)</script>\n")
    await expect(page.get_by_test_id("file-viewer")).to_contain_text("2 lines")
    await expect(page.get_by_test_id("file-download")).to_have_attribute(
        "href", "local/files/F0000001?user=U0REQUESTER&download=1"
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("file-viewer")).to_have_count(0)


async def test_marks_of_messages_are_shown(open_page: OpenPage, server: PageServer) -> None:
    page = await open_page(server.url)
    channel = page.get_by_test_id("channel-pane")

    root = channel.get_by_test_id(f"message-{gallery.ts(60)}")
    await expect(root).to_contain_text("APP")
    await expect(root).to_contain_text("(edited)")
    await expect(root.get_by_test_id(f"replies-{gallery.ts(60)}")).to_contain_text("3 replies")
    await expect(channel.get_by_test_id(f"message-{gallery.ts(150)}")).to_contain_text("Only visible to you")
    await expect(channel.get_by_test_id(f"message-{gallery.ts(120)}")).to_have_count(0)
    await expect(page).to_have_title("#incidents · LOCAL Slack")
