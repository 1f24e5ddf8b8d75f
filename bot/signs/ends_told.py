"""How a process ended, as a shell, a watcher or an app server's supervisor tells it.

Source: bash's siglist ("Aborted", "Illegal instruction" and "(core dumped)"), nodemon lib/monitor/run.js
("app crashed - waiting for file changes"), RoadRunner's pool supervisor (exec_ttl, errors.ExecTTL);
LiteSpeed's LocalWorker ("Process with PID"); Docker's seccomp profile with a libseccomp older than 2.4.4: a
system call it does not know is refused with EPERM (Alpine 3.13 release notes, "time64 requirements").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "app_failed",
        r"(?P<text>clock_gettime\(CLOCK_\w{1,20}, \S{1,20}\) failed: Operation not permitted.{0,20}"
        r"|(?:Fatal Python error: \w{0,40}|can't )initiali[sz]e time\b.{0,60}"
        r"|Can't initialize timers.{0,20}"
        r"|Failed to start thread \"GC Thread#\d{1,3}\".{0,20}EPERM.{0,40})",
        "clock_gettime(",
        "initialize time",
        "initialize timers",
        "gc thread#",
        app="app",
    ),
    says(
        "crashed",
        r"(?:\A|[|:]\s|\d\s)\s*(?P<signal>Aborted|Bus error|Floating point exception)\s+\(core dumped\)",
        "(core dumped)",
    ),
    # OpenLiteSpeed of an app that it has just started.
    says("exited", r"Process with PID: (?P<who>\d+) is dead", "process with pid"),
    says(
        "crashed",
        r"\[nodemon\] app crashed - waiting for file changes",
        "app crashed - waiting",
        who="app",
    ),
    says(
        "worker_timeout",
        r"\bExecTTL: context deadline exceeded|\bexec[_ ]ttl\b.{0,40}\b(?:reached|exceeded|timed? ?out)",
        "execttl",
        "exec_ttl",
        "exec ttl",
        app="roadrunner",
    ),
)
READERS: tuple[Reader, ...] = ()
