"""TLS between proxy and backend: alerts, versions, certificates, as OpenSSL and its callers word them.

Source: ngx_http_upstream.c (ssl handshake), ngx_event_openssl.c; OpenSSL's ssl/ssl_err.c, X509 verify texts
(x509_txt.c); RFC 8446 section 6 (alerts); curl's lib/vtls/openssl.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says
from bot.signs.tls_sides import NOT_AS_SERVER, PRIVATE

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "tls_closed": "the far end hung up during the handshake, without an alert; fields: target",
    "tls_failed": "a handshake with the upstream failed for another reason; fields: target, reason",
    "plain_to_tls": "plain HTTP was sent to a port that wants TLS; fields: target, from",
    "other_to_app": "an app is spoken to in another protocol, by its own log; fields: what",
    "sni_needed": "with a server name the handshake passes, without one it does not; fields: name",
}
_UPSTREAM = r"(?=.{0,400}(?:to upstream|upstream: |to the upstream|while proxying))"
_AT = r"(?:.*?upstream: \"(?:[a-z]+://)?(?P<target>unix:[^:\"\s]+|\[[^\]\s\"]+\](?::\d+)?|[^/\"\s,]+))?"
_NOT_CLIENT = r"(?!.{0,300}(?:SSL handshaking, client|while waiting for request|while keepalive))"
_ALERTS = (
    r"(?P<alert>handshake failure|unrecognized name|internal error|protocol version|access denied"
    r"|no application protocol|illegal parameter|decode error|unexpected message|insufficient security"
    r"|bad certificate|certificate required|unknown ca|certificate unknown|certificate expired"
    r"|inappropriate fallback)"
)
#: The reason is given, and another kind has it.
_NAMED = (
    r"^(?!.*(?:upstream SSL certificate|certificate verify failed|wrong version number|unknown protocol"
    r"|packet length too long|https proxy request|peer closed connection|unexpected eof"
    r"|failed \((?:104|54|10054|5)\b|SSL alert number (?:40|47|49|70|71|80|112|120)\b"
    rf"|(?:ssl|tls)\S* alert {_ALERTS.replace('?P<alert>', '?:')}))"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "tls_not_spoken",
        rf"{NOT_AS_SERVER}.*?(?:wrong version number|unknown protocol|packet length too long"
        # OpenSSL 3 ends with it whatever failed before; a record of a wrong type comes within TLS.
        r"|(?<!bad record type error:0A000139:SSL routines::)record layer failure"
        r"|https proxy request|(?<!: tls: )first record does not look like a TLS)"
        rf"{_NOT_CLIENT}{_AT}",
        "wrong version number",
        "unknown protocol",
        "packet length",
        "record layer failure",
        "https proxy request",
        "first record does not",
    ),
    says(
        "tls_alert",
        rf"{NOT_AS_SERVER}.*?(?:sslv3|tlsv1|tlsv13|ssl/tls|tls) alert {_ALERTS}{_NOT_CLIENT}{_AT}",
        "alert ",
    ),
    says(
        "tls_alert",
        rf"{NOT_AS_SERVER}.*?alert {_ALERTS}.{{0,60}}SSL alert number \d+{_NOT_CLIENT}{_AT}",
        "ssl alert number",
    ),
    says(
        "tls_alert",
        rf"SSL alert number (?P<alert>40|80|112|70|71|49|120"
        rf"|47){_NOT_CLIENT}{_AT}",
        "ssl alert number",
    ),
    says(
        "tls_alert",
        NOT_AS_SERVER
        + r".*?(?:certificate_required|(?P<alert>no shared cipher|unsupported protocol(?! scheme)"
        r"|no protocols available"
        r"|no ciphers available))" + _NOT_CLIENT + _AT,
        "no shared cipher",
        "unsupported protocol",
        "no"
        r" protocols",
        "no ciphers",
        "certificate_required",
    ),
    says(
        "tls_closed",
        rf"peer closed connection in SSL handshake{_NOT_CLIENT}(?=.{{0,80}}(?:upstream|\Z)){_AT}",
        "peer closed connection in ssl",
    ),
    says(
        "tls_closed",
        r"SSL_do_handshake\(\) failed \((?:104|54|10054|5"
        r"|SSL: error:\d+:SSL routines::unexpected eof).{0,80}to upstream" + _AT,
        "ssl_do_handshake",
    ),
    says(
        "tls_closed",
        r"unexpected eof while reading\)? while SSL handshaking to upstream" + _AT,
        "unexpected eof",
    ),
    says(
        "tls_unverified",
        r"upstream SSL certificate (?P<reason>verify error: \([^)]*\)|does not match \"[^\"]*\")" + _AT,
        "upstream ssl certificate",
    ),
    says(
        "tls_unverified",
        r"upstream SSL certificate (?P<reason>verify error"
        r"|does not match)",
        "upstream ssl certificate",
    ),
    says("tls_unverified", r"(?P<reason>no upstream SSL certificate)" + _AT, "no upstream ssl"),
    says(
        "tls_unverified",
        r"(?P<reason>certificate verify failed)" + _NOT_CLIENT + _UPSTREAM + _AT,
        "certificate verify failed",
    ),
    says(
        "tls_unverified",
        r"(?P<reason>certificate verify failed)(?=[^,]{0,30}while SSL handshaking"
        r" to)",
        "certificate verify failed",
    ),
    says(
        "tls_unverified",
        r"SSL_CTX_load_verify_locations"
        r"|(?P<reason>SSL certificate problem: [^\"]{1,80})",
        "ssl_ctx_load_verify",
        "ssl certificate problem",
    ),
    says(
        "tls_unverified",
        r"(?P<reason>Verify return code: (?:1[0-9]|2[0-9]|6[0-9]"
        r"|[2-9]) \([^)]*\))",
        "verify return code",
    ),
    says(
        "tls_failed",
        r"(?<!alert )(?P<reason>(?:dh key too small|ee key too small|ca md too weak"
        r"|unsafe legacy renegotiation disabled|inappropriate fallback|bad signature"
        r"|excessive message size|unexpected message|certificate unknown"
        r"|bad certificate))" + _NOT_CLIENT + _UPSTREAM + _AT,
        "too small",
        "too weak",
        "renegotiation"
        r" disabled",
        "fallback",
        "bad signature",
        "message",
        "certificate",
    ),
    says(
        "tls_failed",
        rf"{_NAMED}.*?(?P<reason>SSL_do_handshake\(\) failed \([^)]{{0,120}}\)?)?"
        rf" ?while SSL handshaking to upstream{_AT}",
        "ssl handshaking to upstream",
    ),
    says(
        "plain_to_tls",
        rf"TLS handshake error from (?P<from>{PRIVATE}\S*): tls: first record does not look like a TLS",
        "first record does not",
    ),
    says(
        "other_to_app",
        r"(?P<what>Bad request version \(|Bad HTTP/0\.9 request type"
        r"|trying to open an SSL connection to a non-SSL"
        r"|Invalid character found in (?:method name|the HTTP protocol) \[0x16|Illegal character CNTL=0x16"
        r"|Invalid HTTP (?:method|request line|version):? .{0,12}\\x16|Invalid method .{0,12}\\x16)",
        "bad request version",
        "bad http/0.9",
        "non-ssl",
        "0x16",
        "x16",
    ),
    says("other_to_app", r"(?P<what>\bPRI \* HTTP/2)", "pri * http/2"),
    says("other_to_app", r"(?P<what>426 Upgrade Required|(?:status|HTTP|error)(?: code)?:? 426)\b", "426"),
    says(
        "plain_to_tls",
        r"The plain HTTP request was sent to HTTPS port"
        r"|Client sent an HTTP request to an HTTPS server"
        r"|You're speaking plain HTTP to an SSL-enabled server"
        r"|plain HTTP request to HTTPS port",
        "plain http",
        "http request to an https",
    ),
    says(
        "plain_to_tls",
        rf"SSL routines:[\w]{{0,40}}:http request{_NOT_CLIENT}(?!.{{0,40}}handshaking to)",
        ":http request",
    ),
    says("sni_needed", r"openssl s_client .{0,120}-servername (?P<name>[\w.-]+)", "-servername"),
    says(
        "tls_not_spoken",
        r"tls: oversized record received with length (?:20527|21536|21331)",
        "oversized record",
    ),
    says("plain_to_tls", r"use the HTTPS scheme to access this URL", "https scheme"),
)
READERS: tuple[Reader, ...] = ()
