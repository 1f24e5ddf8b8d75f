"""The errors are old."""

import re
from datetime import datetime, timedelta

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _told


def clock_or_stale_log(signs: Signs) -> Finding | None:
    """The errors in the log are old, or their clock is wrong: what is newer says that nothing fails now.

    Why: every failing line that has a date is older than a good answer, or than a start after which
    nothing failed.
    Ruled out when: a failing line is as new as the newest good one, or has no date.
    Mistaken when: only some paths or servers are asked by the good answers, or the clocks are of two zones.
    Mended by: nothing needs to be; a clock that is set right (chronyd, timedatectl), a log that is rotated.
    Not mended by: a restart of anything.
    Source: ngx_times.c (error log in local time, access log with its offset), date(1).
    """
    failing = [s for s in signs.of(*_FAILING) if not (s.kind == "status" and s["status"] < "500")]
    dated = [(at, s) for s in failing if (at := _at(s.line)) is not None]
    if not dated:
        return _in_words(signs)
    if len(dated) < len([s for s in failing if s.kind != "page"]):
        return None
    good = [(at, s) for s in signs.of(*_GOOD) if _is_good(s) and (at := _at(s.line)) is not None]
    shown = _shown(signs, max(dated, key=_when)[0])
    if shown is not None:
        return _by_look(signs, max(dated, key=_when), shown)
    if not good:
        return None
    (bad_at, bad), (good_at, well) = max(dated, key=_when), max(good, key=_when)
    gap = good_at - bad_at
    if gap < _MINUTES:
        return None
    says = f"the newest error is of {bad_at:%Y-%m-%d %H:%M}; what is newer says that nothing fails now"
    if gap >= _DAY:
        return _told.likely("clock_or_stale_log", 91, says, _NONE, bad, well, next_check=_CHECK)
    return _told.likely("clock_or_stale_log", 60, says, _NONE, bad, well, next_check=_CHECK)


def _shown(signs: Signs, bad_at: datetime) -> tuple[datetime, Sign] | None:
    """When somebody looked, if a day or more after the newest error; a unit began after that error."""
    looks = [(at, s) for s in signs.of("clock_shown") if (at := _at(s["at"])) is not None]
    late = [
        (at, s)
        for at, s in looks
        if at - bad_at >= _DAY and ((since := _at(s["since"])) is None or since > bad_at)
    ]
    return max(late, key=_when, default=None)


def _by_look(signs: Signs, newest: tuple[datetime, Sign], look: tuple[datetime, Sign]) -> Finding:
    """The newest error was days old when somebody looked; best with a good answer of that hour."""
    (bad_at, bad), (at, said) = newest, look
    says = f"the newest error is of {bad_at:%Y-%m-%d %H:%M}; when somebody looked it was {at:%Y-%m-%d %H:%M}"
    well = next((s for s in signs.of("answers", "status") if _is_well_now(s, bad_at)), None)
    weight = 91 if well is not None else 64
    return _told.likely("clock_or_stale_log", weight, says, _NONE, bad, said, well, next_check=_CHECK)


def _is_well_now(sign: Sign, bad_at: datetime) -> bool:
    """A good answer of the site, on a port of the web; of an access log only a later one."""
    if sign["status"][:1] not in ("2", "3"):
        return False
    at = _at(sign.line)
    return sign["target"].endswith((":80", ":443")) if at is None else at > bad_at


def _in_words(signs: Signs) -> Finding | None:
    """A clock that is wrong, or errors that somebody calls old, where nothing says that it fails now."""
    said = signs.first("clock_wrong", "log_old")
    if said is None or signs.has(*_FAILING[:-1]):
        return None
    says = "the errors are of another time, or their clock is wrong"
    good = next((s for s in signs.of("status", "answers", "unit") if _is_good(s)), None)
    if said.kind == "clock_wrong" or good is not None:
        return _told.likely("clock_or_stale_log", 64, says, _NONE, said, good, next_check=_CHECK)
    return _told.possible("clock_or_stale_log", 40, says, _NONE, said, next_check=_CHECK)


_FAILING = (
    "dial_refused",
    "dial_timeout",
    "dial_no_route",
    "dial_missing",
    "dial_denied",
    "dial_failed",
    "answer_timeout",
    "answer_closed",
    "answer_reset",
    "no_live",
    "status",
)
_GOOD = ("status", "answers", "unit", "started")
#: Zones differ by up to 14 hours; between two texts less than a day may be no time at all.
_MINUTES = timedelta(minutes=10)
_DAY = timedelta(hours=26)
_NONE = _quote.useless("app", "nothing fails now")
_CHECK = "one request now, and `date` on the host against the log's last line"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DASHED = re.compile(
    r"(?P<y>20\d\d)[-/](?P<m>\d\d)[-/](?P<d>\d\d)[T ](?P<h>\d\d):(?P<n>\d\d):(?P<s>\d\d)", re.ASCII
)
_CLF = re.compile(
    r"(?P<d>\d\d)/(?P<m>[A-Z][a-z]{2})/(?P<y>20\d\d):(?P<h>\d\d):(?P<n>\d\d):(?P<s>\d\d)", re.ASCII
)


def _when(one: tuple[datetime, Sign]) -> datetime:
    return one[0]


def _is_good(sign: Sign) -> bool:
    if sign.kind == "unit":
        return sign["active"] == "active"
    return sign.kind == "started" or sign["status"][:1] in ("2", "3")


def _at(line: str) -> datetime | None:
    """The first date of a line as it is written, without its zone."""
    found = _DASHED.search(line) or _CLF.search(line)
    if found is None:
        return None
    month = found["m"]
    number = (
        int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1 if month.lower() in _MONTHS else 0
    )
    try:
        return datetime(  # noqa: DTZ001  # the line's own clock; only held against others of the case
            int(found["y"]), number, int(found["d"]), int(found["h"]), int(found["n"]), int(found["s"])
        )
    except ValueError:
        return None
