"""nginx as systemd tells of it: started in the end, and the pid file that was looked for too early.

nginx's starter ends before its master has written the pid file, so systemd finds it missing or empty for a
moment and waits for it; `Started` after that says that all is well.

Source: systemd src/core/service.c service_load_pid_file (v208 to v256), job.c "Started"; Ubuntu bug 1581864;
the descriptions of the units of Debian, Fedora and nginx.org.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "nginx_started": "systemd says that nginx came up, or its own configuration was read anew; fields: who",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "nginx_started",
        r"systemd\[\d+\]: (?:Started|Reloaded) "
        r"(?P<who>(?:nginx|The nginx|A high performance web server)\b.{0,60})",
        "]: started ",
        "]: reloaded ",
    ),
    says(
        "noise",
        r"\bnginx\.service: (?:Failed to (?:parse|read) PID from file \S+: Invalid argument"
        r"|(?:Can't open PID file|PID file) \S+ (?:not readable )?\(yet\?\) after start)",
        "pid from file",
        "(yet?) after",
        what="systemd looked for nginx's pid file before it was written",
    ),
)
READERS: tuple[Reader, ...] = ()
