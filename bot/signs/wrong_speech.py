"""Servers that are spoken to in another protocol than their own, as their own logs word it.

HTTP comes to a database, a queue, an AJP, FastCGI or transport port; TLS comes to a plain one; plain HTTP
comes to one of TLS.

Source: Elasticsearch and OpenSearch SecurityNetty4HttpServerTransport, TcpTransport ("internal transport
message format", "This is not an HTTP port"), Search Guard; Kafka NetworkReceive (sizes that are letters);
PostgreSQL postmaster.c; RabbitMQ rabbit_reader (bad_header); mosquitto; MongoDB ("HTTP on the native driver
port"); Redis networking.c ("SECURITY ATTACK"); mod_jk jk_ajp_common.c ("wrong message format"); OpenSSH
sshd ("Bad protocol version identification"); Tomcat AjpMessage, mod_proxy_ajp ajp_msg.c (4854 is `HT`);
php-src cli/php_cli_server.c; Jetty HttpParser, WEBrick httprequest.rb, Django runserver; Erlang/OTP
tls_record.erl; CPython _ssl.c and pyOpenSSL; BoringSSL (HTTP_REQUEST); Node ERR_SSL_HTTP_REQUEST; aiohttp.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "http_to_other": "a server that speaks no HTTP says that HTTP came; fields: app",
}
#: `GET `, `POST`, `HEAD`, `HTTP`, `PUT `, `OPTI` as a number of four bytes.
_LETTERS = r"(?:1195725856|1347375956|1212501072|1213486160|1347769376|1330664521)"


def _other(app: str, regex: str, *words: str) -> Pattern:
    return says("http_to_other", regex, *words, app=app)


def _tls(regex: str, *words: str) -> Pattern:
    return says("other_to_app", rf"(?P<what>{regex})", *words)


PATTERNS: tuple[Pattern, ...] = (
    # HTTP where another protocol is spoken.
    _other(
        "elasticsearch",
        r"invalid internal transport message format, got \((?:47,45,54|50,4f,53|48,45,41|50,55,54|4f,50,54)"
        r"|\bThis is not an? HTTP port\b|received HTTP (?:request|response) on transport port",
        "internal transport message",
        "http port",
        "transport port",
    ),
    _other(
        "kafka",
        rf"Invalid receive \(size = {_LETTERS}\b|Unreasonable length = {_LETTERS}\b|"
        rf"InvalidReceiveException.{{0,60}}{_LETTERS}",
        "invalid receive",
        "unreasonable length",
        "invalidreceive",
    ),
    _other("postgres", r"invalid length of startup packet", "length of startup packet"),
    _other("rabbitmq", r"\{?bad_header,\s?<<\"(?:GET|POST|HEAD|PUT|OPTI)", "bad_header"),
    _other(
        "mosquitto",
        r"(?:Client <unknown>|Socket error on client <unknown>).{0,20}(?:disconnected )?due to "
        r"(?:protocol error|malformed packet)",
        "protocol error",
        "malformed packet",
    ),
    _other("mongodb", r"trying to access MongoDB over HTTP on the native driver port", "native driver port"),
    _other("redis", r"Possible SECURITY ATTACK detected\..{0,80}(?:POST|Host:)", "security attack"),
    _other(
        "ssh",
        r"Bad protocol version identification '(?:GET|POST|HEAD|PUT|OPTIONS) "
        r"|invalid protocol identifier \"(?:GET|POST|HEAD|PUT|OPTIONS) ",
        "protocol version identification",
        "protocol identifier",
    ),
    _other(
        "ajp",
        r"Invalid message received with signature \[(?:18245|20559|18501|20565|20304)\]",
        "received with signature",
    ),
    # An HTTP answer, or a page, read as AJP.
    says(
        "answer_not_protocol",
        r"got bad signature (?:4854|3c\w\w|1503|1603)\b|wrong message format 0x(?:4854|1503|1603)\b",
        "bad signature",
        "wrong message format",
        wants="ajp",
    ),
    _other("php -S", r"Invalid request \(Malformed HTTP request\)", "malformed http request"),
    # TLS where plain HTTP is spoken.
    _tls(r"Invalid request \(Unsupported SSL request\)", "unsupported ssl request"),
    _tls(r"Illegal character (?:CNTL=)?0x1[56]\b", "illegal character"),
    _tls(r"\bbad (?:Request-Line|URI|request)\b[^\n]{0,12}\\x1[56]\\x03", "\\x03"),
    _tls(
        r"You're accessing the development server over HTTPS, but it only supports HTTP", "development server"
    ),
    _tls(r"(?:BadStatusLine|BadHttpMessage|Invalid method encountered)[^\n]{0,60}\\x1[56]\\x03", "\\x03"),
    _tls(r"\bPause on PRI/Upgrade\b", "pri/upgrade"),
    # Plain HTTP where TLS is spoken.
    says(
        "plain_to_tls",
        r"received plaintext http traffic on an https channel|speaks http plaintext instead of ssl"
        r"|unsupported_record_type,\s?(?:71|80|72|68|79)\b|\bERR_SSL_HTTP_REQUEST\b"
        r"|\[SSL: HTTP_REQUEST\]|'SSL routines', '\w{0,40}', 'http request'"
        r"|HTTP request (?:received|sent) (?:on|to) (?:an? )?(?:HTTPS|TLS|SSL)(?:-enabled)? "
        r"(?:port|listener)",
        "plaintext http",
        "http plaintext",
        "unsupported_record_type",
        "err_ssl_http_request",
        "http_request]",
        "'http request'",
        "http request ",
    ),
)
READERS: tuple[Reader, ...] = ()
