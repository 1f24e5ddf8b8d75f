"""The client gave up before the answer came."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _front, _quote, _told


def client_closed_499(signs: Signs) -> Finding | None:
    """Not an outage of the app: the client closed the connection before the answer came (nginx notes 499).

    Why: nginx logs 499 or "client prematurely closed connection", HAProxy CC--, Go "context canceled", and
    nothing says that the upstream failed.
    Ruled out when: the upstream fails by itself (refused, reset, timed out) in the same text.
    Mistaken when: the app is so slow that clients lose patience (http_504_timeout, app_hang), or a
    balancer in front has a shorter time-out.
    Mended by: a quicker answer, or a longer time-out of whoever gives up (client, balancer, CDN).
    Not mended by: a restart of anything; proxy_ignore_client_abort only hides it.
    Source: ngx_http_request.h NGX_HTTP_CLIENT_CLOSED_REQUEST; ngx_http_upstream.c
    ngx_http_upstream_check_broken_connection.
    """
    said = signs.first("client_gone") or next(iter(signs.where("status", status="499")), None)
    if said is None:
        return None
    says = "the client gave up before the answer came"
    rival = _rival(signs)
    if rival is not None:
        return _told.possible("client_closed_499", 26, says, _NOT_APP, said, rival, next_check=_CHECK)
    if _front.troubles(signs):
        return _told.likely("client_closed_499", 64, says, _NOT_APP, said, next_check=_CHECK)
    if said.kind == "status" or '" 499 ' in said.line:  # an app that is too slow is left so as well
        return _told.likely("client_closed_499", 84, says, _NOT_APP, said, next_check=_CHECK)
    if (well := signs.first("site_well")) is not None:
        says = f"{says}; nobody misses it"
        return _told.likely("client_closed_499", 84, says, _NOT_APP, said, well, next_check=_CHECK)
    return _told.confirmed("client_closed_499", 90, says, _NOT_APP, said)


_NOT_APP = _quote.useless("app", "it is the client that hangs up")
_CHECK = "how long those requests had run, and whose time-out is that long"


def _rival(signs: Signs) -> Sign | None:
    """The upstream fails too; then a client that hangs up is an echo."""
    return _front.upstream_trouble(signs) or _front.deeper(signs)
