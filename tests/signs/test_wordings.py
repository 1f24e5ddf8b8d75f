"""Wordings of many programs, versions and systems: tests/cases/wordings.yaml."""

from pathlib import Path

import pytest
import yaml

from bot.model.sign import Piece
from bot.signs import read

WORDINGS: list[dict[str, str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases/wordings.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording["name"])
def test_a_wording_gives_its_sign(wording: dict[str, str]) -> None:
    signs = read([Piece(text=wording["text"])])

    field, value = wording.get("field", ""), wording.get("value", "")
    assert any(sign[field] == value for sign in signs.of(wording["kind"])), [sign.kind for sign in signs.all]
