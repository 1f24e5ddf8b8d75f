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
    if said is not None and 'subrequest: "' in said.line:
        says = "a subrequest is refused for the size of the request's body; the answer is nginx's 500"
        return _told.possible("client_error_413", 50, says, _NOT_APP, said, next_check=_CHECK)
    if said is not None:
        says = "the request's body is larger than the proxy allows (413)"
        return _told.confirmed("client_error_413", 93, says, _NOT_APP, said)
    status = next((s for s in signs.of("status", "page", "answers") if s["status"].startswith("413")), None)
    if status is None:
        return _cut_off(signs) or _told_by_size(signs)
    says = "a request was refused for the size of its body (413)"
    weight = 84 if not _front.upstream_trouble(signs) else 40
    return _told.likely("client_error_413", max(weight, 60), says, _NOT_APP, status, next_check=_CHECK)


_NOT_APP = _quote.useless("app", "the limit stays as it is configured")
_CHECK = "who answers 413: nginx (client_max_body_size) or the app with a limit of its own"


def _cut_off(signs: Signs) -> Finding | None:
    """The app server refuses the body; it may have said so before it closed."""
    cut = signs.first("body_cut_off")
    if cut is None:
        return None
    says = "the app server refuses a request for the size of its body"
    return _told.likely("client_error_413", 66, says, _NOT_APP, cut, next_check=_CHECK)


def _told_by_size(signs: Signs) -> Finding | None:
    """Large bodies alone fail, and nothing of an upstream is seen; a limit stands in the configuration."""
    told = signs.first("big_bodies_fail")
    if (
        told is None
        or _front.upstream_trouble(signs)
        or signs.has("disk_full", "app_failed", "header_too_big")
    ):
        return None
    limit = signs.first("cors_blocked") or _front.setting(signs, "client_max_body_size")
    says = "large bodies fail and small ones pass: a limit of the proxy's refuses them (413)"
    if limit is not None:
        return _told.likely("client_error_413", 76, says, _NOT_APP, told, limit, next_check=_CHECK)
    return _told.possible("client_error_413", 48, says, _NOT_APP, told, next_check=_CHECK)
