"""TLS between a client and nginx failed."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _front, _quote, _told
from bot.signs.tls_sides import PRIVATE


def client_side_tls_noise(signs: Signs) -> Finding | None:
    """Not the upstream: a client and nginx do not agree on TLS (scanners, old clients, health checks).

    Why: the line says "while SSL handshaking, client: ..." and not "to upstream".
    Ruled out when: a handshake with an upstream failed, or the upstream fails otherwise.
    Mistaken when: a balancer or CDN in front is that client: then all of its requests fail.
    Mended by: nothing needs to be; a wider ssl_protocols where a client matters.
    Not mended by: a restart of anything, proxy_ssl_ directives.
    Source: ngx_event_openssl.c ngx_ssl_handshake, ngx_http_request.c ngx_http_ssl_handshake.
    """
    said = signs.first("client_tls")
    if said is None:
        return None
    says = "TLS between a client and nginx failed; the upstream has no part in it"
    others = [s for s in _front.troubles(signs, "tls_not_spoken", "tls_alert") if s.line != said.line]
    others = [s for s in others if "SSL handshaking, client" not in s.line]
    if others:
        return _told.possible("client_side_tls_noise", 14, says, _CLIENT, said, next_check=_CHECK)
    if _DIALS_IN.search(said.line):
        says = "a server and who dials it from within do not agree on TLS: that may be the proxy in front"
        return _told.likely("client_side_tls_noise", 62, says, _CLIENT, said, next_check=_CHECK)
    if said.line.rstrip().endswith("EOF"):
        says = "somebody connects and hangs up before the handshake, as a check of the port does"
        return _told.likely("client_side_tls_noise", 86, says, _CLIENT, said, next_check=_CHECK)
    if "first record" in said.line or "HTTP spoken" in said.line:
        says = "somebody speaks plain HTTP to the TLS port: a stranger, or a proxy that is set so"
        return _told.likely("client_side_tls_noise", 86, says, _CLIENT, said, next_check=_CHECK)
    if (well := signs.first("site_well")) is not None:
        says = f"{says}; the site is well"
        return _told.likely("client_side_tls_noise", 88, says, _CLIENT, said, well, next_check=_CHECK)
    if any(s["what"] == _NOT_HTTP for s in signs.of("noise")):
        return _told.likely("client_side_tls_noise", 88, says, _CLIENT, said, next_check=_CHECK)
    if _NEIGHBOUR.search(said.line):
        says = f"{says}; that client is a neighbour: a check of the port, or a proxy of one's own in front"
        return _told.likely("client_side_tls_noise", 89, says, _CLIENT, said, next_check=_CHECK)
    return _told.confirmed("client_side_tls_noise", 92, says, _CLIENT, said)


#: Of Go's servers, which stand behind a proxy as often as in front: what they do not share with a neighbour.
_DIALS_IN = re.compile(
    rf"handshake error from {PRIVATE}.*(?:unsupported (?:versions|protocol)|no cipher suite|no certificate)",
    re.I,
)
_NEIGHBOUR = re.compile(rf"SSL handshaking, client: {PRIVATE}")
#: Scanners send both to a port.
_NOT_HTTP = "a request that is no HTTP"
_CLIENT = _quote.useless("app", "the handshake is between the client and nginx")
_CHECK = "who that client is: a scanner, an old browser, or a balancer in front"
