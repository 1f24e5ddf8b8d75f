"""nginx and the app speak different protocols."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def protocol_mismatch(error_log: NginxErrorLog | None, upstreams: HttpProbes | None) -> Finding | None:
    """TLS is spoken to a plain port, HTTP to a FastCGI or uWSGI socket, or the reverse.

    Why: nginx cannot make sense of the first bytes; asked directly, they are no HTTP.
    Ruled out when: the app answers with HTTP and nginx does not complain of the protocol.
    Mistaken when: the app is broken and sends rubbish.
    Source: ngx_http_upstream.c, OpenSSL "wrong version number" (the peer did not answer with TLS).
    """
    logged = error_log.of(Fault.TLS_PROTOCOL, Fault.WRONG_PROTOCOL) if error_log else ()
    odd = upstreams.that(Answer.NOT_HTTP) if upstreams else ()
    tls = (
        [p for p in upstreams.that(Answer.TLS_FAILED) if "WRONG_VERSION" in p.detail.upper()]
        if upstreams
        else []
    )
    if not logged and not odd and not tls:
        return None
    both = bool(logged) and bool(odd or tls)
    settled = both or any(entry.fault is Fault.TLS_PROTOCOL for entry in logged)
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED if settled else Certainty.LIKELY,
        says="nginx and the app do not speak the same protocol",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in (*odd, *tls)[:1]),
        ),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        next_check=None if settled else "what the app speaks on that port: HTTP, HTTPS, FastCGI or uWSGI",
        weight=67,
    )
