"""Expressions that every Python the project runs on reads alike."""

import re
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"
#: A group that is repeated possessively. Before 3.11.5 such a repeat does not match where the group has more
#: than one way to match (CPython issue 106052): a secret would stay. `(?>(?:…)*)` says the same and works.
_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:\{+\d*,?\d*\}+|[*+?])\+")


def test_no_group_is_repeated_possessively() -> None:
    found = [
        f"{path.relative_to(BOT)}:{number}"
        for path in sorted(BOT.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    ]

    assert found == []


def test_the_search_for_such_groups_finds_one() -> None:
    assert _POSSESSIVE_GROUP.search(r"(?:a|ab){0,8}+")
    assert _POSSESSIVE_GROUP.search(r"(?:a|ab){{0,8}}+")
    assert _POSSESSIVE_GROUP.search(r"(?:a|ab)++")
    assert not _POSSESSIVE_GROUP.search(r"(?>(?:a|ab){0,8})[a-z]{1,4}+\)?+")
