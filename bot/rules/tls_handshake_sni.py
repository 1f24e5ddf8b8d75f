"""The upstream refuses nginx's TLS handshake."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def tls_handshake_sni(
    error_log: NginxErrorLog, config: NginxConfig | None, upstreams: HttpProbes | None
) -> Finding | None:
    """The upstream ends the TLS handshake, most often because nginx sends it no server name, or the
    wrong one.

    Why: nginx logs a TLS alert from upstream; its configuration sends no name.
    Ruled out when: no handshake with an upstream failed.
    Mistaken when: the two share no protocol version or cipher, or a client certificate is asked for.
    Source: ngx_http_proxy_module proxy_ssl_server_name (off by default), RFC 6066 section 3.
    """
    logged = [e for e in error_log.of(Fault.TLS) if "upstream" in e.line]
    if not logged:
        return None
    sends = [d for d in config.named("proxy_ssl_server_name") if d.arguments == ("on",)] if config else []
    named = upstreams is not None and any(p.protocol == "https" and p.is_well for p in upstreams.probes)
    line = (Line(step="config", text=sends[0].text if sends else "proxy_ssl_server_name off (default)"),)
    return Finding(
        cause="tls_handshake_sni",
        certainty=Certainty.CONFIRMED if named and not sends else Certainty.LIKELY,
        says="the upstream refuses nginx's TLS handshake"
        + ("" if sends else "; nginx sends it no server name"),
        because=(_quote.error(logged[0]), *(line if config else ())),
        restart=_quote.useless("app", "nginx would shake hands in the same way again"),
        next_check="openssl s_client with and without -servername",
        weight=64,
    )
