"""nginx about itself and its clients: limits, disks, start and reload, what the client did, mere noise.

Source: ngx_connection.c, ngx_event_accept.c, ngx_cycle.c, ngx_conf_file.c, ngx_inet.c, ngx_process_cycle.c,
ngx_http_request.c, ngx_http_request_body.c, ngx_http_limit_req_module.c, ngx_http_limit_conn_module.c,
ngx_http_core_module.c, ngx_http_auth_request_module.c, ngx_event_openssl.c; lua-nginx-module.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "proxy_own_error": "nginx fails a request by itself (500), the upstream has no part in it; fields: what",
    "body_too_big": "nginx refuses a request's body for its size (413); fields: bytes, path",
    "rate_limited": "nginx limits requests or connections (503, 429); fields: what, zone",
    "client_tls": "the client's side of TLS failed; fields: reason",
    "nginx_not_running": "a reload or stop found no nginx to signal; fields: what",
    "nginx_start_failed": "nginx did not start; fields: what",
    "reload_failed": "a reload was refused, nginx goes on with the old configuration; fields: what",
    "nginx_worker_stays": "an old worker of nginx has not ended after a reload; fields: what",
    "reload_told": "how nginx is told to read its files anew; fields: what",
    "sporadic": "somebody writes that it happens only now and then; fields: what",
    "conn_reused": "a pooled connection was taken, or closed as it was taken; fields: what",
    "own_file_denied": "nginx may not open one of its own files; fields: path",
}
_NX = {"proxy": "nginx", "who": "nginx"}
_WHO = {"who": "nginx"}
_NGINX = (
    r"(?:\[(?:crit|alert|error|emerg|warn)\]|accept4?\(\)|socket\(\)|open\(\)|eventfd\(\)|epoll_create\(\))"
)
_FILES = r"(?:24: |23: |10024: )?(?:Too many open files|No file descriptors available)"


def _noise(what: str, regex: str, *words: str) -> Pattern:
    return says("noise", regex, *words, what=what)


def _own(what: str, regex: str, *words: str) -> Pattern:
    return says("proxy_own_error", regex, *words, what=what)


def _client_tls(regex: str, *words: str) -> Pattern:
    return says("client_tls", regex, *words)


PATTERNS: tuple[Pattern, ...] = (
    # Limits.
    says(
        "connections_limit",
        r"(?:(?P<limit>\d+) )?worker_connections are (?:not enough|more than)",
        "worker_connections are",
    ),
    says(
        "connections_limit",
        r"(?P<limit>\d+) worker_connections exceed open file",
        "worker_connections exceed",
    ),
    says("fd_limit", rf"{_NGINX}.*\(?{_FILES}", "too many open files", "no file descriptors", **_WHO),
    says("fd_limit", rf"failed \({_FILES}", "too many open files", "no file descriptors", **_WHO),
    says(
        "no_memory",
        r"(?:malloc|fork|mmap|posix_memalign)\(\S*\) .{0,30}failed \(12: ",
        "failed (12: ",
        **_WHO,
    ),
    # Full file systems, whoever says so.
    says(
        "disk_full",
        r"\"(?P<path>/[^\"]+)\" (?:\w+ )?failed \(28: No space left on device",
        "no space left on device",
        "(28:",
        **_WHO,
    ),
    says(
        "disk_full",
        r"(?:No space left on device|\bENOSPC\b|\[Errno 28\]|Errcode: 28\b|os error 28\b"
        r"|There is not enough space on the disk|Disk quota exceeded|disk full|disk is full)",
        "no space left",
        "enospc",
        "errno 28",
        "errcode: 28",
        "os error 28",
        "not enough space on the disk",
        "disk quota exceeded",
        "disk full",
        "disk is full",
    ),
    says(
        "inodes_full", r"(?:out of inodes|no (?:free )?inodes (?:left|available)|run out of inodes)", "inodes"
    ),
    # Configuration.
    says(
        "config_invalid",
        r"\[emerg\](?! .{0,30}(?:bind\(\)|still could not bind|host not found in upstream|listen\(\)))"
        r"(?:.*?(?P<text>(?:unknown|invalid|duplicate|unexpected|cannot|no |\").{0,160}?))?"
        r"(?: in (?P<file>/?[^\s:]+:\d+))",
        "[emerg]",
    ),
    says(
        "config_invalid",
        r"\[emerg\].{0,20}(?P<text>(?:open|SSL_\w+|PEM_\w+|BIO_\w+|mkdir|getpwnam|getgrnam|dlopen"
        r"|chown)\(.{1,120}failed.*)",
        "[emerg]",
    ),
    says(
        "config_invalid",
        r"\[emerg\].{0,20}(?P<text>(?:cannot load|no \"?(?:ssl_certificate|events|servers|port)"
        r"|unknown|invalid|unexpected|could not build|module \"|duplicate|the shared memory|SSL_).*)",
        "[emerg]",
    ),
    says("config_invalid", r"nginx: configuration file (?P<file>\S+) test failed", "test failed"),
    says(
        "config_invalid",
        r"(?:configuration file \S+ test failed|nginx.{0,40}(?:config"
        r"|configuration) (?:test )?(?:is invalid|failed|error))",
        "test failed",
        "nginx",
    ),
    says(
        "config_invalid",
        r"(?P<text>(?:unknown directive \"[^\"]+\"|directive \"[^\"]+\" (?:is not terminated"
        r"|has no opening|is not allowed)"
        r"|\"\w+\" directive (?:is not allowed here|is duplicate|invalid value)"
        r"|invalid number of arguments in"
        r"|unexpected end of file, expecting)).{0,40} in (?P<file>\S+:\d+)",
        "directive",
        "arguments in",
        "end of file",
    ),
    says(
        "config_invalid",
        r"\A\W*(?:\w+: )?(?P<text>unknown directive \"[^\"]+\"|unexpected end of file, expecting \""
        r"|invalid parameter \""
        r"|directive \"\w+\" is not terminated by|unknown \"\w+\" variable|duplicate (?:upstream"
        r"|location) \")",
        "unknown",
        "unexpected end",
        "invalid parameter",
        "is not terminated",
        "duplicate",
    ),
    says("config_valid", r"configuration file \S+ test is successful", "test is successful"),
    says("config_valid", r"nginx: the configuration file \S+ syntax is ok", "syntax is ok"),
    # Start, reload, end.
    says(
        "port_taken",
        r"bind\(\) to (?P<address>\S*?):(?P<port>\d+) failed \((?:98|48|10048|125"
        r"|10013)?:?.{0,40}(?:in use|only one usage|forbidden)",
        "bind()",
        **_WHO,
    ),
    says("port_taken", r"bind\(\) to (?P<path>unix:\S+) failed \((?:98|48):", "bind()", **_WHO),
    says("nginx_start_failed", r"(?P<what>bind\(\) to \S+ failed \([^)]*\))", "bind()"),
    says("nginx_start_failed", r"(?P<what>still could not bind\(\))", "still could not bind"),
    says(
        "nginx_start_failed",
        r"(?:(?:Failed to start|start of) (?:nginx|The nginx|A high performance web server)"
        r"|nginx\.service: (?:Failed|Control process exited|Main process exited)"
        r"|nginx(?:\.service)? failed to start|Job for nginx\.service failed)",
        "nginx",
        "a high performance",
    ),
    says("nginx_not_running", r"open\(\) \"\S*nginx\S*\.pid\" failed \(2: ", ".pid"),
    says("nginx_not_running", r"(?P<what>invalid PID number \"[^\"]*\" in \"[^\"]+\")", "invalid pid number"),
    says("nginx_not_running", r"kill\(\d+, \d+\) failed \(3: No such process", "no such process"),
    says(
        "nginx_not_running",
        r"nginx(?:\.service)? is not (?:active|running)",
        "is not active",
        "is not running",
    ),
    says(
        "nginx_worker_stays",
        r"worker process is shutting down|nginx: worker process is shutting",
        "is shutting down",
    ),
    says(
        "reload_failed",
        r"(?P<what>(?:Reload failed for|nginx reload failed|Failed to reload nginx"
        r"|Error reloading NGINX|error reloading nginx).*)",
        "reload",
    ),
    says(
        "own_file_denied",
        r"\[(?:emerg|alert)\].{0,20}(?:open|mkdir"
        r"|could not open error log file: open)\(\) \"(?P<path>[^\"]+)\" failed \(13: ",
        "(13: permission denied",
    ),
    says(
        "reload_failed",
        r"(?P<what>Error sending signal to container.*|Unable to (?:signal|reload|restart) .{0,30}nginx.*"
        r"|Error (?:running|executing) notify command.*|nginx reload .{0,20}failed.*)",
        "error sending signal",
        "unable to",
        "notify command",
        "reload",
    ),
    says(
        "reload_told",
        r"(?P<what>-notify(?:-sighup|-container)?\s+\S+|kill -s (?:HUP|SIGHUP)|nginx -s reload"
        r"|systemctl reload nginx|service nginx reload)",
        "-notify",
        "kill -s",
        "reload",
    ),
    says(
        "sporadic",
        r"(?P<what>\b(?:sporadic|intermittent|occasional|random)(?:ly)?\b|\bfrom time to time\b"
        r"|\bnow and then\b"
        r"|\bonce in a while\b|\b(?:around|about|roughly|~) ?\d{1,2}(?:\.\d+)? ?% of (?:the |all )?requests\b"
        r"|\bone in (?:a|every) \w+\b|\bevery (?:few|couple of) (?:minutes|requests)\b|\bunder low traffic\b"
        r"|\bafter (?:being )?idle\b|\bon the second request\b|\bevery other request\b)",
        "sporadic",
        "intermittent",
        "occasional",
        "random",
        "from time to time",
        "now and then",
        "once in a while",
        "% of",
        "one in",
        "every ",
        "low traffic",
        "idle",
        "second request",
    ),
    says(
        "conn_reused",
        r"(?P<what>using existing connection|reusing (?:a |an )?(?:existing |idle |pooled )?connection"
        r"|reused connection|server closed idle connection|connection (?:was )?reused"
        r"|http: server closed|stale connection|keep-?alive (?:race|connection (?:was )?closed))",
        "using existing",
        "reus",
        "closed idle",
        "server closed",
        "stale connection",
        "keep",
    ),
    # nginx's own errors on a request.
    _own("cycle", r"rewrite or internal redirection cycle", "redirection cycle"),
    _own(
        "subrequests",
        r"(?:subrequests|request) (?:cycle|processing loop)|too many (?:nested )?subrequests",
        "cycle",
        "subrequests",
    ),
    _own("auth", r"auth request unexpected status: \d+", "auth request unexpected"),
    _own(
        "proxy_pass",
        r"invalid URL prefix in \"|invalid port in upstream|no port in upstream \""
        r"|no host in upstream|invalid host in upstream|empty URL in",
        "url prefix",
        'upstream "',
        "in upstream",
        "empty url",
    ),
    _own(
        "lua",
        r"(?:lua entry thread aborted|failed to (?:run|load) (?:inlined|external)? ?\S*_by_lua"
        r"|lua .{0,20}runtime error|attempt to (?:index|call|concatenate|perform arithmetic))",
        "lua",
        "attempt to",
    ),
    _own("njs", r"js exception: ", "js exception"),
    _own("location", r"could not find named location", "named location"),
    _own(
        "temporary",
        r"(?:open|mkdir|pwrite)\(\) \"\S*(?:client_body|client_temp|client-body)\S*\" failed \((?:13|2|30): ",
        "client_body",
        "client_temp",
        "client-body",
    ),
    _own("regex", r"pcre_exec\(\) failed: -", "pcre_exec"),
    _own("rewritten", r"the rewritten URI has a zero length|zero length URI", "zero length"),
    # The client.
    says(
        "body_too_big",
        r"client intended to send too large (?:chunked )?body(?:: (?P<bytes>\d+) bytes)?"
        r"(?:.*?request: \"[A-Z]+ (?P<path>[^\s?\"]+))?",
        "too large body",
        "too large chunked body",
    ),
    says(
        "body_too_big", r"413 (?:Request Entity Too Large|Payload Too Large|Content Too Large)", "too large"
    ),
    says(
        "rate_limited",
        r"(?P<what>limiting requests|limiting connections"
        r"|delaying request)(?:.{0,60}by zone \"(?P<zone>[^\"]+))?",
        "limiting ",
        "delaying request",
    ),
    says(
        "client_gone",
        r"client (?:\S+ )?(?:prematurely )?closed (?:keepalive )?connection(?! while (?:waiting|keepalive))",
        "closed connection",
        "closed keepalive",
        proxy="nginx",
    ),
    says(
        "client_gone",
        r"upstream prematurely.{0,40}client prematurely|epoll_wait\(\) reported that client prematurely",
        "client prematurely",
        proxy="nginx",
    ),
    says("client_gone", r"client timed out \((?:110|60)", "client timed out", proxy="nginx"),
    _client_tls(
        r"(?P<reason>SSL_do_handshake\(\) failed .*?) while SSL handshaking, client",
        "while ssl handshaking, client",
    ),
    _client_tls(
        r"peer closed connection in SSL handshake.{0,60}while SSL handshaking(?:, client|\Z)",
        "ssl handshaking",
    ),
    _client_tls(
        r"(?P<reason>SSL_(?:read|write|shutdown"
        r"|do_handshake)\(\) failed.*?)while (?:waiting for request|keepalive|reading client"
        r"|closing request|processing HTTP/2|sending to client|SSL handshaking, client)",
        "ssl_",
    ),
    _client_tls(
        r"(?P<reason>client sent (?:plain HTTP request to HTTPS port|no required SSL certificate"
        r"|invalid .{0,20}SSL))|client SSL certificate verify error",
        "client sent",
        "client ssl certificate",
    ),
    # Nothing of it is an outage.
    _noise(
        "a body or answer is buffered on disk", r"is buffered to a temporary file", "buffered to a temporary"
    ),
    _noise("two servers claim one name", r"conflicting server name \"", "conflicting server name"),
    _noise(
        "a file that is not there (404)",
        r"(?:open|stat)\(\) \"(?!unix:)[^\"]+\" failed \((?:2|20): ",
        "failed (2: ",
        "failed (20: ",
    ),
    _noise("a file that is not there (404)", r"\"[^\"]+\" is not found \(2: ", "is not found"),
    _noise(
        "a directory may not be listed (403)",
        r"directory index of \"[^\"]+\" is forbidden",
        "directory index of",
    ),
    _noise("nginx refuses a client (403)", r"access forbidden by rule", "access forbidden by rule"),
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
        r"while (?:keepalive|waiting for request), client|while sending (?:response )?to client",
        "while keepalive",
        "waiting for request",
        "to client",
    ),
    _noise(
        "a message of nginx's working",
        r"\[(?:notice|info|debug)\] \d+#\d+: |signal process started|gracefully shutting down",
        "[notice]",
        "[info]",
        "[debug]",
        "signal process",
        "gracefully",
    ),
    _noise(
        "a directive that means nothing here",
        r"the \"user\" directive makes sense only|directive is deprecated"
        r"|\[warn\].{0,40}(?:is deprecated|protocol options redefined|duplicate MIME type"
        r"|could not build optimal|low address bits|load balancing method redefined|ssl_stapling\" ignored)",
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
)
READERS: tuple[Reader, ...] = ()
