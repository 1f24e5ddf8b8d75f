"""What time it was when somebody looked, and which status curl was told to write.

`date` and `systemctl status` ("active since …; 3 weeks ago") give the hour of the look, against which the
lines of a log are young or old; `curl -w '%{http_code}'` writes nothing but a number.

Source: coreutils date.c (formats of locales; -I); systemd time-util.c format_timestamp_relative; curl(1)
--write-out http_code, response_code (000: nothing came).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "clock_shown": "the time at which somebody looked; fields: at, since (a unit's start)",
}
PATTERNS: tuple[Pattern, ...] = ()

_ASKED = re.compile(r"(?:\A|[$#>;&|(])\s*date\b(?! *=)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: As other languages' locales begin them, where they differ.
_ALSO = {
    "mär": 3,
    "mrz": 3,
    "avr": 4,
    "mai": 5,
    "maj": 5,
    "mag": 5,
    "ago": 8,
    "okt": 10,
    "ott": 10,
    "dez": 12,
}
_DATE = re.compile(
    r"\A\s*[^\W\d]{2,4}\.?,? (?:(?P<day>\d{1,2})\.? (?P<mon>[^\W\d]{3,4})"
    r"|(?P<mon2>[A-Z][a-z]{2}) {1,2}(?P<day2>\d{1,2}))"
    r"\b\.?,? (?:(?P<year>20\d\d) )?(?P<time>\d\d:\d\d:\d\d)(?: (?P<half>[AP]M))?(?: [A-Z+-][\w:+-]{1,5})?"
    r"(?: (?P<year2>20\d\d))?\s*\Z"
)
_ISO = re.compile(
    r"\A\s*(?P<at>20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\s*\Z"
)
_FORM = "%Y-%m-%d %H:%M:%S"
_NEAR = 4


@given(_ASKED)
def _clocks(piece: Piece) -> Iterator[Sign]:
    """The line that `date` wrote, a few lines below its command."""
    left = 0
    for line in piece.text.split("\n"):
        if _ASKED.search(line):
            left = _NEAR
        elif left:
            left -= 1
            if at := _read(line):
                yield Sign(kind="clock_shown", line=line.strip(), fields={"at": at})
                left = 0


def _read(line: str) -> str:
    """A line of `date` as 2031-05-04 10:00:00; empty when it is none."""
    if found := _ISO.match(line):
        return found["at"].replace("T", " ")
    found = _DATE.match(line)
    year = found and (found["year"] or found["year2"])
    if found is None or not year:
        return ""
    name = (found["mon"] or found["mon2"]).lower()[:3]
    month = _MONTHS.index(name) + 1 if name in _MONTHS else _ALSO.get(name, 0)
    hour, rest = int(found["time"][:2]), found["time"][2:]
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "PM" else 0)
    return f"{year}-{month:02}-{int(found['day'] or found['day2']):02} {hour:02}{rest}" if month else ""


_SINCE = re.compile(
    r"Active: active \((?:running|exited|listening)\)? ?.{0,40}?since \w{2,4}\.? "
    r"(?P<at>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d)"
    r"[^;]{0,8}; (?P<ago>[\w ]{2,40}) ago"
)
_SPAN = re.compile(r"(?P<n>\d+) ?(?P<of>years?|months?|weeks?|days?|min|h|s)\b")
_HOURS = {"year": 8766.0, "month": 730.5, "week": 168.0, "day": 24.0, "h": 1.0, "min": 1 / 60, "s": 1 / 3600}


@given(_SINCE)
def _units(piece: Piece) -> Iterator[Sign]:
    """systemctl's "since …; 3 weeks 2 days ago": a unit's start and, both added, the hour of the look."""
    for line in piece.text.split("\n"):
        found = _SINCE.search(line)
        if found is None:
            continue
        hours = sum(int(m["n"]) * _HOURS[m["of"].rstrip("s") or "s"] for m in _SPAN.finditer(found["ago"]))
        try:
            at = datetime.strptime(found["at"], _FORM) + timedelta(hours=hours)  # noqa: DTZ007  # held against others
        except (ValueError, OverflowError):
            continue
        yield Sign(
            kind="clock_shown", line=line.strip(), fields={"at": at.strftime(_FORM), "since": found["at"]}
        )


_WRITES = re.compile(r"\bcurl\b(?!.*--unix-socket).*%\{(?:http|response)_code\}")
#: Asked from inside a container or another host it says something else.
_ELSEWHERE = re.compile(r"\b(?:docker|podman|kubectl|nerdctl|compose|ssh)\b.*\bcurl\b")
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+)(?P<port>:\d+)?")
_CODE = re.compile(r"\A\s*(?P<code>[1-4]\d\d|000)(?:[ ,;].{0,40}|[$#]\s*)?\Z")
_MOST_CODES = 20


@given(_WRITES)
def _codes(piece: Piece) -> Iterator[Sign]:
    """The numbers below a curl that writes only the status."""
    target, left = "", 0
    for line in piece.text.split("\n"):
        url = _URL.search(line)
        if _WRITES.search(line) and url and not _ELSEWHERE.search(line):
            target = url["host"] + (url["port"] or (":443" if url["scheme"] == "https" else ":80"))
            left = _MOST_CODES
        elif left and (found := _CODE.match(line)):
            left -= 1
            fields = {"target": target, "status": found["code"]}
            if found["code"] != "000":
                yield Sign(kind="answers", line=line.strip(), fields=fields)
        elif left and not _read(line):
            left = 0


READERS: tuple[Reader, ...] = (_clocks, _units, _codes)
