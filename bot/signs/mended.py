"""What mended it tells what it was: a remedy that a report names together with its success.

Source: each remedy's own manual (nginx's directives, sysctl names, options of app servers, commands); common
English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "mended_by": "somebody writes what mended it; fields: cause (which that remedy mends), what",
}
PATTERNS: tuple[Pattern, ...] = ()

#: Remedy -> the cause it mends. Only what mends one cause and hardly another.
_REMEDIES: Mapping[str, str] = {
    r"proxy_ssl_server_name|proxy_ssl_name": "tls_handshake_sni",
    r"(?:proxy|fastcgi|uwsgi)_buffer_?s?(?:_size)?\b|proxy-buffer-size|busy_buffers"
    r"|tune\.bufsize": "header_too_big",
    r"\bbuffer-size\b|max-http-header-size|maxHttpHeaderSize|LimitRequestFieldSize|limit_request_field_size"
    r"|large_client_header_buffers": "request_too_big_for_app",
    r"client_max_body_size|proxy-body-size|post_max_size|upload_max_filesize": "client_error_413",
    r"\bproxy_ssl_verify off\b|proxy_ssl_trusted_certificate|insecureSkipVerify|tls_insecure_skip_verify"
    r"|ssl_verify none": "tls_verify_failed",
    r"127\.0\.0\.1 instead of localhost|localhost (?:to|with|by) 127\.0\.0\.1|--dns-result-order"
    r"|\b(?:target|host\w*|url|upstream|address) (?:to|with|by) [`'\"]?127\.0\.0\.1"
    r"|disabling ipv6"
    r"|disabled ipv6": "ipv6_mismatch",
    r"(?:bind\w*|listen\w*|host)\b.{0,30}\b0\.0\.0\.0|--host[ =]0\.0\.0\.0|0\.0\.0\.0 instead of": (
        "bind_localhost_in_container"
    ),
    r"host\.docker\.internal|(?:service|container)(?:'s)? name instead of (?:localhost|127\.0\.0\.1)"
    r"|(?:localhost|127\.0\.0\.1) (?:to|with|by) (?:the )?(?:service"
    r"|container)": "loopback_in_proxy_container",
    r"keepAliveTimeout|keep-?alive[_ ]?timeout|proxy_http_version 1\.1|http-reuse never|disabl\w+ keep-?alive"
    r"|headersTimeout": "keepalive_race_reset",
    r"proxy_read_timeout|fastcgi_read_timeout|proxy-read-timeout": "http_504_timeout",
    r"gunicorn.{0,20}--timeout|--timeout \d+.{0,20}gunicorn|worker timeout|harakiri": (
        "upstream_timeout_worker_kill"
    ),
    r"pm\.max_children|max_children": "php_fpm_exhausted",
    r"somaxconn|\bbacklog\b|listen queue|--listen \d+": "backlog_full",
    r"\bworker_connections\b": "worker_connections",
    r"worker_rlimit_nofile|LimitNOFILE|ulimit -n|\bnofile\b": "fd_limit",
    r"listen\.(?:owner|group|mode)|chmod-socket|\bumask\b|chmod \S*7\d\d|usermod -a?G|gpasswd -a": (
        "socket_permission"
    ),
    r"(?:rais|increas|more|add|doubl)\w*\b.{0,20}\b(?:memory|ram|swap)\b": "oom_kill",
    r"(?:https|http) instead of (?:https|http)\b|backend-protocol|grpc_pass|(?:uwsgi|fastcgi"
    r"|proxy)_pass instead of"
    r"|--http-socket|http-socket instead": "protocol_mismatch",
    r"\bdepends_on\b|service_healthy|wait-for-it|dockerize -wait": "host_not_found_at_start",
    r"(?:delet|remov)\w*\b.{0,30}(?:\.pid\b|pid ?file|\.sock\b|socket file"
    r"|lock ?file)": "stale_pid_or_socket",
    r"(?:free|clean|prun|delet)\w*\b.{0,20}\b(?:disk|space|docker system prune|logs?)\b": "disk_full",
    r"SCRIPT_FILENAME": "http_404_script_unknown",
    r"\bmax_fails=0|max_fails\b": "no_live_upstreams",
    r"\bdaemon-reload\b|\bWorkingDirectory\b|\bExecStart\b": "systemd_unit_error",
    r"(?:php artisan|rails|rake|manage\.py|alembic|prisma|flyway).{0,20}migrat": "migration_failure",
    r"(?:(?:re)?start|enabl|install)\w*\b.{0,12}\bphp\S{0,6}-?fpm": "php_fpm_down",
    r"\b(?:selector|targetPort)\b": "k8s_service_mismatch",
    r"\bresolver 127\.0\.0\.11|resolver .{0,20}valid=": "dns_stale",
}
_REMEDY = re.compile("|".join(f"(?P<_{at}>{text})" for at, text in enumerate(_REMEDIES)), re.IGNORECASE)
_MENDS = re.compile(
    r"\b(?:fix(?:ed|es)|solv(?:ed|es)|resolv(?:ed|es)|helped|helps|did the trick|works? (?:now|again"
    r"|after|if|when|with)|went away"
    r"|goes away|cured|makes? it work|made it work|is gone|working now|now works?)\b"
    r"|, it works\b(?! (?:if|only|when|but))",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\bnot\b|n't\b|\bno (?:change|effect|difference|luck)\b|\bneither\b|\bstill\b|\bwithout success\b", re.I
)


_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@given(_MENDS, _REMEDY)
def _mended(piece: Piece) -> Iterator[Sign]:
    """One sign for each sentence with a remedy and its success, and no denial."""
    for line in piece.text.split("\n"):
        if len(line) > 1000 or not _MENDS.search(line):
            continue
        for said in _SENTENCE.split(line):
            remedy = _REMEDY.search(said)
            if remedy is None or not _MENDS.search(said) or _NOT.search(said):
                continue
            at = int((remedy.lastgroup or "_0")[1:])
            cause = list(_REMEDIES.values())[at]
            yield Sign(kind="mended_by", line=said.strip(), fields={"cause": cause, "what": remedy[0]})


READERS: tuple[Reader, ...] = (_mended,)
