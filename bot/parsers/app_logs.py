"""`app_logs.sh`: the ends of the app's own log files, or `tail -v` of them as root.

==> /var/log/shop/error.log <== mtime 1796035000 bytes 4096
 [2026-11-30 10:35:54 +0000] [231] [CRITICAL] WORKER TIMEOUT (pid:239)
 [2026-11-30 10:35:55 +0000] [231] [WARNING] Worker with pid 239 was terminated due to signal 9
missing /var/log/shop/worker.log
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.errors import ParseError
from bot.model.evidence import CommandOutput
from bot.parsers._stamps import stamp, time_of_request

#: The script's own lines begin in the first column, a log's in the second, so that none poses as the other.
_HEAD = re.compile(r"==> (?P<path>/.*) <== ?(?:mtime (?P<mtime>[0-9]{1,11}) bytes [0-9]{1,18})?\Z")
_UNREAD = re.compile(r"(?P<why>missing|denied) (?P<path>/.*)\Z")
_OF_A_LOG = " "
_TAIL_SAID = re.compile(r"cannot open '(?P<path>[^']+)' for reading: (?P<why>.*)")
#: A request that was served is no trouble, whatever words its path has; but it has a time.
_REQUEST = re.compile(r'"[A-Z]+ \S* HTTP/| => generated \d+ bytes ')


@dataclass(frozen=True, kw_only=True)
class AppLine:
    """One line of an app's log; one without a time of its own has that of the line or request before."""

    #: Naive where the line names no zone: the host's local time. None before the file's first time.
    at: datetime | None
    message: str
    line: str


@dataclass(frozen=True, kw_only=True)
class AppLog:
    """The end of one file."""

    path: str
    #: Aware UTC, when the file was last written; None where nobody says.
    modified_at: datetime | None
    lines: tuple[AppLine, ...]


@dataclass(frozen=True, kw_only=True)
class AppLogs:
    """Files in the order they were printed: the fleet's own first, then the youngest; maybe none."""

    files: tuple[AppLog, ...]
    #: What could not be read, each with the reason.
    unread: tuple[str, ...] = ()


def app_logs(output: CommandOutput) -> AppLogs:
    """The files' lines without served requests; of tail's answer each file that was asked for once, in order.

    Raises ParseError that names the files when there are some and none of them could be read.
    Source: runbooks/scripts/app_logs.sh, tail(1).
    """
    files: list[AppLog] = []
    unread = [f"{m['path']}: {m['why'].lower()}" for m in _TAIL_SAID.finditer(output.stderr)]
    lines: list[AppLine] = []
    last: datetime | None = None
    asked = _asked_of_tail(output.argv)
    for line in output.stdout.split("\n"):
        if head := _head(line, asked):
            lines, last = [], None
            asked = asked[asked.index(head["path"]) + 1 :] if asked else asked
            files.append(AppLog(path=head["path"], modified_at=_at(head["mtime"]), lines=()))
        elif asked is None and (told := _UNREAD.match(line)):
            unread.append(f"{told['path']}: {_WHY[told['why']]}")
        elif files and _REQUEST.search(line):
            last = time_of_request(line) or last
        elif files and line.strip():
            lines.append(_line(line.removeprefix(_OF_A_LOG) if asked is None else line, last))
            last = lines[-1].at
            files[-1] = replace(files[-1], lines=tuple(lines))
    if unread and not files:
        way = "name it under service.logs of the fleet file, or let the login's group read it"
        more = f"; {way}" if any("denied" in one for one in unread) else ""
        raise ParseError(f"the app's log could not be read: {', '.join(unread)}{more}")
    return AppLogs(files=tuple(files), unread=tuple(unread))


def _asked_of_tail(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The files that `tail -v` was given; None where the script answered."""
    if "tail" not in argv or "--" not in argv:
        return None
    return tuple(argv[argv.index("--") + 1 :])


def _head(line: str, asked: Sequence[str] | None) -> re.Match[str] | None:
    """The line as the head of a file; tail has no columns, so there it is one of those yet to come."""
    head = _HEAD.match(line)
    return head if head and (asked is None or head["path"] in asked) else None


def _at(mtime: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(mtime), UTC) if mtime else None


_WHY = {"missing": "no such file", "denied": "permission denied"}


def _line(line: str, last: datetime | None) -> AppLine:
    at, message = stamp(line)
    return AppLine(at=at or last, message=message, line=line)
