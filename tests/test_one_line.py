"""One line alone, and the cause that it must name first: tests/cases/one_line.yaml."""

from pathlib import Path

import pytest
import yaml

from bot.diagnose import MOST_OF_A_FIT, diagnose
from bot.model.sign import Piece

LINES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parents[0] / "cases/one_line.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("cause", "line"), [(cause, line) for cause, lines in LINES.items() for line in lines]
)
def test_a_programs_line_names_its_cause_first(cause: str, line: str) -> None:
    first = diagnose([Piece(text=line)]).found[0]

    assert first.cause == cause
    assert first.weight > MOST_OF_A_FIT  # a rule says so, not a leaning
