from datetime import datetime

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


@pytest.mark.parametrize(
    "line",
    [
        "2026/11/03 08:05:09 [error] 1#1: x",
        "2026-11-03T08:05:09.123Z x",
        '10.0.0.5 - - [03/Nov/2026:08:05:09 +0100] "GET / HTTP/1.1" 502 157',
        "[03-Nov-2026 08:05:09] WARNING: x",
        "[Tue Nov  3 08:05:09 2026] x",
        "[Tue Nov 03 08:05:09.123456 2026] [proxy:error] x",
        "Nov  3 08:05:09 web kernel: x",
    ],
)
def test_a_date_is_read_as_each_program_writes_it(line: str) -> None:
    assert _clock.when(line, year=2026) == datetime.fromisoformat("2026-11-03T08:05:09")


@pytest.mark.parametrize("line", ["08:05:09 x", "Nov  3 08:05:09 web x", "2026-13-41 08:05:09 x", "[91.2] x"])
def test_a_line_without_a_whole_date_has_none(line: str) -> None:
    assert _clock.when(line) is None
