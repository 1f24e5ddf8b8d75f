"""Five fields of cron: at which minutes of the wall clock something begins.

    0 18 * * FRI      minute, hour, day of month, month, day of week

`*`, numbers, names (MON, JAN), lists, ranges and steps. Both days given at once mean *either* to cron
and *both* to most people, so that is refused. Source: crontab(5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PART = re.compile(r"(?:\*|(?P<low>\w{1,3})(?:-(?P<high>\w{1,3}))?)(?:/(?P<step>[0-9]{1,2}))?\Z")


@dataclass(frozen=True, kw_only=True)
class Cron:
    """When windows begin."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    #: 0 is Sunday.
    weekdays: frozenset[int]

    def begins_on(self, day: date) -> bool:
        """Whether any window begins on this day."""
        return day.day in self.days and day.month in self.months and day.isoweekday() % 7 in self.weekdays

    def times(self) -> Iterator[time]:
        """The minutes of such a day, in order."""
        return (time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes))


def cron(text: str) -> Cron:
    """The fields as sets. Raises ValueError that says which field is wrong and what would work."""
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("must be five fields: minute hour day-of-month month day-of-week, e.g. 0 18 * * FRI")
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError("give the day of the month or the day of the week, and * for the other")
    weekdays = _set(fields[4], 0, 7, _DAYS, 0)
    return Cron(
        text=text,
        minutes=_set(fields[0], 0, 59),
        hours=_set(fields[1], 0, 23),
        days=_set(fields[2], 1, 31),
        months=_set(fields[3], 1, 12, _MONTHS, 1),
        weekdays=frozenset(day % 7 for day in weekdays),
    )


def _set(text: str, least: int, most: int, names: tuple[str, ...] = (), first: int = 0) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.match(part)
        if match is None:
            raise ValueError(f"cannot read {part!r}; write *, 5, 1-5, */15 or MON,FRI")
        low = _number(match["low"], names, first) if match["low"] else least
        high = _number(match["high"], names, first) if match["high"] else low
        # `*` and `5/15` both run on to the end, as cron has it.
        if not match["low"] or (match["step"] and not match["high"]):
            high = most
        step = int(match["step"] or 1)
        if step == 0 or not least <= low <= high <= most:
            raise ValueError(f"{part!r} is not within {least}-{most}")
        found |= set(range(low, high + 1, step))
    return frozenset(found)


def _number(word: str, names: tuple[str, ...], first: int) -> int:
    if word.upper() in names:
        return names.index(word.upper()) + first
    if not re.fullmatch(r"[0-9]{1,2}", word):
        raise ValueError(f"{word!r} is no number" + (f" and none of {', '.join(names)}" if names else ""))
    return int(word)
