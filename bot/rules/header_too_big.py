"""The answer's header does not fit into nginx's buffer."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _outage, _quote, _told

#: nginx's default proxy_buffer_size is one memory page, which is 4 or 8 KiB where it is usual.
PAGE_BYTES = 4096
_PAGES_BYTES = 8192
_SIZE = re.compile(r"(\d{1,9})([km]?)", re.ASCII)
_UNITS = {"k": 1024, "m": 1024 * 1024, "": 1}


def header_too_big(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    front: HttpProbes | None,
    config: NginxConfig | None,
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
        if big and config is not None:
            return _without_log(max(big, key=lambda p: p.header_bytes), upstreams, front, config)
        if big or not answered or len(answered) < len(upstreams.probes if upstreams else ()):
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


def _without_log(
    probe: Probe, upstreams: HttpProbes | None, front: HttpProbes | None, config: NginxConfig
) -> Finding | None:
    """nginx has not said so (yet): another server answered in its place, or nobody asked for that path."""
    servers = {p.address for p in upstreams.probes} if upstreams else set()
    passes = front is not None and any(p.path == probe.path and p.is_well for p in front.probes)
    if probe.header_bytes <= _buffer_bytes(config) or (passes and len(servers) == 1):
        return None
    return Finding(
        cause="header_too_big",
        certainty=Certainty.LIKELY,
        says=f"the response header of {probe.address} ({probe.header_bytes} bytes on {probe.path}) does not"
        " fit into nginx's buffer",
        because=(_quote.probe(probe),),
        restart=_quote.useless("app", "it sends the same header again"),
        next_check="ask nginx for that path and look for `too big header` in its error log",
        weight=52,
    )


def _buffer_bytes(config: NginxConfig) -> int:
    """The largest buffer that nginx is told to have for a header, else its default."""
    told = [d.arguments[0].lower() for d in config.named("proxy_buffer_size") if d.arguments]
    sizes = [_SIZE.fullmatch(text) for text in told]
    return max((int(size[1]) * _UNITS[size[2]] for size in sizes if size), default=_PAGES_BYTES)


def told(signs: Signs) -> Finding | None:
    """nginx's own sentence settles it."""
    said = signs.first("header_too_big")
    if said is None:
        return _measured(signs) or _with_many_roles(signs) or _with_cookies(signs) or _of_haproxy(signs)
    says = "the app's response header does not fit into the proxy's buffer"
    same = _quote.useless("app", "it sends the same header again")
    if said["side"] == "client" and not signs.has("answer_closed", "answer_invalid"):
        says = "an answer's head is longer than who asks takes: a proxy, or an app that asks another"
        return _told.likely("header_too_big", 88, says, same, said, next_check="whose trace it is")
    return _told.confirmed("header_too_big", 95, says, same, said)


def _measured(signs: Signs) -> Finding | None:
    """The answer's head is long, and what stands between breaks off or calls it invalid."""
    long = signs.first("long_answer_head")
    broken = signs.first("answer_invalid", "answer_closed", "answer_reset", "circuit_open") or next(
        (s for s in signs.of("page", "status") if s["status"].startswith("502")), None
    )
    broken = broken or (long if long is not None and "502" in long.line else None)
    if long is None or broken is None or signs.has("request_too_big", "crashed", "app_failed", "killed"):
        return None
    if any(s["header"] for s in signs.of("answer_invalid")):
        return None
    says = "the answer's head is long, and the proxy has a buffer of a page or two for it"
    same = _quote.useless("app", "it sends the same header again")
    check = "the proxy's buffer for heads (proxy_buffer_size, tune.bufsize) against that size"
    return _told.likely("header_too_big", 80, says, same, broken, long, next_check=check)


def _with_many_roles(signs: Signs) -> Finding | None:
    """The app answers, and what stands between drops it for those who have many groups or roles.

    nginx would say that the header is too big; balancers only say that the answer is none.
    """
    told = signs.first("with_many_roles")
    broken = next(
        (
            s
            for s in signs.of("answer_closed", "answer_reset", "answer_invalid", "status", "page")
            if s["proxy"] not in ("nginx", "apache")
            and (s.kind not in ("status", "page") or s["status"].startswith("502"))
        ),
        None,
    )
    if (
        told is None
        or broken is None
        or signs.has("request_too_big", "crashed", "app_failed", "worker_timeout")
    ):
        return None
    if any(s["status"] in ("400", "431") for s in signs.of("status", "page")):
        return None  # the head of the request
    says = "it fails for users of many groups or roles: their session makes the answer's head too large"
    same = _quote.useless("app", "it sends the same header again")
    check = "the size of the answer's head past the proxy, for a user with many and one with few"
    return _told.likely("header_too_big", 72, says, same, broken, told, next_check=check)


def _with_cookies(signs: Signs) -> Finding | None:
    """It fails with a session and works without: a head is too large, the answer's or the request's."""
    told = signs.first("with_cookies")
    if told is None or _outage.any_sign(signs) not in (None, *_outage.gateway_errors(signs)):
        return None
    says = "it fails with a session's cookies alone: a head does not fit, most often the answer's"
    same = _quote.useless("app", "it sends the same header again")
    check = "nginx's error log of that request, and the size of the answer's head past the proxy"
    return _told.possible("header_too_big", 48, says, same, told, next_check=check)


def _of_haproxy(signs: Signs) -> Finding | None:
    """Its state `PH` stands for a header that is broken and for one larger than its buffer."""
    refused = next((s for s in signs.where("answer_invalid", proxy="haproxy") if not s["header"]), None)
    if refused is None:
        return None
    says = "HAProxy refuses the app's answer; its header may be larger than tune.bufsize"
    same = _quote.useless("app", "it sends the same header again")
    check = "the size of the answer's head past the proxy, against tune.bufsize less tune.maxrewrite"
    return _told.possible("header_too_big", 48, says, same, refused, next_check=check)
