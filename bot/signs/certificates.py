"""Certificates that are not accepted, in the words of programs that other tables do not read.

Source: Apache ssl_engine_kernel.c ssl_callback_SSLVerify (AH02276, for clients and for SSLProxy alike) and
AH02004; Node lib/tls.js (ERR_TLS_CERT_ALTNAME_INVALID); winhttp.h (12037, 12038, 12045 and their HRESULTs);
curl lib/vtls/openssl.c ("no alternative certificate subject name"); Schannel event 36874; BoringSSL
HTTP_REQUEST, which only a server says; OpenShift route destinationCACertificate.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "cert_renewed": "a backend's certificate was made anew; fields: what",
    "trusts_kept": "what a proxy trusts is a file or text of its own; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "tls_unverified",
        r"(?P<reason>ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames"
        r"|no alternative certificate subject name|certificate subject name '[^']{0,80}' does not match"
        r"|CERT_(?:CN|DATE)_INVALID|FLAG_INVALID_CA\b|0x80072f0[56d]\b| 502 3 120(?:37|38|45)\b)",
        "altname",
        "subject name",
        "_invalid",
        "invalid_ca",
        "0x80072f0",
        " 502 3 120",
    ),
    says(
        "client_tls",
        r"(?P<reason>connection request was received from a remote client application, but none of the cipher"
        r"|\bSchannel\W{1,4}36874\b|remote address:\S{1,60},TLS_error:.{0,60}:HTTP_REQUEST\b)",
        "remote client application",
        "schannel",
        "http_request",
    ),
    says(
        "cert_renewed",
        r"(?P<what>\b(?:certificates?|certs?|secrets?|CA|PKI|issuer)\b.{0,30}?\b(?:regenerated|rotated|renewed"
        r"|re-?issued|replaced|recreated|re-?created|changed)\b)",
        "regenerated",
        "rotated",
        "renewed",
        "issued",
        "replaced",
        "created",
        "changed",
    ),
    says(
        "trusts_kept",
        r"(?P<what>\b(?:destinationCACertificate|ca-file|SSLProxyCACertificateFile|rootCAs"
        r"|proxy_ssl_trusted_certificate|proxy-ssl-secret)\b)",
        "destinationcacertificate",
        "ca-file",
        "cacertificatefile",
        "rootcas",
        "trusted_certificate",
        "proxy-ssl-secret",
    ),
)
_REFUSED = re.compile(r"AH02276: Certificate Verification: Error \(\d+\): (?P<reason>[^\[\n]{1,80})")


def _by_apache(piece: Piece) -> Iterator[Sign]:
    """Apache refuses a certificate where it is the client: its proxy's connection failed."""
    if "AH02276" in piece.text and "SSL Proxy connect failed" in piece.text:
        for line in piece.text.split("\n"):
            if found := _REFUSED.search(line):
                fields = {"reason": found["reason"].strip(), "proxy": "apache"}
                yield Sign(kind="tls_unverified", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_by_apache,)
