"""Apache's lines that need their neighbours."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

READING = "[client 10.1.1.1:99] AH00898: Error reading from remote server returned by /x"


def kinds(text: str) -> list[str]:
    return [sign.kind for sign in read([Piece(text=text)]).all]


def test_a_read_error_alone_means_that_the_answer_was_cut_off() -> None:
    assert "answer_closed" in kinds(READING)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("(70007)The timeout specified has expired", "answer_timeout"),
        ("(104)Connection reset by peer", "answer_reset"),
    ],
)
def test_a_read_error_is_what_the_line_before_says(reason: str, kind: str) -> None:
    before = f"{reason}: AH01102: error reading status line from remote server a:80"

    found = kinds(f"{before}\n{READING}")

    assert kind in found
    assert "answer_closed" not in found
