"""http.sys, the web server in the Windows kernel: its log of what it answers itself, without the app.

A line ends with status, site, reason and queue: `400 - RequestLength -`, `503 1 QueueFull pool`.
Source: learn.microsoft.com "Error logging in HTTP APIs" (s-reason), "Http.sys registry settings"
(MaxFieldLength, MaxRequestBytes); RequestLength is the whole head, FieldLength one field of it.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "request_too_big",
        r"\b4(?:00|14|31) (?:-|\d+) (?:RequestLength|FieldLength|URL_Length)\b"
        r"|HTTP Error 400\. (?:The size of the request headers|A request header field) is too long",
        "requestlength",
        "fieldlength",
        "url_length",
        "too long",
        app="http.sys",
    ),
    says("pool_exhausted", r"\b503 (?:-|\d+) QueueFull\b", "queuefull", app="iis"),
    says(
        "exited",
        r"(?:-|\d{3}) (?:-|\d+) Connection_Abandoned_By_(?:AppPool|ReqQueue)\b",
        "connection_abandoned_by",
        who="worker",
    ),
)
READERS: tuple[Reader, ...] = ()
