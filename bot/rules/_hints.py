"""Words that lean towards a cause where nothing else in a text says anything; never more than possible."""

import re
from collections.abc import Mapping

_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"crash ?loop|back-?off restarting|failed to (?:boot|start)",
        ("app_crash_startup", "migration_failure", "oom_kill"),
    ),
    (r"failed at step|bad unit file|unit file", ("systemd_unit_error", "exec_missing", "permission_user")),
    (r"\(deleted\)|old (?:release|process|worker)", ("stale_process_after_deploy", "deploy_bad_release")),
    (
        r"only supports http\b|bad request version|client_hello|tls record",
        ("protocol_mismatch", "client_side_tls_noise"),
    ),
    (
        r"out ?of ?memory|oom|sigkill|exit(?:ed)? (?:code )?\(?137",
        ("oom_kill", "memory_rlimit", "app_crash_runtime"),
    ),
    (r"heap|memory (?:limit|leak|exhausted)", ("app_crash_runtime", "oom_kill", "memory_rlimit")),
    (
        r"sig(?:segv|abrt|bus)|segfault|core dumped|signal (?:11|6|7)\b",
        ("premature_close_crash", "proxy_bug"),
    ),
    (r"no space|disk (?:is )?full|\b100% /|enospc", ("disk_full", "inode_full")),
    (r"selinux|avc:|setsebool|httpd_can_network|apparmor", ("selinux_denied", "socket_permission")),
    (
        r"certificate|x509|\bca\b.*verify|self.signed",
        ("tls_verify_failed", "tls_handshake_sni", "nginx_config_invalid"),
    ),
    (
        r"\bsni\b|server_name.*ssl|handshake|unrecognized name",
        ("tls_handshake_sni", "protocol_mismatch", "tls_verify_failed"),
    ),
    (
        r"wrong version|plain http|ssl23_|https?-?\s?(?:backend|proto)|backend-protocol",
        ("protocol_mismatch", "tls_handshake_sni"),
    ),
    (r"migrat|schema|revision|flyway|alembic", ("migration_failure", "app_crash_startup", "not_ready_yet")),
    (
        r"no such file or directory.*\.sock|\.sock(?:et)?\b.*(?:missing|not found|no such)",
        ("socket_missing", "php_fpm_down"),
    ),
    (
        r"permission denied.*sock|sock.*permission denied|srw[x-]{7}|chmod|umask",
        ("socket_permission", "selinux_denied"),
    ),
    (
        r"pid ?file|\.pid\b|already running|stale",
        ("stale_pid_or_socket", "port_conflict", "reload_not_applied"),
    ),
    (r"in use|eaddrinuse|already allocated", ("port_conflict", "stale_pid_or_socket")),
    (
        r"max_children|\bpm\.|all (?:workers|children) (?:are )?busy|\bpool\b",
        ("php_fpm_exhausted", "app_hang", "backlog_full"),
    ),
    (r"backlog|listen queue|somaxconn|resource temporarily", ("backlog_full", "php_fpm_exhausted")),
    (
        r"harakiri|worker timeout|execution timed out|timeout.*kill",
        ("upstream_timeout_worker_kill", "http_504_timeout"),
    ),
    (
        r"targetport|containerport|serviceport|endpoints?\b|selector|\bsvc\b",
        ("k8s_service_mismatch", "wrong_port", "not_ready_yet"),
    ),
    (
        r"readiness|not ready|starting|waiting for|warm.?up",
        ("not_ready_yet", "app_crash_startup", "upstream_down"),
    ),
    (r"\[::1?\]|ipv6|\blocalhost\b.*::1|::1", ("ipv6_mismatch", "upstream_down", "wrong_port")),
    (
        r"networks?:|network (?:create|connect|inspect)|bridge",
        ("docker_network_mismatch", "dns_unresolved", "wrong_address"),
    ),
    (
        r"host\.docker\.internal|(?:proxy_pass|server|url|target)\W.{0,20}(?:localhost|127\.0\.0\.1)",
        ("loopback_in_proxy_container", "wrong_port", "upstream_down"),
    ),
    (
        r"\bresolv|lookup|nxdomain|enotfound|no such host|\bdns\b",
        ("dns_unresolved", "dns_stale", "docker_network_mismatch"),
    ),
    (
        r"iptables|firewall|ufw|security group|no route|unreachable",
        ("firewall_or_no_route", "wrong_address", "dns_stale"),
    ),
    (
        r"upgrad|downgrad|since (?:the )?(?:update|version)|rollback|new (?:release|version)",
        ("deploy_bad_release", "proxy_bug", "app_crash_startup"),
    ),
    (
        r"keep-?alive|idle|reset by peer|broken pipe|\beof\b|econnreset",
        ("keepalive_race_reset", "premature_close_crash"),
    ),
    (
        r"set-cookie|cookies?\b.{0,40}(?:\bkb\b|large|big|many|size)|many groups|\bsaml\b|oauth\S* callback",
        ("header_too_big", "request_too_big_for_app", "app_500"),
    ),
    (
        r"header.{0,40}(?:large|big|size|buffer)|buffer.?size",
        ("header_too_big", "request_too_big_for_app", "invalid_header"),
    ),
    (
        r"transfer-encoding|content-length|invalid header|malformed",
        ("invalid_header", "protocol_mismatch", "proxy_bug"),
    ),
    (r"\b413\b|entity too large|body.{0,10}(?:large|big|size)", ("client_error_413", "header_too_big")),
    (
        r"\b499\b|client (?:closed|disconnected|abort)|context canceled",
        ("client_closed_499", "http_504_timeout"),
    ),
    (r"\b429\b|limit_(?:req|conn)|rate.?limit", ("rate_limited_503",)),
    (
        r"\b504\b|gateway time-?out|timed? ?out|timeout",
        ("http_504_timeout", "app_hang", "firewall_or_no_route"),
    ),
    (r"primary script|file not found|script_filename|\b404\b", ("http_404_script_unknown", "wrong_address")),
    (
        r"traceback|exception|fatal error|uncaught|stack ?trace",
        ("app_crash_startup", "app_500", "deploy_bad_release"),
    ),
    (r"\b500\b|internal server error", ("app_500", "proxy_500_not_502")),
    (
        r"executable|command not found|no such file.*bin/|exec format",
        ("exec_missing", "systemd_unit_error", "app_crash_startup"),
    ),
    (r"\[emerg\]|configuration|directive|nginx -t", ("nginx_config_invalid", "host_not_found_at_start")),
    (r"php|fpm", ("php_fpm_down", "socket_missing", "socket_permission")),
    (r"\bport\b|:\d{2,5}\b|listen", ("wrong_port", "upstream_down", "wrong_address")),
    (r"\b50[23]\b|bad gateway|unavailable|refused", ("upstream_down", "wrong_port", "app_crash_startup")),
)
HINTS: Mapping[re.Pattern[str], tuple[str, ...]] = {
    re.compile(regex, re.IGNORECASE): causes for regex, causes in _HINTS
}


def hinted(lines: tuple[str, ...]) -> dict[str, str]:
    """Cause -> the first line that leans towards it, the strongest hint first; at most three."""
    found: dict[str, str] = {}
    for pattern, causes in HINTS.items():
        line = next((one for one in lines if pattern.search(one[:2000])), None)
        if line is not None:
            for cause in causes:
                found.setdefault(cause, line.strip())
        if len(found) >= _MOST:
            break
    return dict(list(found.items())[:_MOST])


_MOST = 3
