"""nginx, OpenResty, Tengine, ingress-nginx: the error log, and what nginx prints when it starts.

Source: ngx_http_upstream.c, ngx_event_connect.c, ngx_connection.c, ngx_log.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "header_too_big": "the answer's header does not fit the proxy's buffer; fields: target",
}
PATTERNS: tuple[Pattern, ...] = (says("header_too_big", r"upstream sent too big header", "too big header"),)
READERS: tuple[Reader, ...] = ()
