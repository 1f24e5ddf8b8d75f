"""nginx does not trust the upstream's certificate."""

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote, _tls_alerts, _told


def tls_verify_failed(error_log: NginxErrorLog) -> Finding | None:
    """proxy_ssl_verify is on and the upstream's certificate does not pass: name, chain, depth or date.

    Why: nginx says what it refused.
    Ruled out when: nginx refuses no certificate.
    Mistaken when: no server name is sent, so that the far end shows the certificate of its first site.
    Mended by: proxy_ssl_trusted_certificate with the chain's root, proxy_ssl_name with a name of the
    certificate, a larger proxy_ssl_verify_depth, a new certificate; or proxy_ssl_verify off where that is
    bearable.
    Not mended by: a restart of either side, proxy_ssl_server_name alone.
    Source: ngx_http_upstream.c ngx_http_upstream_ssl_handshake; proxy_ssl_verify.
    """
    logged = error_log.of(Fault.TLS_VERIFY)
    if not logged or not _tls_alerts.is_last(logged[0], error_log):
        return None
    return Finding(
        cause="tls_verify_failed",
        certainty=Certainty.CONFIRMED,
        says=f"nginx refuses the upstream's certificate: {logged[0].message.split(' while ')[0]}",
        because=(_quote.error(logged[0]),),
        restart=_quote.useless("app", "the certificate and what nginx trusts stay the same"),
        mend=next((mend for word, mend in _MENDS if word in logged[0].message), None),
        weight=67,
    )


#: X509_verify_cert_error_string(3), and nginx's own word for the name.
_MENDS = (
    (
        "has expired",
        "a new certificate on the upstream, in use there by a reload; proxy_ssl_verify off only where that "
        "is bearable till then",
    ),
    (
        "does not match",
        "proxy_ssl_name with a name that the upstream's certificate has, and proxy_ssl_server_name on where "
        "it has several; or a certificate with this name",
    ),
    (
        "issuer certificate",
        "the authority's certificate in proxy_ssl_trusted_certificate, the upstream's whole chain there, or "
        "a larger proxy_ssl_verify_depth; then a reload",
    ),
    ("self", "that certificate, or its authority's, in proxy_ssl_trusted_certificate; then a reload"),
)


def told(signs: Signs) -> Finding | None:
    """The proxy names what it does not accept."""
    said = [s for s in signs.of("tls_unverified") if "SSL handshaking, client" not in s.line]
    if not said:
        return _renewed(signs)
    first = next((s for s in said if s["reason"]), said[0])
    says = "the proxy does not accept the upstream's certificate"
    says += f": {first['reason']}" if first["reason"] else ""
    if signs.has("sni_decides", "default_cert"):
        return _told.likely("tls_verify_failed", 78, says, _SAME, first, next_check=_WITH_NAME)
    name_tried = signs.has("sni_alike") or signs.where("conf", directive="proxy_ssl_server_name", value="on")
    if "does not match" in first.line and not name_tried:
        # Without a server name the far end shows the certificate of its first site (tls_handshake_sni).
        says += "; it may show another one where the proxy sends the server's name"
        return _told.likely("tls_verify_failed", 86, says, _SAME, first, next_check=_WITH_NAME)
    if "upstream" in first.line or first["proxy"]:
        return _told.confirmed("tls_verify_failed", 95, says, _SAME, first)
    check = "who refuses it, proxy or client, and `openssl s_client -connect HOST:PORT -showcerts`"
    weight = 78 if "verify failed" in first.line or "x509" in first.line else 62
    return _told.likely("tls_verify_failed", weight, says, _SAME, first, next_check=check)


def _renewed(signs: Signs) -> Finding | None:
    """The handshake fails since a certificate was made anew, and what the proxy trusts stayed."""
    failed = signs.first("tls_not_spoken", "tls_failed")
    renewed = signs.first("cert_renewed")
    kept = signs.first("trusts_kept")
    if failed is None or renewed is None or kept is None or "wrong version" in failed.line:
        return None
    says = "the backend's certificate was made anew, and the proxy still trusts the one before"
    check = "the certificate's issuer against what the proxy trusts"
    return _told.likely("tls_verify_failed", 76, says, _SAME, failed, renewed, kept, next_check=check)


_WITH_NAME = "the certificate that the far end shows with the server name (`openssl s_client -servername`)"
_SAME = _quote.useless("app", "the certificate and what the proxy trusts stay the same")
