"""mod_wsgi: Python inside Apache.

Source: mod_wsgi src/server/mod_wsgi.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "app_failed",
        r"(?P<text>Target WSGI script '[^']*' (?:cannot be loaded as Python module"
        r"|does not contain WSGI application.*|not found or unable to stat))",
        "target wsgi script",
        app="mod_wsgi",
    ),
    says(
        "app_error",
        r"(?P<text>Exception occurred processing WSGI script '[^']*')",
        "processing wsgi script",
        app="mod_wsgi",
    ),
    says(
        "answer_timeout",
        r"Timeout when reading response headers from daemon process",
        "timeout when reading response headers",
        proxy="apache",
    ),
    says(
        "answer_closed",
        r"Truncated or oversized response headers received from daemon process",
        "truncated or oversized response",
        proxy="apache",
    ),
    says(
        "worker_timeout",
        r"Daemon process (?:deadlock|request time limit|graceful).*(?:timer|limit) (?:expired|exceeded)",
        "daemon process",
        app="mod_wsgi",
    ),
)
READERS: tuple[Reader, ...] = ()
