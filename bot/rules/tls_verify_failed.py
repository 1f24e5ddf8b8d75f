"""nginx does not trust the upstream's certificate."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def tls_verify_failed(error_log: NginxErrorLog) -> Finding | None:
    """proxy_ssl_verify is on and the upstream's certificate does not pass: name, chain, depth or date.

    Why: nginx says what it refused.
    Ruled out when: nginx refuses no certificate.
    Mistaken when: never by the line alone.
    Source: ngx_http_upstream.c ngx_http_upstream_ssl_handshake; proxy_ssl_verify.
    """
    logged = error_log.of(Fault.TLS_VERIFY)
    if not logged:
        return None
    return Finding(
        cause="tls_verify_failed",
        certainty=Certainty.CONFIRMED,
        says=f"nginx refuses the upstream's certificate: {logged[0].message.split(' while ')[0]}",
        because=(_quote.error(logged[0]),),
        restart=_quote.useless("app", "the certificate and what nginx trusts stay the same"),
        weight=67,
    )
