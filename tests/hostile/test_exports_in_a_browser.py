# Tables stand as they are.
# ruff: noqa: E501
"""Exports full of what hosts and people would like a reader's browser to do: it does nothing of it."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.story import export, timeline
from tests.support.browser import browser
from tests.support.hostile import times
from tests.support.payloads import PAYLOADS
from tests.test_story import HOSTILE, hostile_entries

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_SCRIPTS = tuple(
    template.replace("X", how)
    for how in ("alert(1)", "fetch('http://127.0.0.1:9/x')", "location='http://127.0.0.1:9/'")
    for template in (
        "<script>X</script>", "<ScRiPt>X</sCrIpT>", "</pre><script>X</script>", "</title><script>X</script>",
        "<img src=x onerror=X>", "<svg/onload=X>", "<iframe srcdoc='<script>X</script>'>", "<body onload=X>",
        '"onmouseover=X autofocus onfocus=X x="', "<details open ontoggle=X>", "<a href=javascript:X>click</a>",
        "<style>@import 'http://127.0.0.1:9/x.css';</style>", "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>", "<base href=http://127.0.0.1:9/>",
        "<form action=http://127.0.0.1:9/><input autofocus onfocus=X></form>", "<object data=http://127.0.0.1:9/x>",
        "<embed src=http://127.0.0.1:9/x>", "<video src=http://127.0.0.1:9/x onerror=X>", "<input autofocus onfocus=X>",
        "<math><mtext></form><form><mglyph><style></math><img src=x onerror=X>", "<!--><img src=x onerror=X>-->",
        "&lt;script&gt;X&lt;/script&gt;", "\\x3cscript\\x3eX\\x3c/script\\x3e", "<noscript><p title='</noscript><img src=x onerror=X>'>",
    )
)  # fmt: skip
#: What is planted into every place of an incident at once, some side by side.
ALL = (*HOSTILE, *_SCRIPTS, *PAYLOADS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", ["html", "md", "csv"])
async def test_no_dialog_opens_and_nothing_is_asked_for(browser: Browser, tmp_path: Path, form: str) -> None:
    assert len(set(ALL)) >= 200
    seen: list[str] = []
    page = await browser.new_page()
    page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: seen.append(request.url))
    together = times(16, of=1)
    plants = ALL if form == "html" else ALL[: 6 * together]

    for start in range(0, len(plants), together):
        text = "\n".join(plants[start : start + together])
        # A browser shows Markdown and CSV as the text they are.
        path = tmp_path / f"export-{start}.{'html' if form == 'html' else 'txt'}"
        path.write_bytes(export(timeline(hostile_entries(text), {"9" * 64: text}), form))
        await page.goto(path.as_uri())
        await page.mouse.move(200, 200)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.scripts.length") == 0
        assert (
            await page.evaluate("document.querySelectorAll('a,img,iframe,form,svg,object,base,link').length")
            == 0
        )

    await page.close()
    assert [each for each in seen if not each.startswith("file://")] == []
