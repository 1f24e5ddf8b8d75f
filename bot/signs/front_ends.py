"""What front ends other than nginx say of their clients, their limits, themselves and their configuration.

Source: Apache docs "Log messages", core.c (.htaccess), mod_qos, mod_ratelimit; HTTP.sys and IIS request
filtering (404.13-15, 431), ARR 502.3 with WinHTTP errors (winhttp.h 12002, 12175); Kestrel CoreStrings.resx;
gunicorn http/errors.py and arbiter.py; h11; Undertow UndertowMessages.java; Tomcat mod_jk and AJP;
Traefik, Caddy, Envoy start-up errors; "awselb/2.0" and Google's statusDetails;
nginx ngx_http_special_response.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_EXCEPTION = r"(?:ConnectionReset|ConnectionAborted|OperationCanceled|BadHttpRequest)Exception"
PATTERNS: tuple[Pattern, ...] = (
    # Clients that hang up.
    says(
        "client_gone",
        rf"The client reset the request stream|The client has disconnected|{_EXCEPTION}: .{{0,40}}client"
        r"|Unexpected end of request content",
        "the client",
        "exception: ",
        "end of request content",
    ),
    says("client_gone", r"\[DEBUG\] Ignoring (?:EPIPE|connection reset|socket not connected)", "ignoring "),
    says(
        "client_gone",
        r"\(70008\)Partial results are valid|AH00574:|AH01095: prefetch request body failed",
        "(70008)",
        "ah00574",
        "ah01095",
        proxy="apache",
    ),
    says("client_gone", r"\bUnreadablePostError\b|- Broken pipe from \('", "unreadablepost", "broken pipe"),
    says(
        "client_gone",
        r"BadRequestError: request aborted|\bcode: '?ECONNABORTED\b.{0,40}request aborted",
        "request aborted",
    ),
    says(
        "client_gone",
        r"client_disconnected_before_any_response|client_disconnected_after_partial_response",
        "client_disconnected",
        proxy="cloud",
    ),
    # Heads and bodies that are too large.
    says(
        "request_too_big",
        r"size of the request headers is too long|Limit request headers fields?|limit request headers fields"
        r"|Request headers? (?:fields? )?too (?:long|large)|Request Header Or Cookie Too Large"
        r"|Receive buffer too long|Too many headers in request|RequestHeaderSectionTooLarge",
        "request header",
        "receive buffer too long",
        "too many headers",
        "sectiontoolarge",
    ),
    says(
        "request_too_big",
        r"ajp_msg_append_\w+\(\): BufferOverflowException|ajp_marshal_into_msgb (?:failed|- Error)"
        r"|AH00987: ajp_send_header",
        "ajp_",
        app="ajp",
    ),
    says(
        "body_too_big",
        r"request filtering module is configured to deny a request that exceeds the request content length"
        r"|\b404\.13\b"
        r"|client_max_body_size.{0,40}\b(?:exceed|too small|limit)|error code: 413\b"
        r"|FST_ERR_CTP_BODY_TOO_LARGE|LengthLimitError|length limit exceeded|FileTooLargeError"
        r"|MulterError: File too large",
        "request content length",
        "404.13",
        "client_max_body",
        "code: 413",
        "body_too_large",
        "lengthlimit",
        "length limit",
        "file too large",
        "filetoolarge",
    ),
    says(
        "header_too_big",
        r"(?:increas|rais|bump|larger|bigger|higher)\w* (?:the )?tune\.(?:bufsize|maxrewrite)"
        r"|tune\.(?:bufsize|maxrewrite)\b.{0,30}\b(?:help|fix|solv|makes it work|work)",
        "tune.",
    ),
    says(
        "header_too_big",
        r"HeadersTooLargeException|write more data to the response headers than there was room"
        r"|server response headers exceeded \d+ bytes|(?:proxy|response).{0,40}\bResponseFieldSize",
        "headerstoolarge",
        "response headers",
        "responsefieldsize",
    ),
    # Too often.
    says(
        "rate_limited",
        r"mod_qos\(\d+\): (?:access denied|connection)"
        r"|\bRack::Attack\b.{0,40}(?:throttl|block)|\bThrottled\b.{0,30}Expected available in"
        r"|\bratelimit(?:ing)?: .{0,20}(?:exceeded|denied)|ThrottlerException|\bError 1015\b",
        "mod_qos(",
        "rack::attack",
        "throttle",
        "ratelimit",
        "error 1015",
    ),
    # Too slow.
    says(
        "status",
        r"\bHTTP/\d(?:\.\d)? (?P<status>504) G(?:ATEWAY|ateway)[ _]T(?:IMEOUT|ime)",
        "504 gateway",
    ),
    says(
        "answer_timeout",
        r"\bbackend_timeout\b|\bresponse_timeout\b|\(?\b0x80072ee2\b|\b2147954402\b"
        r"|\bRequest to the upstream timed out",
        "backend_timeout",
        "response_timeout",
        "80072ee2",
        "2147954402",
        "upstream timed out",
        proxy="cloud",
    ),
    # The proxy's own.
    says(
        "proxy_own_error",
        r"\.htaccess: (?:Invalid command|.{0,80}not allowed here|RewriteRule|Option |without matching)",
        ".htaccess: ",
        what="htaccess",
    ),
    says(
        "config_invalid",
        r"(?P<text>failed to decode configuration from (?:flags|file).*|Error while building configuration.*"
        r"|Cannot start the provider \*file\.Provider.*|field not found, node: \S+"
        r"|Error occurred during watcher callback.*)",
        "decode configuration",
        "building configuration",
        "file.provider",
        "field not found, node",
        "watcher callback",
    ),
    says(
        "answer_invalid",
        r"AH0(?:2429|2430): Response header (?:name )?'(?P<header>[^']*)'.{0,80}invalid characters",
        "ah02429",
        "ah02430",
        proxy="apache",
    ),
    says(
        "proxy_crashed",
        # Not the place in its code that zerolog and zap put before a message.
        r"(?<!caller=)(?<!caller\":\")"
        r"github\.com/(?:traefik/traefik|containous/traefik|caddyserver/caddy)(?!\S*\.go:\d+ > )\S*"
        r"(?=.{0,80}(?:server|runtime|panic|\.go:\d+))",
        "github.com/traefik",
        "github.com/containous",
        "github.com/caddyserver",
    ),
    # FPM answers 403 to what it may not run or open: the path is another than meant.
    says(
        "script_unknown",
        r"Access to the script '(?P<path>[^']*)' has been denied \(see security\.limit_extensions\)",
        "security.limit_extensions",
    ),
    # Nothing of it is an outage.
    says("noise", r"Handling signal: winch", "signal: winch", what="a window's size changed"),
    says(
        "noise",
        r"worker process \d+ exited with code 0\b|signal \d+ \(SIG(?:CHLD|IO)\) received",
        "exited with code 0",
        "(sigchld)",
        "(sigio)",
        what="a message of nginx's working",
    ),
    says(
        "tls_unverified",
        r"Layer6 invalid response.{0,200}(?P<reason>certificate verify failed|unable to get (?:local )?issuer"
        r"(?: certificate)?|self[- ]signed certificate|certificate has expired|hostname mismatch)",
        "layer6 invalid",
    ),
    says("proxy_crashed", r"FATAL: bug condition \".{0,80}\" matched at src/", "bug condition"),
)
READERS: tuple[Reader, ...] = ()
