import pytest

from bot.rules import _clock


@pytest.mark.parametrize(
    ("earlier", "later", "gap_s"),
    [
        ("2026/03/03 12:00:05 [error] x", "2026-03-03 12:00:31 INFO x", 26),
        ("2026/03/03 12:00:31 [error] x", "12:00:05.123 x", -26),
        ("2026/03/03 12:00:05 x", "2026-03-04 12:00:31 x", None),
        ("no clock", "12:00:31 x", None),
        ("02:42:ac:12:00:05", "12:00:31 x", None),
    ],
)
def test_two_lines_are_as_far_apart_as_their_clocks_of_one_day(
    earlier: str, later: str, gap_s: int | None
) -> None:
    assert _clock.gap_s(earlier, later) == gap_s
