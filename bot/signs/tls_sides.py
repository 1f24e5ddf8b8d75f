"""Which side of a TLS handshake failed, by the function of OpenSSL that complains and by nginx's own words.

A library's functions are a server's or a client's: who parses a client's hello is the server, who parses a
server's hello or certificate is the client, and nginx is the client only towards an upstream.

Source: OpenSSL 1.0 ssl/s23_srvr.c, s23_clnt.c, s3_srvr.c, s3_clnt.c, ssl_lib.c; 1.1 and 3 ssl/statem/
statem_srvr.c, statem_clnt.c, extensions_srvr.c, extensions_clnt.c, statem_lib.c; BoringSSL
ssl/handshake_server.cc, handshake_client.cc, tls13_server.cc, tls13_client.cc; ngx_http_upstream.c
("while SSL handshaking to upstream"), ngx_http_request.c ("while SSL handshaking").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

#: Functions that only the server's side of a handshake runs.
SERVERS = (
    r"(?:get_client_(?:hello|master_key|finished|key_exchange|certificate)|check_client_hello|parse_clienthello"
    r"|bytes_to_cipher_list|get_cert_verify|ssl(?:2|3|23)_accept|dtls1_accept|process_client_(?:hello|certificate"
    r"|key_exchange)|process_cke_\w{1,40}|process_cert_verify|parse_ctos_\w{1,40}|construct_stoc_\w{1,40}"
    r"|choose_server_version|choose_cipher\b|construct_server_(?:hello|certificate|key_exchange)|handle_alpn"
    r"|(?:handshake|tls13)_server\.cc)"
)
#: Functions that only the client's side runs.
CLIENTS = (
    r"(?:get_server_(?:hello|certificate|done|verify|finished|static_dh_key)|get_key_exchange"
    r"|get_certificate_request|ssl(?:2|3|23)_connect|dtls1_connect|process_server_(?:hello|certificate|done)"
    r"|process_initial_server_flight|process_key_exchange|process_ske_\w{1,40}|process_certificate_request"
    r"|process_encrypted_extensions|parse_stoc_\w{1,40}|construct_ctos_\w{1,40}|choose_client_version"
    r"|set_client_ciphersuite|(?:handshake|tls13)_client\.cc)"
)
#: A caller in one's own networks is a proxy or a balancer of one's own, most often.
PRIVATE = (
    r"(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\."
    # RFC 6598: pods of several clusters, and overlay networks.
    r"|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[?(?:::1|f[cde]))"
)
#: nginx's line about a handshake in which nginx is the server: for patterns that mean an upstream.
NOT_AS_SERVER = rf"^(?!(?=.{{0,900}}SSL_do_handshake).{{0,900}}{SERVERS})(?!.{{0,900}}while SSL handshaking,)"
_NGINX = r"(?:SSL_do_handshake\(\)|peer closed connection in SSL|while SSL handshaking|SSL_accept)"
_AT = r"(?:.{0,600}?upstream: \"(?:[a-z]+://)?(?P<target>\[[^\]\s\"]+\](?::\d+)?|[^/\"\s,]+))?"
_SPOKEN_ELSEHOW = (
    r"(?:unknown protocol|wrong version number|packet length too long|certificate verify failed)"
)

PATTERNS: tuple[Pattern, ...] = (
    says(
        "client_tls",
        r"^(?!.{0,900}(?:to upstream|upstream: \")).{0,900}?"
        rf"(?P<reason>{_NGINX}.{{0,300}}{SERVERS}.{{0,80}})",
        "ssl_do_handshake",
        "ssl_accept",
    ),
    # Cut before it names the client; towards an upstream it reads "while SSL handshaking to upstream".
    says(
        "client_tls",
        r"^(?!.{0,900}(?:to upstream|upstream: \"))(?P<reason>.{0,600}?) while SSL handshaking,",
        "while ssl handshaking,",
    ),
    # Cut before it says to whom.
    says(
        "tls_failed",
        rf"^(?!.{{0,900}}(?:{_SPOKEN_ELSEHOW}|alert |handshaking,)).{{0,600}}?"
        rf"SSL_do_handshake\(\) failed .{{0,200}}{CLIENTS}[^:)]{{0,40}}:(?P<reason>[^):]{{1,80}}){_AT}",
        "ssl_do_handshake",
    ),
    says(
        "tls_unverified",
        rf"SSL_do_handshake\(\) failed .{{0,200}}{CLIENTS}[^:)]{{0,40}}:"
        rf"(?P<reason>certificate verify failed){_AT}",
        "certificate verify failed",
    ),
)
READERS: tuple[Reader, ...] = ()
