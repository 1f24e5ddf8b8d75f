"""The PROXY protocol on one side alone (`protocol_mismatch`).

Source: haproxy doc/proxy-protocol.txt (both sides have to be told); ngx_http_core_module `listen`.
"""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _told

_RESTART = _quote.useless("app", "both sides would speak as they are told to")
_CHECK = "`proxy_protocol` of the listener, and send-proxy, or the balancer's own switch, of who dials it"


def told(signs: Signs) -> Finding | None:
    """One awaits the first line and gets HTTP, or gets it and takes it for HTTP."""
    said = signs.first("proxy_header")
    if said is None:
        return None
    if said["what"] == "missing":
        says = "the listener awaits the PROXY protocol's first line, and who dials it sends none"
    else:
        says = "who dials sends the PROXY protocol's first line, and the far end takes it for a request"
    return _told.likely("protocol_mismatch", 90, says, _RESTART, said, next_check=_CHECK)
