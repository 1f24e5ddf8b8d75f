"""The time at the head of a log line, as app servers, supervisors and logging libraries write it."""

import re
from datetime import UTC, datetime

from bot.parsers._times import time_of

_ISO = re.compile(
    r"(?P<day>\d{4}[-/]\d\d[-/]\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?"
    r" ?(?P<zone>Z\b|[+-]\d\d:?\d\d\b)?"
)
_CTIME = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2})"
    r" (?P<time>\d\d:\d\d:\d\d) (?P<year>\d{4})"
)
_CLF = re.compile(
    r"\[(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<time>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4})\]"
)
#: Tomcat's OneLineFormatter.
_DMY = re.compile(
    r"(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d)(?:\.\d{1,9})?"
)
_EPOCH = re.compile(r'"(?:time|ts|timestamp)": ?(?P<seconds>\d{10})(?:\d{3}|\.\d{1,9})?\b')
#: gunicorn has the process behind the time.
_PROCESS = re.compile(r"\A\[\d{1,10}\] ")
#: A stamp stands at the head, behind a bracket or a level; JSON has it anywhere.
_HEAD = 40
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(line: str) -> tuple[datetime | None, str]:
    """When the line was written, and what it says without that.

    Aware where the line gives a zone, else naive: the host's local time. None when no time is there.
    Source: logging.Formatter (Python), gunicorn.glogging, ctime(3) as uWSGI has it, pino and winston (Node),
    org.apache.juli.OneLineFormatter (Tomcat).
    """
    head = line if line.startswith("{") else line[:_HEAD]
    if found := _ISO.search(head):
        at = time_of(f"{found['day'].replace('/', '-')}T{found['time']}{found['zone'] or ''}")
        return at, _rest(line, found)
    if found := _CTIME.search(head) or _DMY.search(head):
        if found["month"] not in _MONTHS:
            return None, line
        day = f"{found['year']}-{_MONTHS.index(found['month']) + 1:02}-{int(found['day']):02}"
        return time_of(f"{day}T{found['time']}"), _rest(line, found)
    if line.startswith("{") and (found := _EPOCH.search(line)):
        return datetime.fromtimestamp(int(found["seconds"]), UTC), line
    return None, line


def time_of_request(line: str) -> datetime | None:
    """When a request was served, wherever in its line that stands; as of `stamp`.

    Source: uWSGI core/logging.c; the common log format.
    """
    if (found := _CLF.search(line)) and found["month"] in _MONTHS:
        month = _MONTHS.index(found["month"]) + 1
        return time_of(f"{found['year']}-{month:02}-{found['day']}T{found['time']}{found['zone']}")
    return stamp(line[found.start() :])[0] if (found := _CTIME.search(line)) else None


def _rest(line: str, found: re.Match[str]) -> str:
    if line.startswith("{"):
        return line
    before, after = line[: found.start()].strip(" [("), line[found.end() :].lstrip(" ])-:,")
    after = _PROCESS.sub("", after)
    return f"{before} {after}".strip() if before else after
