"""The limit of a request's head as a command or file sets it, for the one that a program names.

Source: gunicorn "Settings" limit_request_line (0: no limit; "Request Line is too large (N > limit)" in
gunicorn/http/errors.py); uWSGI "buffer-size" ("invalid request block size: N (max M)" in core/protocol.c).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "head_limit_set": "a command or file sets how large a request's head may be; fields: app, limit",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "head_limit_set",
        r"(?:--limit-request-line[ =]|^\s*limit_request_line\s*=\s*)(?P<limit>\d{1,7})\b",
        "limit-request-line",
        "limit_request_line",
        app="gunicorn",
    ),
    says(
        "head_limit_set",
        r"(?:\buwsgi\b.{0,300}\s(?:--buffer-size|-b)[ =]|^\s*buffer-size\s*[=:]\s*)(?P<limit>\d{1,7})\b",
        "buffer-size",
        "uwsgi",
        app="uwsgi",
    ),
)
READERS: tuple[Reader, ...] = ()
