"""Start scripts that refuse because a process has the number in their pid file, and whose number it is now.

After a reset the file is still there and its number may be another program's.

Source: Tomcat's catalina.sh "Existing PID file found during start", jetty.sh "Already Running", Spring Boot's
launch.script, Celery's platforms.py and Twisted's _twistd_unix.py, thin's daemonizing.rb, Squid's
Instance.cc; ps(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

#: Program -> how it says that a process with that number runs, and what its own process is called.
_REFUSALS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "tomcat": (
        re.compile(r"Tomcat appears to still be running with PID (?P<pid>\d+)"),
        re.compile(r"\bjava\b|tomcat|catalina|jsvc", re.IGNORECASE),
    ),
    "jetty": (re.compile(r"\bAlready Running -? ?(?P<pid>\d+)!!"), re.compile(r"\bjava\b|jetty")),
    "spring": (re.compile(r"\bAlready running \[(?P<pid>\d+)\]"), re.compile(r"\bjava\b")),
    "celery": (
        re.compile(r"Seems we're already running\? \(pid: (?P<pid>\d+)\)"),
        re.compile(r"celery|python"),
    ),
    "twistd": (
        re.compile(r"Another twistd server is running, PID (?P<pid>\d+)"),
        re.compile(r"twist|python"),
    ),
    "squid": (
        re.compile(r"Squid is already running: Found fresh instance PID file .{0,80} with PID (?P<pid>\d+)"),
        re.compile(r"squid"),
    ),
    "thin": (
        re.compile(r"seems like it's already running \(process ID: (?P<pid>\d+)\)"),
        re.compile(r"thin|ruby"),
    ),
}


@given(tuple(refusal for refusal, _ in _REFUSALS.values()))
def _refused_starts(piece: Piece) -> Iterator[Sign]:
    """A start refused for its pid file: left over, unless the process of that number is the program's own."""
    lines = piece.text.split("\n")
    for line in lines:
        for who, (refusal, own) in _REFUSALS.items():
            if (found := refusal.search(line)) is None:
                continue
            holder = _process(lines, found["pid"])
            if not own.search(holder):
                fields = {"who": who, "pid": found["pid"], "holder": holder}
                yield Sign(kind="stale_file", line=line.strip(), fields=fields)


def _process(lines: list[str], pid: str) -> str:
    """What `ps` shows of a process; empty where it is not shown."""
    row = re.compile(rf"^\s*(?:[\w+.-]{{1,40}}\s+)?{pid}\s+(?P<rest>[\d?].{{0,300}})")
    return next((found["rest"] for line in lines if (found := row.match(line))), "")


READERS: tuple[Reader, ...] = (_refused_starts,)
