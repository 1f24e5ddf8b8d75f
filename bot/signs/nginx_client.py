"""nginx's own failures of a request, and its clients; what tells of no outage is in nginx_noise.py.

Source: ngx_http_request.c, ngx_http_request_body.c, ngx_http_core_module.c, ngx_http_auth_request_module.c,
ngx_http_limit_req_module.c, ngx_http_limit_conn_module.c, ngx_http_static_module.c, ngx_event_openssl.c,
ngx_connection.c ngx_drain_connections; lua-nginx-module, njs.
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
    "sporadic": "somebody writes that it happens only now and then; fields: what",
    "reload_mended": "somebody writes that a reload or restart of nginx mends it; fields: what, "
    "of (both: the app was restarted, too)",
    "address_moved": "a container was made anew, or its address changed; fields: what",
    "conn_reused": "a pooled connection was taken, or closed as it was taken; fields: what",
}


def _own(what: str, regex: str, *words: str) -> Pattern:
    return says("proxy_own_error", regex, *words, what=what)


def _client_tls(regex: str, *words: str) -> Pattern:
    return says("client_tls", regex, *words)


PATTERNS: tuple[Pattern, ...] = (
    # nginx's own errors on a request.
    _own("cycle", r"rewrite or internal redirection cycle", "redirection cycle"),
    _own(
        "subrequests",
        r"(?:subrequests|request) (?:cycle|processing loop)|too many (?:nested )?subrequests",
        "cycle",
        "subrequests",
    ),
    # A 5xx is the failure of the upstream that was asked for leave.
    # ngx_http_auth_request_module: a 413 within the subrequest is no 2xx, 401 or 403, so the answer is 500.
    _own("auth", r"client intended to send too large .{0,400}?\bsubrequest: \"", "subrequest: "),
    _own("auth", r"auth request unexpected status ?: (?!5)\d+", "auth request unexpected"),
    _own(
        "proxy_pass",
        r"(?!.*\bin /\S+:\d+\s*$)(?:invalid URL prefix in \"|invalid port in upstream|no port in upstream \""
        r"|no host in upstream|invalid host in upstream|empty URL in)",
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
        r"^(?!.{0,80}\[emerg\]).*?(?:open|mkdir|pwrite)\(\) "
        r"\"\S*(?:client_body|client_temp|client-body|/body/\d)\S*\" failed \((?:13|2|30): ",
        "client_body",
        "client_temp",
        "client-body",
        "/body/",
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
        r"client (?:\S+ )?(?:prematurely )?closed connection(?! while (?:waiting|keepalive|SSL hands))",
        "closed connection",
        proxy="nginx",
    ),
    says(
        "client_gone",
        r"upstream prematurely.{0,40}client prematurely|epoll_wait\(\) reported that client prematurely",
        "client prematurely",
        proxy="nginx",
    ),
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
    # What people write of it.
    says(
        "reload_mended",
        r"(?P<what>\b(?:restart|reload)(?:ing|ed)? (?:of )?(?:the )?[`'\"]?"
        r"(?:nginx|(?:reverse[- ])?proxy|gateway)\b"
        r"(?:(?!\bnot\b|n't\b).){0,40}\b(?:fix|solv|help|work(?!er)|mend|resolv)"
        r"|\b(?:fixed|solved|works|working|goes away|back)\b(?: again)? (?:after|by|when|once|until)"
        r"(?: I| we)? ?(?:a )?(?:restart|reload)(?:ing|ed)? (?:of )?(?:the )?nginx)",
        "restart",
        "reload",
    ),
    says(
        "address_moved",
        r"(?P<what>\bwatchtower\b|\bforce-recreate\b|\bRecreat(?:ing|ed) (?!with )\S+|\bwas recreated\b"
        r"|\b(?:old|stale|previous|outdated) IP\b|\bIP (?:address )?(?:has |was |is )?chang(?:ed|es"
        r"|ing)\b|\bnew IP\b"
        r"|\bwrong IP\b)",
        "watchtower",
        "recreat",
        " ip",
    ),
    says(
        "sporadic",
        r"(?P<what>\b(?:sporadic|intermittent|occasional|random)(?:ly)?\b|\bfrom time to time\b"
        r"|\bnow and then\b|\b(?:several|a few|many|\d+) times (?:a|per|each) (?:day|hour|week|minute)\b"
        r"|\bonce in a while\b|\b(?:around|about|roughly|~) ?\d{1,2}(?:\.\d+)? ?% of (?:the |all )?requests\b"
        r"|\bone in (?:a|every) \w+\b|\bevery (?:few|couple of) (?:minutes|requests)\b|\bunder low traffic\b"
        r"|\bafter (?:being )?idle\b|\bon the second request\b|\bevery other request\b)",
        "sporadic",
        "intermittent",
        "occasional",
        "random",
        "from time to time",
        "now and then",
        " times a ",
        " times per ",
        " times each ",
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
        # For want of worker_connections nginx reuses a client's.
        r"(?P<what>using existing connection|(?<!not enough, )reusing (?:a |an )?(?:existing |idle |pooled )?"
        r"connection"
        r"|reused connection|server closed idle connection|connection (?:was )?reused"
        r"|http: server closed|stale connection|keep-?alive (?:race|connection (?:was )?closed))",
        "using existing",
        "reus",
        "closed idle",
        "server closed",
        "stale connection",
        "keep",
    ),
)
READERS: tuple[Reader, ...] = ()
