"""The app's answer is not proper HTTP."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def invalid_header(error_log: NginxErrorLog | None, upstreams: HttpProbes | None) -> Finding | None:
    """The app sends a header that violates HTTP, and nginx refuses the answer.

    Why: nginx names the header it refused.
    Ruled out when: nginx names none.
    Mistaken when: another protocol is spoken on that port (protocol_mismatch).
    Source: ngx_http_parse.c, RFC 9112 section 5; newer nginx versions refuse more than older ones.
    """
    logged = error_log.of(Fault.HEADER_INVALID) if error_log else ()
    if not logged:
        return None
    seen = [p for p in upstreams.probes if p.detail.startswith("header name")] if upstreams else []
    return Finding(
        cause="invalid_header",
        certainty=Certainty.CONFIRMED,
        says=f"nginx refuses the app's answer: {logged[0].message.split(' while ')[0]}",
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in seen[:1])),
        restart=_quote.useless("app", "it sends the same header again"),
        weight=66,
    )
