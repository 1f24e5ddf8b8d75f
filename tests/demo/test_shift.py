"""Recorded times move to now, in every form that a host writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.shift import shifted

RECORDED = datetime(2026, 11, 20, 23, 53, 43, tzinfo=UTC)
#: One day, two hours and three seconds later: the weekday, the month's day and the year's digits move.
NOW = RECORDED + timedelta(days=42, hours=2, seconds=3)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-11-20T23:53:40+0000 web-01 app[7]: x", "2027-01-02T01:53:43+0000 web-01 app[7]: x"),
        ("At=Fri 2026-11-20 23:53:40 UTC", "At=Sat 2027-01-02 01:53:43 UTC"),
        ("2026/11/20 23:53:40 [error] 7#7", "2027/01/02 01:53:43 [error] 7#7"),
        ('[20/Nov/2026:23:53:40 +0000] "GET /"', '[02/Jan/2027:01:53:43 +0000] "GET /"'),
        ("[Fri Nov 20 23:53:40 2026] oom", "[Sat Jan 02 01:53:43 2027] oom"),
        ("Date: Fri, 20 Nov 2026 23:53:40 GMT", "Date: Sat, 02 Jan 2027 01:53:43 GMT"),
        ("2026-11-20 23:53:40 install nginx", "2027-01-02 01:53:43 install nginx"),
        ("release\t2\t1795218820", "release\t2\t1798854823"),
    ],
    ids=["journal", "systemctl", "nginx-error", "nginx-access", "dmesg", "http", "dpkg", "epoch"],
)
def test_time_moves_by_as_much_as_the_recording_is_old(text: str, moved: str) -> None:
    assert shifted(text, RECORDED, NOW) == moved


@pytest.mark.parametrize(
    "text",
    ["pid 1795218820123", "1395218820", "v1795218820", "size=264212084 24634040", "2026-13-45T99:99:99", ""],
    ids=["longer-number", "years-away", "part-of-a-word", "sizes", "no-such-time", "empty"],
)
def test_what_is_no_time_stays(text: str) -> None:
    assert shifted(text, RECORDED, NOW) == text


def test_the_recordings_own_moment_is_now() -> None:
    assert shifted("2026-11-20T23:53:43", RECORDED, NOW) == f"{NOW:%Y-%m-%dT%H:%M:%S}"
