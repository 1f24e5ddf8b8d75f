"""A child of PHP-FPM that ends with a request in its hands, by FPM's own log."""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers._fpm_log import FpmLine
from bot.parsers.kernel_log import KernelEvent
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _fpm, _quote


def check(fpm: PhpFpm | None) -> str:
    """FPM tells how its children end in a log that root alone may read."""
    shut = _fpm.shut(fpm)
    return (
        f"{shut}: does a child die at the second of the error?"
        if shut
        else "the app's log at the second of the error: does a worker die there?"
    )


#: fpm_children.c; a child that its master ends for its time gets SIGTERM, and is another cause.
CHILD_ENDED = re.compile(
    r"child (?P<pid>\d+) exited (?P<how>on signal (?!15\b|3\b)\d+ \(?[A-Z0-9]*\)?|with code [1-9]\d*)"
)


def of_child(end: FpmLine, logged: NginxError, crashes: tuple[KernelEvent, ...]) -> Finding:
    """FPM says how its child ended; it starts another at once."""
    how = found["how"].strip() if (found := CHILD_ENDED.search(end.message)) else ""
    is_killed = "signal 9 " in how
    return Finding(
        cause="premature_close_crash",
        certainty=Certainty.LIKELY if is_killed else Certainty.CONFIRMED,
        says=f"a child of PHP-FPM's pool {end.pool} exited {how} in the middle of a request",
        because=(_quote.error(logged), _fpm.quoted(end), *(_quote.kernel(event) for event in crashes[-1:])),
        restart=_quote.useless("app", "FPM has replaced the child already; the same request ends it again"),
        next_check="who sent SIGKILL: the kernel's OOM killer, a watchdog, a person"
        if is_killed
        else "which script does it (access log at that second), and which extension: "
        "`php -m`, a core dump (rlimit_core), opcache.jit=off as a trial",
        weight=70,
    )
