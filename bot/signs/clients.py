"""The clients' side as other programs than nginx word it: they hang up, send too much, or fail at TLS.

Source: Tomcat ClientAbortException.java, Jetty EofException.java, CPython wsgiref and socketserver, Werkzeug
serving.py, Envoy "Response code details" (downstream_remote_disconnect), AWS "Troubleshoot your Application
Load Balancers" (460); Spring MultipartException, Tomcat FileUploadBase, PHP main/SAPI.c, Django
DATA_UPLOAD_MAX_MEMORY_SIZE, Rack multipart, body-parser, Kestrel, ModSecurity, mod_fcgid, Go MaxBytesReader;
OpenJDK sun.security.ssl; Kong rate-limiting, Envoy local_rate_limit, mod_evasive.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says
from bot.signs.tls_sides import PRIVATE

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}


def _tls(regex: str, *words: str) -> Pattern:
    return says("client_tls", rf"(?P<reason>{regex})", *words)


PATTERNS: tuple[Pattern, ...] = (
    # They hang up.
    says(
        "client_gone",
        r"ClientAbortException|AsyncRequestNotUsableException|org\.eclipse\.jetty\.io\.EofException",
        "clientabortexception",
        "asyncrequestnotusable",
        "jetty.io.eofexception",
    ),
    says(
        "client_gone", r"downstream_remote_disconnect|\bDC downstream", "downstream_remote", "dc downstream"
    ),
    says(
        "client_gone",
        r"\b(?:elb_status_code|ELB|ALB|status)\W{0,4}460\b|\bHTTP 460\b",
        "460",
        proxy="cloud",
    ),
    says(
        "client_gone",
        r"(?:Not Found|Exception happened during processing of request|Exception occurred)?.{0,40}"
        r"(?:^|\W)(?:BrokenPipeError|ConnectionAbortedError).{0,60}(?:wsgiref|socketserver|werkzeug|basehttp)",
        "brokenpipeerror",
        "connectionabortederror",
    ),
    says(
        "client_gone",
        r"(?:\bclient|\bdownstream|\bbrowser|\buser agent) (?:has )?(?:went away|hung up|abort"
        r"|cancel+ed|gave up)\w*",
        "client",
        "downstream",
        "browser",
        "user agent",
    ),
    says(
        "client_gone",
        r"\brequest (?:was )?(?:aborted|cancel+ed) by (?:the )?client",
        "by the client",
        "by client",
    ),
    says("client_gone", r"\b499s\b|\b499 (?:status|errors?|responses?|codes?)\b", "499"),
    # They send too much.
    says(
        "body_too_big",
        r"PayloadTooLargeError|MaxUploadSizeExceededException|SizeLimitExceededException"
        r"|RequestEntityTooLarge|EntityTooLarge\b|request entity too large|RequestBodyTooLarge"
        r"|RequestDataTooBig",
        "toolarge",
        "entity too large",
        "maxuploadsize",
        "sizelimitexceeded",
        "datatoobig",
    ),
    says(
        "body_too_big",
        r"POST Content-Length of (?P<bytes>\d+) bytes exceeds the limit|DATA_UPLOAD_MAX_MEMORY_SIZE"
        r"|exceeds (?:the )?(?:MaxRequestLen|LimitRequestBody|upload_max_filesize|maxAllowedContentLength)"
        r"|exceeds MaxRequestLen|Requested content-length of \d+ is larger than"
        r"|Request body no files data length is larger than|Maximum request length exceeded"
        r"|http: request body too large|Request body too large",
        "exceeds",
        "data_upload_max",
        "content-length of",
        "data length is larger",
        "request length exceeded",
        "body too large",
    ),
    says("body_too_big", r"HTTP 413\b|\berror(?: code)?:? 413\b|\b413 error\b", "413"),
    # They fail at TLS.
    _tls(
        rf"http: TLS handshake error from (?!{PRIVATE}\S* .{{0,20}}(?:first record|strict SNI"
        r"|missing server|remote error))\S+"
        r"(?!.{0,20}no certificates configured) .{1,120}",
        "tls handshake error from",
    ),
    _tls(r"(?:\S+/\d+|'\S+'): SSL handshake failure", "ssl handshake failure"),
    _tls(r"AH01996: SSL handshake failed: HTTP spoken", "ah01996"),
    _tls(r"AH0200[78]: SSL library error \d in handshake|AH02042", "ah020"),
    _tls(
        r"no cipher suites in common|Client requested protocol \S+ (?:is )?not enabled"
        r"|Received fatal alert: (?:certificate_unknown|bad_certificate)",
        "no cipher suites",
        "client requested protocol",
        "received fatal alert",
    ),
    # The far side's TLS, in words that are of no client.
    says(
        "tls_alert",
        r"Received fatal alert: (?P<alert>unrecognized_name|handshake_failure|internal_error)"
        r"|(?:tls|ssl)[\w: ]*(?:unrecognized|unrecognised)[ _]name",
        "received fatal alert",
        "unrecogni",
    ),
    says(
        "tls_unverified",
        r"(?P<reason>UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT"
        r"|CERT_HAS_EXPIRED|UNABLE_TO_GET_ISSUER_CERT\w*|PKIX path (?:building|validation) failed"
        r"|unable to find valid certification path"
        r"|RemoteCertificate(?:NameMismatch|ChainErrors))",
        "unable_to_verify",
        "self_signed",
        "cert_has_expired",
        "unable_to_get_issuer",
        "pkix path",
        "certification path",
        "remotecertificate",
    ),
    # While it waits for a request there is none that could be given up.
    says(
        "client_gone",
        r"client timed out \((?:110|145|60|10060)\b(?!.{0,160} while (?:waiting|keepalive|SSL hands))",
        "client timed out",
        proxy="nginx",
    ),
    # They ask too often; a host that asks a certificate authority or a registry too often is no client.
    says(
        "rate_limited",
        r"^(?!.*(?:\bacme\b|certbot|letsencrypt|pull rate limit|registry-1\.docker|docker pull))"
        r".*?(?P<what>local_rate_limited|rate_limited\b|API rate limit exceeded|\bblacklisting address \S+"
        r"|429 Too Many Requests|Rate limit exceeded|too many requests)",
        "rate_limited",
        "rate limit exceeded",
        "blacklisting address",
        "too many requests",
    ),
    says(
        "client_gone",
        r"starlette\.requests\.ClientDisconnect|\bClientDisconnect(?:ed)?\b",
        "clientdisconnect",
    ),
    says("answer_invalid", r"\bBadStatusLine\b|\bRemoteDisconnected\b(?=.{0,40}BadStatus)", "badstatusline"),
)
READERS: tuple[Reader, ...] = ()
