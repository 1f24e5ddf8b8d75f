"""The answer's header does not fit into nginx's buffer."""

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote, _told

#: nginx's default proxy_buffer_size is one memory page.
PAGE_BYTES = 4096


def header_too_big(
    error_log: NginxErrorLog | None, upstreams: HttpProbes | None
) -> Finding | RuledOut | None:
    """The app's response header is larger than nginx's buffer for it, often a huge cookie.

    Why: nginx says so itself; asked directly, the header is indeed that long.
    Ruled out when: nginx does not say so and no header is longer than a page.
    Mistaken when: a router in between adds the header.
    Mended by: a larger proxy_buffer_size (fastcgi_, uwsgi_, grpc_ likewise) with proxy_buffers to match, or a
    smaller header: fewer or shorter cookies.
    Not mended by: a restart of anything, a longer time-out, or large_client_header_buffers (for requests).
    Source: ngx_http_proxy_module proxy_buffer_size, ngx_http_upstream.c "upstream sent too big header".
    """
    logged = error_log.of(Fault.HEADER_TOO_BIG) if error_log else ()
    big = [p for p in upstreams.probes if p.header_bytes >= PAGE_BYTES] if upstreams else []
    if not logged:
        answered = upstreams.that(Answer.ANSWERED) if upstreams else ()
        if big or not answered:
            return None
        says = f"the app's response header has {answered[0].header_bytes} bytes"
        return RuledOut(cause="header_too_big", says=says, because=(_quote.probe(answered[0]),))
    size = f" ({big[0].header_bytes} bytes)" if big else ""
    return Finding(
        cause="header_too_big",
        certainty=Certainty.CONFIRMED,
        says=f"the app's response header{size} does not fit into nginx's buffer",
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in big[:1])),
        restart=_quote.useless("app", "it sends the same header again"),
        weight=66,
    )


def told(signs: Signs) -> Finding | None:
    """nginx's own sentence settles it."""
    said = signs.first("header_too_big")
    if said is None:
        return None
    return _told.confirmed(
        "header_too_big",
        95,
        "the app's response header does not fit into the proxy's buffer",
        _quote.useless("app", "it sends the same header again"),
        said,
    )
