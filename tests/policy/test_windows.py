"""Freezes by the wall clock: their edges, both nights on which it is turned, and mistakes in the file."""

import random
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.policy import Freeze, cron, frozen_at

WEEKEND = Freeze(name="weekend", begins=cron("0 18 * * FRI"), lasts_s=60 * 3600, zone="Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def until(freeze: Freeze, text: str) -> datetime | None:
    found = frozen_at([freeze], at(text))
    return found[0].until if found else None


@pytest.mark.parametrize(
    ("before", "first", "last", "after"),
    [
        pytest.param(
            "2026-06-05T15:59:59Z",
            "2026-06-05T16:00Z",
            "2026-06-08T03:59:59Z",
            "2026-06-08T04:00Z",
            id="summer",
        ),
        pytest.param(
            "2026-01-09T16:59:59Z",
            "2026-01-09T17:00Z",
            "2026-01-12T04:59:59Z",
            "2026-01-12T05:00Z",
            id="winter",
        ),
        pytest.param(
            "2026-03-27T16:59:59Z",
            "2026-03-27T17:00Z",
            "2026-03-30T03:59:59Z",
            "2026-03-30T04:00Z",
            id="the clock goes forward in it",
        ),
        pytest.param(
            "2026-10-23T15:59:59Z",
            "2026-10-23T16:00Z",
            "2026-10-26T04:59:59Z",
            "2026-10-26T05:00Z",
            id="the clock goes back in it",
        ),
    ],
)
def test_a_weekend_ends_on_monday_at_six_whatever_the_clock_did(
    before: str, first: str, last: str, after: str
) -> None:
    assert until(WEEKEND, before) is None
    assert until(WEEKEND, first) == at(after)
    assert until(WEEKEND, last) == at(after)
    assert until(WEEKEND, after) is None


@pytest.mark.parametrize(
    ("begins", "inside", "outside"),
    [
        # 02:30 comes twice on 2026-10-25: at 00:30 and at 01:30 UTC. From the first to the end of the second.
        pytest.param(
            "30 2 25 10 *",
            ["2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-25T01:44:59Z"],
            ["2026-10-25T00:29:59Z", "2026-10-25T01:45Z"],
            id="a time that comes twice",
        ),
        # 02:30 never comes on 2026-03-29; 03:00 follows 01:59:59 at 01:00 UTC.
        pytest.param(
            "30 2 29 3 *",
            ["2026-03-29T01:00Z", "2026-03-29T01:30Z"],
            ["2026-03-29T00:29:59Z", "2026-03-29T01:45Z"],
            id="a time that never comes",
        ),
    ],
)
def test_at_the_turn_of_the_clock_the_longer_reading_counts(
    begins: str, inside: list[str], outside: list[str]
) -> None:
    freeze = Freeze(name="f", begins=cron(begins), lasts_s=15 * 60, zone="Europe/Berlin")

    assert [text for text in inside if until(freeze, text) is None] == []
    assert [text for text in outside if until(freeze, text) is not None] == []


def test_dates_without_an_offset_are_local_to_the_zone() -> None:
    local = Freeze(
        name="sale", dates=(at("2026-11-27T00:00"), at("2026-11-30T06:00")), zone="America/New_York"
    )
    exact = Freeze(name="sale", dates=(at("2026-11-27T05:00Z"), at("2026-11-30T11:00Z")))

    for moment in ("2026-11-27T04:59:59Z", "2026-11-27T05:00Z", "2026-11-30T10:59:59Z", "2026-11-30T11:00Z"):
        assert until(local, moment) == until(exact, moment)
    assert until(local, "2026-11-27T05:00Z") == at("2026-11-30T11:00Z")


def test_windows_of_each_day_follow_one_another() -> None:
    nightly = Freeze(name="night", begins=cron("0 22 * * *"), lasts_s=8 * 3600, zone="UTC")

    assert until(nightly, "2026-05-02T05:59Z") == at("2026-05-02T06:00Z")
    assert until(nightly, "2026-05-02T06:00Z") is None
    assert until(nightly, "2026-05-02T22:00Z") == at("2026-05-03T06:00Z")


def walked(freeze: Freeze, moment: datetime) -> bool:
    """The slow way: back minute by minute by the wall clock until a window begins or is over."""
    local = moment.astimezone(ZoneInfo(freeze.zone)).replace(tzinfo=None, second=0, microsecond=0)
    assert freeze.begins is not None
    for minutes in range(int(freeze.lasts_s // 60)):
        start = local - timedelta(minutes=minutes)
        names = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
        minute, hour, day, month, weekday = freeze.begins.text.split()
        fits = (
            minute in ("*", str(start.minute))
            and hour in ("*", str(start.hour))
            and day in ("*", str(start.day))
            and month in ("*", str(start.month))
            and weekday in ("*", names[start.isoweekday() % 7])
        )
        if fits:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "hours"), [("0 18 * * FRI", 60), ("30 22 * * *", 7), ("15 * * * *", 1), ("0 0 1 * *", 24)]
)
def test_any_instant_is_as_a_walk_over_the_minutes_says(text: str, hours: int) -> None:
    freeze = Freeze(name="f", begins=cron(text), lasts_s=hours * 3600.0, zone="Asia/Kolkata")
    chance = random.Random(text)
    moments = [
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 500_000)) for _ in range(150)
    ]

    assert [one for one in moments if bool(frozen_at([freeze], one)) != walked(freeze, one)] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0 18 * *", "five fields"),
        ("60 18 * * *", "'60' is not within 0-59"),
        ("0 24 * * *", "'24' is not within 0-23"),
        ("0 0 1 * FRI", "day of the month or the day of the week"),
        ("0 0 * * FUN", "'FUN' is no number and none of SUN"),
        ("5-1 0 * * *", "'5-1' is not within"),
        ("*/0 0 * * *", "not within"),
        ("a b c d e f", "five fields"),
        ("0;0 0 * * *", "cannot read '0;0'"),
    ],
)
def test_a_cron_that_cannot_be_meant_says_why(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cron(text)


def test_fields_of_cron_are_lists_ranges_steps_and_names() -> None:
    made = cron("*/20,5 8-10 * JAN,jul MON-FRI")

    assert made.minutes == {0, 5, 20, 40}
    assert made.hours == {8, 9, 10}
    assert made.months == {1, 7}
    assert made.weekdays == {1, 2, 3, 4, 5}
    assert cron("0 0 * * 7").weekdays == {0}


def test_of_windows_that_overlap_the_last_end_is_told() -> None:
    hourly = Freeze(name="f", begins=cron("0 * * * *"), lasts_s=3 * 3600, zone="UTC")

    assert until(hourly, "2026-05-02T10:30Z") == at("2026-05-02T13:00Z")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "0 18 * *",
            "must be five fields: minute hour day-of-month month day-of-week, e.g. 0 18 * * FRI",
        ),
        ("0 0 1 * FRI", "give the day of the month or the day of the week, and * for the other"),
        ("0;0 0 * * *", "cannot read '0;0'; write *, 5, 1-5, */15 or MON,FRI"),
        ("60 18 * * *", "'60' is not within 0-59"),
        ("0 0 0 * *", "'0' is not within 1-31"),
        ("0 0 32 * *", "'32' is not within 1-31"),
        ("0 0 * 0 *", "'0' is not within 1-12"),
        ("0 0 * 13 *", "'13' is not within 1-12"),
        ("0 0 * * 8", "'8' is not within 0-7"),
        ("*/0 0 * * *", "'*/0' is not within 0-59"),
        ("x 0 * * *", "'x' is no number"),
        ("0 0 * * FUN", "'FUN' is no number and none of SUN, MON, TUE, WED, THU, FRI, SAT"),
        (
            "0 0 * FOO *",
            "'FOO' is no number and none of JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC",
        ),
    ],
)
def test_a_cron_that_cannot_be_meant_says_exactly_what_would_work(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}$"):
        cron(text)


def test_every_field_of_cron_reaches_from_its_first_to_its_last() -> None:
    made = cron("0,59 0,23 1,31 1,12 *")

    assert (made.minutes, made.hours, made.days, made.months) == ({0, 59}, {0, 23}, {1, 31}, {1, 12})
    every = cron("* * * * *")
    assert (every.minutes, every.hours) == (set(range(60)), set(range(24)))
    assert (every.days, every.months) == (set(range(1, 32)), set(range(1, 13)))
    assert every.weekdays == set(range(7))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5/15", {5, 20, 35, 50}),
        ("10-20/5", {10, 15, 20}),
        ("7-7", {7}),
        ("*/59", {0, 59}),
        ("3,3-4", {3, 4}),
    ],
)
def test_steps_go_on_to_the_end_unless_a_range_ends_them(text: str, minutes: set[int]) -> None:
    assert cron(f"{text} 0 * * *").minutes == minutes


def test_both_names_of_sunday_are_sunday() -> None:
    assert cron("0 0 * * 0").weekdays == cron("0 0 * * 7").weekdays == cron("0 0 * * sun").weekdays == {0}
    assert cron("0 0 * * 5-7").weekdays == {5, 6, 0}


def test_a_window_begins_only_in_its_months_on_its_days() -> None:
    made = cron("0 0 1 6 *")

    assert made.begins_on(at("2026-06-01T00:00").date())
    assert not made.begins_on(at("2026-07-01T00:00").date())
    assert not made.begins_on(at("2026-06-02T00:00").date())


def test_the_times_of_a_day_come_in_order() -> None:
    times = list(cron("30,0 22,3 * * *").times())

    assert [f"{one:%H:%M}" for one in times] == ["03:00", "03:30", "22:00", "22:30"]


def test_a_window_of_several_days_is_open_on_each_and_ends_to_the_second() -> None:
    long = Freeze(name="f", begins=cron("0 12 1 * *"), lasts_s=9 * 86_400.0, zone="UTC")

    assert until(long, "2026-06-01T11:59:59Z") is None
    assert until(long, "2026-06-01T12:00Z") == at("2026-06-10T12:00Z")
    assert until(long, "2026-06-10T11:59:59Z") == at("2026-06-10T12:00Z")
    assert until(long, "2026-06-10T12:00Z") is None


def test_every_freeze_in_force_is_told_with_its_name_in_order() -> None:
    day = Freeze(name="day", dates=(at("2026-06-01T00:00"), at("2026-06-02T00:00")))
    other = Freeze(name="other", dates=(at("2026-07-01T00:00"), at("2026-07-02T00:00")))
    both = Freeze(name="both", dates=day.dates, begins=cron("0 0 * * *"), lasts_s=2 * 86_400.0)

    found = frozen_at([both, other, day], at("2026-06-01T12:00Z"))

    assert [(one.name, one.until) for one in found] == [
        ("both", at("2026-06-03T00:00Z")),
        ("day", at("2026-06-02T00:00Z")),
    ]


def test_dates_on_the_night_the_clock_is_turned_are_read_the_longer_way() -> None:
    # 02:30 comes twice in Berlin on 2026-10-25: at 00:30 and at 01:30 UTC.
    begins = Freeze(name="f", dates=(at("2026-10-25T02:30"), at("2026-10-25T12:00")), zone="Europe/Berlin")
    ends = Freeze(name="f", dates=(at("2026-10-24T12:00"), at("2026-10-25T02:30")), zone="Europe/Berlin")

    assert until(begins, "2026-10-25T00:29:59Z") is None
    assert until(begins, "2026-10-25T00:30Z") == at("2026-10-25T11:00Z")
    assert until(ends, "2026-10-25T01:29:59Z") == at("2026-10-25T01:30Z")
    assert until(ends, "2026-10-25T01:30Z") is None
