"""The table of `pm2 ls`."""

import pytest

from bot.model.sign import Piece
from bot.signs.pm2 import pm2_table

HEAD = "│ id │ name │ namespace │ version │ mode │ pid │ uptime │ ↺ │ status │ cpu │ mem │"
ROW = "│ 3  │ shop-api │ default │ 1.4.0 │ fork │ 4242 │ 0s │ 15 │ {state} │ 0% │ 0b │"


@pytest.mark.parametrize(
    ("state", "active"),
    [("online", "active"), ("errored", "failed"), ("stopped", "inactive"), ("launching", "activating")],
)
def test_a_row_is_the_state_of_a_unit(state: str, active: str) -> None:
    signs = list(pm2_table(Piece(text=f"{HEAD}\n{ROW.format(state=state)}\n└────┘")))

    assert [(s["unit"], s["active"], s["sub"]) for s in signs if s.kind == "unit"] == [
        ("shop-api", active, state)
    ]


def test_an_app_that_is_up_has_its_restarts_counted() -> None:
    signs = list(
        pm2_table(Piece(text=f"{HEAD}\n{ROW.format(state='online')}\n{ROW.format(state='errored')}"))
    )

    assert [(s["name"], s["restarts"]) for s in signs if s.kind == "pod"] == [("shop-api", "15")]


def test_another_table_with_such_a_word_is_not_read() -> None:
    assert list(pm2_table(Piece(text="| server | online | yes |"))) == []
