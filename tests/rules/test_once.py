"""What is asked of one case again and again."""

from bot.model.sign import Sign, Signs
from bot.rules._once import lines_of, lower_text, once


def test_it_is_worked_out_once_for_each_case() -> None:
    asked: list[str] = []

    @once
    def length(signs: Signs) -> int:
        asked.append(signs.text)
        return len(signs.text)

    one, other = Signs(all=(), text="one"), Signs(all=(), text="other")

    assert [length(one), length(one), length(other), length(one)] == [3, 3, 5, 3]
    assert asked == ["one", "other"]


def test_nothing_is_an_answer_as_well() -> None:
    asked: list[str] = []

    @once
    def nothing(signs: Signs) -> None:
        asked.append(signs.text)

    signs = Signs(all=(), text="text")
    nothing(signs)
    nothing(signs)

    assert asked == ["text"]


def test_what_was_asked_makes_no_other_case_of_it() -> None:
    asked, other = Signs(all=(), text="Text"), Signs(all=(), text="Text")

    assert lower_text(asked) == "text"
    assert asked == other


def test_lines_that_nobody_could_read_are_lines_too() -> None:
    signs = Signs(all=(Sign(kind="page", line="502 Bad Gateway"),), unread=("it is down",))

    assert lines_of(signs) == ("it is down", "502 Bad Gateway")
