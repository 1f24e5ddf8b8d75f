"""The proxy or app refuses a request for the size of its body."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _front, _quote, _told


def client_error_413(signs: Signs) -> Finding | None:
    """Not a 502: the request's body is larger than is allowed, and the client is answered 413.

    Why: nginx says "client intended to send too large body", or requests are answered 413.
    Ruled out when: neither is said.
    Mistaken when: the answer's header is too large (header_too_big) or the request's (400, 414, 431).
    Mended by: a larger client_max_body_size in the server that answers (ingress: proxy-body-size), and the
    app's own limit after it.
    Not mended by: a restart of the app, larger proxy buffers.
    Source: ngx_http_core_module client_max_body_size; ngx_http_core_module.c "client intended to send too
    large".
    """
    said = signs.first("body_too_big")
    if said is not None:
        says = "the request's body is larger than the proxy allows (413)"
        return _told.confirmed("client_error_413", 93, says, _NOT_APP, said)
    status = next((s for s in signs.of("status", "page") if s["status"].startswith("413")), None)
    if status is None:
        return None
    says = "a request was refused for the size of its body (413)"
    weight = 84 if not _front.upstream_trouble(signs) else 40
    return _told.likely("client_error_413", max(weight, 60), says, _NOT_APP, status, next_check=_CHECK)


_NOT_APP = _quote.useless("app", "the limit stays as it is configured")
_CHECK = "who answers 413: nginx (client_max_body_size) or the app with a limit of its own"
