"""What `date` answered, in whatever language, and the bare status that `curl -w` prints.

Source: date(1) with LC_TIME (glibc's d_t_fmt and date_fmt of each locale), -u, -R, -I; curl(1) --write-out.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "now": "what the clock said when somebody asked it; fields: at (2031-11-20T10:00:00)",
}
PATTERNS: tuple[Pattern, ...] = ()

_ASKED = re.compile(r"(?:\A|[$#>%;]|&&)\s*(?:LC_\w+=\S+ |LANG=\S+ )?date(?: -[uRI]\w*| --\S+)?\s*(?:\Z|[;&])")
_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(?P<h>\d\d):(?P<m>\d\d)(?::(?P<s>\d\d))?(?: ?(?P<half>[AP])M\b)?")
_ISO = re.compile(r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)")
_CJK = re.compile(r"(?P<year>20\d\d) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]")
_DAY = re.compile(r"(?<![\d:.])(?P<day>\d{1,2})(?![\d:])")
#: First letters of the months: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian.
_MONTHS = (
    r"jan|ene|gen|sty|янв",
    r"feb|f[ée]v|fev|lut|фев",
    r"mar|mär|mrt|mrz|мар",
    r"apr|avr|abr|kwi|апр",
    r"ma[iyj]|mag|мая|май",
    r"jun|juin|giu|cze|июн",
    r"jul|juil|lug|lip|июл",
    r"aug|ao[uû]|ago|sie|авг",
    r"sep|set|wrz|сен",
    r"o[ck]t|out|ott|pa[zź]|окт",
    r"nov|lis|ноя",
    r"de[czs]|d[ée]c|dic|gru|дек",
)
_MONTH = re.compile(
    "|".join(rf"(?P<m{at}>(?<![^\W\d_])(?:{names}))" for at, names in enumerate(_MONTHS, 1)), re.IGNORECASE
)


def _dates(piece: Piece) -> Iterator[Sign]:
    """`date` at a prompt with its answer below."""
    is_asked = False
    for line in piece.text.split("\n") if "date" in piece.text else ():
        at = _read(line) if is_asked else None
        if at is not None:
            yield Sign(kind="now", line=line.strip(), fields={"at": at.isoformat()})
        is_asked = _ASKED.search(line) is not None


def _read(line: str) -> datetime | None:
    """The moment a line of `date` names, by the clock it is written in."""
    clock = _CLOCK.search(line)
    if clock is None or len(line) > _LONGEST:
        return None
    hour = int(clock["h"]) % 12 + 12 * (clock["half"] == "P") if clock["half"] else int(clock["h"])
    found = _ISO.search(line) or _CJK.search(line)
    if found:
        year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    else:
        # The last: `mar.` is a Tuesday before `mai` or `mag`; a zone in capitals (NOVT) is no month.
        named = next(reversed(list(_MONTH.finditer(_ZONE.sub("", line)))), None)
        numbered, years = _DAY.search(line), _YEAR.search(line)
        if not (named and named.lastgroup and numbered and years):
            return None
        year, month, day = int(years["year"]), int(named.lastgroup[1:]), int(numbered["day"])
    try:
        return datetime(year, month, day, hour, int(clock["m"]))  # noqa: DTZ001  # held against a log's own clock
    except ValueError:
        return None


_ZONE = re.compile(r"\b[A-Z]{3,5}\b")
_LONGEST = 80
_CURL = re.compile(
    r"\bcurl\b(?=.{0,300}%\{(?:http_code|response_code)\}).{0,300}?(?P<scheme>https?)://(?P<target>[\w.-]+)(?::(?P<port>\d+))?"
)
_FIRST = re.compile(r"\A\s*(?P<status>[1-5]\d\d)(?![\d.])(?:[\s,;].{0,60})?\Z")


def _codes(piece: Piece) -> Iterator[Sign]:
    """`curl -w '%{http_code}' URL` with the status below."""
    asked: re.Match[str] | None = None
    for line in piece.text.split("\n") if "_code}" in piece.text else ():
        status = _FIRST.match(line) if asked else None
        if asked and status:
            port = asked["port"] or ("443" if asked["scheme"] == "https" else "80")
            fields = {"target": f"{asked['target']}:{port}", "status": status["status"]}
            yield Sign(kind="answers", line=line.strip(), fields=fields)
        asked = _CURL.search(line)


READERS: tuple[Reader, ...] = (_dates, _codes)
