"""What PHP says of a script that failed, in nginx's error log, in FPM's, or in a log of its own."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.verdict import Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _fpm, _quote

#: php-src main.c php_error_cb: after these the script ends, and FPM answers 500 if no byte was sent before.
FATAL = re.compile(
    r"PHP (?:Fatal error|Parse error|Recoverable fatal error|Compile Error|Core Error): +"
    r"(?P<words>.+?)(?: Stack trace:|\\nStack trace:|\" while |\Z)",
    re.DOTALL,
)
_REFUSED = re.compile(r"has been denied \(see security\.limit_extensions\)")
_LONG = 200


@dataclass(frozen=True, kw_only=True)
class PhpError:
    """A script that ended by an error."""

    words: str
    at: datetime | None
    #: What was asked for, where nginx says so.
    path: str
    line: Line


def fatal(
    error_log: NginxErrorLog | None, fpm: PhpFpm | None, journal: Journal | None
) -> tuple[PhpError, ...]:
    """Fatal errors of now, the newest first; nginx's log, which tells the request, before others."""
    found = [
        PhpError(words=_words(said["words"]), at=e.at, path=e.path, line=_quote.error(e))
        for e in (error_log.of(Fault.BACKEND_SAID) if error_log else ())
        if (said := FATAL.search(e.message))
    ]
    found += [
        PhpError(words=_words(said["words"]), at=e.at, path="", line=_fpm.quoted(e))
        for e in reversed(fpm.said if fpm else ())
        if (said := FATAL.search(e.message))
    ]
    found += [
        PhpError(words=_words(said["words"]), at=e.at, path="", line=_quote.logged(e))
        for e in (journal.matching(FATAL) if journal else ())
        if (said := FATAL.search(e.message))
    ]
    return tuple(found)


def is_remark(entry: NginxError) -> bool:
    """A warning, a notice or an app's own line: nginx logs it as an error though the answer may be well."""
    if entry.fault is Fault.SCRIPT_UNKNOWN:
        return True  # the answer is a 404, and scanners ask for scripts that never were
    if entry.fault is not Fault.BACKEND_SAID:
        return False
    return not FATAL.search(entry.message)


def is_refused(entry: NginxError) -> bool:
    """FPM does not run files of that ending."""
    return entry.fault is Fault.BACKEND_SAID and _REFUSED.search(entry.message) is not None


def _words(text: str) -> str:
    text = " ".join(text.split()).rstrip('"')
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
