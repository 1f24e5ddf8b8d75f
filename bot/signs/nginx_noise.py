"""Lines of nginx that tell of no outage: warnings and notices of its daily work, clients that went away.

Source: ngx_http_request.c, ngx_http_request_body.c, ngx_http_static_module.c, ngx_http_upstream.c,
ngx_connection.c, ngx_event_openssl_stapling.c; PHP's error_log() over FastCGI.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}


def _noise(what: str, regex: str, *words: str) -> Pattern:
    return says("noise", regex, *words, what=what)


#: But of a health check, by which a balancer takes the server out.
_FORBIDDEN = r"access forbidden by rule(?!.{0,200} request: \"\w{3,8} /\S{0,80}health)"
PATTERNS: tuple[Pattern, ...] = (
    _noise(
        "a body or answer is buffered on disk", r"is buffered to a temporary file", "buffered to a temporary"
    ),
    _noise(
        "the app sends a header twice, of which one is ignored",
        r"upstream sent duplicate header line: .{0,700}?\", ignored\b",
        "upstream sent duplicate header",
    ),
    # ngx_http_log_request: the client has its answer by then.
    _noise(
        "something failed after the answer was sent", r" while logging request\b", "while logging request"
    ),
    _noise("two servers claim one name", r"conflicting server name \"", "conflicting server name"),
    _noise(
        "a file that is not there (404)",
        # ngx_http_static_module.c: a lesser level for a file of the site; nginx's own files weigh more.
        r"^(?!.*\[(?:emerg|alert|crit)\])(?!.* in /\S+:\d+\s*$).*?"
        r"(?:open|stat|CreateFile)\(\) \"(?!unix:)[^\"]+(?<!\.pid)\" failed \((?:2|20|3): ",
        "failed (2: ",
        "failed (3: ",
        "failed (20: ",
    ),
    _noise("a file that is not there (404)", r"\"[^\"]+\" is not found \(2: ", "is not found"),
    _noise(
        "a directory may not be listed (403)",
        r"directory index of \"[^\"]+\" is forbidden",
        "directory index of",
    ),
    _noise("nginx refuses a client (403)", _FORBIDDEN, "access forbidden by rule"),
    _noise(
        "a password is wrong (401)",
        r"user \"[^\"]*\"(?: was not found|: password mismatch)|no user/password was provided",
        "password",
        "was not found",
    ),
    _noise(
        "a request that is no HTTP",
        r"client sent (?:invalid|too long|HTTP/1\.1 request without)",
        "client sent",
    ),
    _noise(
        "a client went away",
        # That it was sending is a phase: what failed in it may be anything.
        r"while (?:keepalive|waiting for request), client"
        r"|(?:\((?:32|54|103|104|110|1005[34]|10060): .{0,60}|\bclient (?:prematurely |timed out).{0,60})"
        r" while sending (?:response )?to client",
        "while keepalive",
        "waiting for request",
        "to client",
    ),
    _noise(
        "a message of nginx's working",
        r"\[(?:notice|info|debug)\] \d+#\d+: |signal process started",
        "[notice]",
        "[info]",
        "[debug]",
        "signal process",
    ),
    _noise(
        "a directive that means nothing here",
        r"the \"user\" directive makes sense only|directive is deprecated"
        r"|\[warn\].{0,40}(?:is deprecated|protocol options redefined|duplicate MIME type"
        r"|low address bits|load balancing method redefined)",
        '"user" directive',
        "deprecated",
        "[warn]",
    ),
    _noise(
        "a stapled answer is missing",
        r"OCSP response(?:r)? .{0,60}|while requesting certificate status",
        "ocsp",
        "certificate status",
    ),
    _noise("a variable was empty", r"using uninitialized \"\w+\" variable", "using uninitialized"),
    _noise(
        "nginx's log goes elsewhere", r"send\(\) failed .{0,60}while logging to syslog", "logging to syslog"
    ),
    # error_log() of a script: nginx logs whatever comes on that stream as an error.
    _noise(
        "a message of the app's own, which nginx passes on",
        r"FastCGI sent in stderr: \"PHP message: (?!PHP )(?!.{0,2000}?(?:uncaught|fatal|exception|error\b"
        r"|fail|denied|refused|timed out|cannot|could not|unable|primary script))",
        "php message: ",
    ),
)
READERS: tuple[Reader, ...] = ()
