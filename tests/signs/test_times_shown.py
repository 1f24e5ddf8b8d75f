"""What a clock said when somebody asked it, in the forms of several locales."""

import pytest

from bot.model.sign import Piece
from bot.signs.times_shown import READERS


def _asked(text: str) -> list[str]:
    return [sign["at"] for read in READERS for sign in read(Piece(text=text)) if sign.kind == "clock_shown"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Thu Nov 20 09:22:51 UTC 2031", "2031-11-20 09:22:51"),
        ("Thu 20 Nov 2031 09:22:51 PM UTC", "2031-11-20 21:22:51"),
        ("Do 20. Nov 09:22:51 CET 2031", "2031-11-20 09:22:51"),
        ("mar. 20 mai 2031 09:22:51 CEST", "2031-05-20 09:22:51"),
        ("Thu 20 Mar 2031 09:22:51 NOVT", "2031-03-20 09:22:51"),
        ("2031-03-20T09:22:51+01:00", "2031-03-20 09:22:51"),
    ],
)
def test_a_clock_that_was_asked_is_read(said: str, at: str) -> None:
    assert [one.replace("T", " ") for one in _asked(f"$ date\n{said}")] == [at]


@pytest.mark.parametrize(
    "text", ["$ date\ncommand not found", "$ update\nThu Nov 20 09:22:51 UTC 2031", "$ date\n"]
)
def test_what_is_no_answer_of_date_gives_no_clock(text: str) -> None:
    assert _asked(text) == []
