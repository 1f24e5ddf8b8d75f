import pytest

from bot.model.sign import Piece
from bot.signs.dates import READERS


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Thu Nov 20 09:22:51 UTC 2031", "2031-11-20T09:22:00"),
        ("Thu 20 Nov 2031 09:22:51 PM UTC", "2031-11-20T21:22:00"),
        ("Do 20. Nov 09:22:51 CET 2031", "2031-11-20T09:22:00"),
        ("mar. 20 mai 2031 09:22:51 CEST", "2031-05-20T09:22:00"),
        ("Чт 20 мар 2031 09:22:51 MSK", "2031-03-20T09:22:00"),
        ("Thu 20 Mar 2031 09:22:51 NOVT", "2031-03-20T09:22:00"),
        ("2031年  3月 20日 木曜日 09:22:51 JST".replace("  ", " "), "2031-03-20T09:22:00"),
        ("2031-03-20T09:22:51+01:00", "2031-03-20T09:22:00"),
    ],
)
def test_a_clock_that_was_asked_is_read_in_many_languages(said: str, at: str) -> None:
    signs = [sign for read in READERS for sign in read(Piece(text=f"$ date\n{said}"))]

    assert [sign["at"] for sign in signs] == [at]


@pytest.mark.parametrize(
    "text", ["$ date\ncommand not found", "$ update\nThu Nov 20 09:22:51 UTC 2031", "$ date\n"]
)
def test_what_is_no_answer_of_date_gives_no_clock(text: str) -> None:
    assert not [sign for read in READERS for sign in read(Piece(text=text))]
