"""Every threat on the page names tests, and every test it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.M)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_the_threats_are_numbered_without_a_gap() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, len(ROWS) + 1))
    assert len(ROWS) > 30


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _ in ROWS])
def test_a_threat_names_tests_that_exist(number: str, row: str) -> None:
    named = _NAMED.findall(row)

    assert named != []
    assert [f"{file}::{test}" for file, test in named if test not in _tests_of(file)] == []


def _tests_of(file: str) -> set[str]:
    path = ROOT / file
    if not path.exists():
        return set()
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
