"""docs/reference is what the code says, and leaves nothing unsaid."""

import re
from pathlib import Path

import pytest

from bot.catalog import names_of_code
from bot.settings import Settings
from tools import reference

PAGES = reference.pages()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_current(name: str) -> None:
    assert (reference.FOLDER / name).read_text() == PAGES[name], "run make docs"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in Path(reference.FOLDER).glob("*.md")} == set(PAGES) | reference.MEASURED


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "files.md"])
def test_every_row_says_what_it_means(name: str) -> None:
    rows = [line for line in PAGES[name].splitlines() if line.startswith("| `")]

    assert rows
    assert [row for row in rows if re.search(r"\|\s*\|$", row)] == []


def test_every_setting_and_every_cause_has_its_entry() -> None:
    assert all(f"RUNBOOK_BOT_{name.upper()}" in PAGES["settings.md"] for name in Settings.model_fields)
    assert all(f"\n## {name}\n" in PAGES["causes.md"] for name in names_of_code().rules)


@pytest.mark.parametrize("name", sorted(names_of_code().rules))
def test_a_cause_says_when_it_is_ruled_out_and_where_it_comes_from(name: str) -> None:
    entry = PAGES["causes.md"].split(f"\n## {name}\n")[1].split("\n## ")[0]

    assert "**Ruled out when:**" in entry
    assert "**Mistaken when:**" in entry
    assert "**Source:**" in entry
