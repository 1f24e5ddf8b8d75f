"""Lock files and sockets of an earlier run that stop a start, in the words of programs that only guess at it.

They cannot tell a file that was left from another copy that runs; whether one runs, the report has to say.

Source: supervisor's options.py "Another program is already listening"; X.Org lock file "Server is already
active for display"; HAProxy proto_uxst.c "error when trying to unlink previous UNIX socket"; MongoDB
"DBPathInUse" and "Failed to unlink socket file"; semget(2) and shmget(2) ENOSPC; Logstash runner.rb "already
another instance"; Twisted's CannotListenError; Kestrel "Failed to bind to address http://unix:"; Mojolicious
Server.pm; systemd.unit(5) ConditionPathExists=!.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says
from bot.signs.space_told import IPC

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "ipc_full": "no semaphore or segment of shared memory is left, which has the errno of a full disk",
    "lock_left": "a program finds a lock of another copy of it, or of an earlier run; fields: path",
    "nobody_runs": "it was looked for, and no copy of the program runs; fields: what",
}

#: A port that nobody has says nothing of a program.
_AT_PORT = (
    r"(?!(?: is| was)?(?: running| listening| using| uses| bound)?(?: (?:on|at|to|by))?"
    r"(?: the| that| this| its)?(?: same)? (?:port\b|:?\d{2,5}\b))"
)
#: ESRCH at the end of a line: only kill's is about a process, systemd says it of a user that is not there.
_NO_STRERROR = r"(?<!(?<!kill)(?<!\(3): )"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "lock_left", r"Another program is already listening on a port that one of our HTTP", "another program"
    ),
    says("lock_left", r"Server is already active for display \d+", "already active for display"),
    says(
        "lock_left",
        r"If this server is no longer running, remove (?P<path>/\S+)",
        "no longer running, remove",
    ),
    says("ipc_full", rf"^(?=.*{IPC}).*\bNo space left on device", "no space left on device"),
    says("lock_left", r"DBPathInUse|Failed to unlink socket file", "dbpathinuse", "failed to unlink"),
    says(
        "lock_left",
        r"error when trying to unlink previous UNIX socket \[(?P<path>[^\]]+)\]",
        "unlink previous unix",
    ),
    says(
        "lock_left",
        r"already another instance using the configured data directory",
        "already another instance",
    ),
    says("lock_left", r"ConditionPathExists=!(?P<path>/\S+) was not met", "conditionpathexists=!"),
    says(
        "port_taken",
        r"Couldn't listen on any:b?'(?P<path>/[^']+)': \[Errno (?:98|48)\]",
        "couldn't listen on",
    ),
    says(
        "port_taken",
        r"Failed to bind to address http://unix:(?P<path>/[^\s:]+): address already",
        "http://unix:",
    ),
    says(
        "port_taken", r"Can't create UNIX socket: Address already in use", "create unix socket", path="unix:"
    ),
    says(
        "nobody_runs",
        # systemd of a user that it does not find, by the errno of a process
        r"^(?!.*(?:user credentials|USER spawning)).*?"
        r"(?P<what>\b(?:pgrep|pidof|fuser|lsof|ps|ss)\b.{0,50}(?:\b(?:empty|none|nothing|no output|no process"
        r"|nobody)\b|= ?none)"
        rf"|\bnothing (?:else |called \S{{1,40}} |of it )?(?:runs|is running)\b{_AT_PORT}"
        r"|\bno \w{2,30} (?:in|on) ps\b|\bkill: .{0,40}\bNo such process\b"
        rf"|{_NO_STRERROR}\bno (?:such |other )?process(?:es)?\b(?! manager){_AT_PORT}"
        r"|\bdocker restart\b.{0,40}\bonly\b"
        r"|\bonly with `?docker restart\b|\bforce deleted\b)",
        *(
            "pgrep",
            "pidof",
            "fuser",
            "lsof",
            "ps",
            "ss ",
            "nothing",
            "no ",
            "docker restart",
            "force deleted",
        ),
    ),
)

_SAYS = re.compile(r"(?:/\S*/)?(?P<who>[\w.-]{2,40}) is already running\b")
_HELD = re.compile(r"\.pid\b[)`'\"]*\W{0,6}(?P<pid>\d{2,7})\b|^\s*(?P<alone>\d{2,7})\s*$")
_OWNER = re.compile(r"/proc/(?P<pid>\d{2,7})/cmdline\W{1,6}(?P<command>.{1,200})")


@given(_SAYS)
def _other_owner(piece: Piece) -> Iterator[Sign]:
    """A start is refused as the program runs already, and the number in its pid file is another program's."""
    said = next((m for line in piece.text.split("\n") if (m := _SAYS.search(line))), None)
    if said is None:
        return
    lines = piece.text.split("\n")
    who = said["who"].lower()
    owners = {m["pid"]: m["command"] for line in lines if (m := _OWNER.search(line))}
    for line in lines:
        if found := _HELD.search(line):
            pid = found["pid"] or found["alone"]
            row = re.compile(rf"^\s*(?:[\w+.-]{{1,40}}\s+)?{pid}\s+[\d?].{{0,300}}")
            command = owners.get(pid) or next((one for one in lines if row.match(one)), "")
            if command and who not in command.lower():
                fields = {"who": said["who"], "pid": pid, "holder": command.strip()}
                yield Sign(kind="stale_file", line=command.strip(), fields=fields)
                return


READERS: tuple[Reader, ...] = (_other_owner,)
