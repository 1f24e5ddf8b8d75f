"""The page's files keep their own rules: small, served, offline, no HTML sinks, documented."""

import re
from pathlib import Path

import pytest

from bot.devslack.static import Static

PAGE = Path(__file__).parents[2] / "bot" / "devslack" / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|createContextualFragment"
    r"|\beval\(|new Function|setHTMLUnsafe"
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_explained_and_has_no_html_sink(script: Path) -> None:
    text = script.read_text()

    assert text.startswith("/**")
    assert text.count("\n") <= 250
    assert not SINKS.search(text)


@pytest.mark.parametrize("path", sorted(PAGE.iterdir()), ids=lambda path: path.name)
def test_nothing_in_the_page_points_to_the_internet(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", path.read_text())

    assert [one for one in addresses if not one.endswith("//www.w3")] == []


def test_the_server_serves_every_file_that_the_page_names() -> None:
    named = set(re.findall(r'(?:href|src)="([\w.-]+)"', (PAGE / "index.html").read_text()))
    for script in SCRIPTS:
        named |= {name for _, name in re.findall(r'(from|import) "\./([\w.-]+)"', script.read_text())}

    static = Static(PAGE)

    assert {"main.js", "tokens.css", "icon.svg", "blocks.js"} <= named
    assert {name: static._answer(name).status for name in named} == dict.fromkeys(named, 200)


def test_the_readme_names_every_file() -> None:
    readme = (PAGE / "README.md").read_text()

    missing = [
        path.name
        for path in PAGE.iterdir()
        if path.suffix in (".js", ".css") and f"`{path.name}`" not in readme
    ]

    assert missing == []


def test_the_policy_forbids_inline_scripts_and_foreign_origins() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', (PAGE / "index.html").read_text())

    assert policy is not None
    assert {
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
    } <= set(policy[1].split("; "))
    assert "unsafe" not in policy[1]
