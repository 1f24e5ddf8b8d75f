"""Limits that an app or its runtime meets: open files, sizes of a request's head, busy threads, time-outs.

Source: errno(3) EMFILE, ENFILE; node's errors.md EMFILE; java.net.SocketException; HAProxy src/haproxy.c
"Cannot raise FD limit"; puma's http11 parser (MAX_HEADER_LENGTH), netty TooLongFrameException, Jetty and
Kestrel limits; HikariCP HikariPool.java; waitress task.py; Vert.x BlockedThreadChecker; rack-timeout
doc/errors.md; gunicorn workers/base.py handle_abort; mod_wsgi and mod_fcgid logs; Passenger's
passenger_max_request_time.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_FILES = "too many open files"
PATTERNS: tuple[Pattern, ...] = (
    # Node's watchers of files meet a limit of inotify in the same words.
    says("fd_limit", r"\bE[MN]FILE\b(?!.{0,60}\bwatch)", "emfile", "enfile", who="the app"),
    says(
        "fd_limit", r"(?:Errno 2[34]\]|os error 2[34]\b).{0,20}|Too many open files.{0,20}os error 24", _FILES
    ),
    says(
        "fd_limit", r"(?:Socket|IO|FileSystem)\w*Exception: .{0,120}Too many open files", _FILES, who="java"
    ),
    says("fd_limit", r"Too many open files (?:in system|\(Errno|@ )", _FILES),
    says("fd_limit", r"\bulimit -n\b.{0,60}\b(?:reached|hit|exceeded|too low|exhausted)", "ulimit -n"),
    says("fd_limit", r"\bopen[- ]files? limit\b.{0,40}\b(?:reached|hit|exceeded)", "open"),
    says("fd_limit", r"\b(?:hit|reached|exceeded|ran into) \w+ open[- ]files? limit", "open"),
    says("fd_limit", r"\b(?:ran|run|running) out of (?:file )?(?:descriptors|handles)\b", "out of"),
    # The head of a request.
    says(
        "request_too_big",
        r"HTTP element \w+ is longer than the (?P<limit>\([\d *+()]+\)|\d+) allowed length"
        r"(?: \(was (?P<size>\d+))?",
        "allowed length",
        app="puma",
    ),
    says(
        "request_too_big",
        r"TooLong(?:Http(?:Header|Line)|Frame)Exception: (?:HTTP (?:header|line)|An HTTP (?:header|line)) is "
        r"larger than (?P<limit>\d+)",
        "is larger than",
        app="netty",
    ),
    says("request_too_big", r"uwsgi .{0,40}max (?:request|vec) size", "max "),
    # Everybody is busy.
    says("connections_awaited", r"Thread starvation or clock leap detected", "thread starvation", app="java"),
    says(
        "deadlock",
        r"Thread\[?\S{0,80} has been blocked for \d{4,} ms",
        "has been blocked for",
    ),
    says(
        "pool_exhausted", r"\ball (?:\w+ ){0,3}(?:threads|workers) (?:are|were) (?:busy|taken|in use)", "all "
    ),
    # A worker is ended for its slowness.
    says("worker_timeout", r"Rack::Timeout::RequestTimeout(?:Exception|Error)", "rack::timeout", app="rack"),
    says(
        "worker_timeout", r"gunicorn/workers/base\.py\D.{0,30}in handle_abort", "handle_abort", app="gunicorn"
    ),
    says(
        "worker_timeout", r"mod_fcgid: read data timeout in (?P<after>\d+)", "read data timeout", app="fcgid"
    ),
    says(
        "worker_timeout",
        r"\bmax(?:imum)?_request_time\b.{0,60}(?:exceed|terminat|kill)",
        "request_time",
        app="passenger",
    ),
)
READERS: tuple[Reader, ...] = ()
