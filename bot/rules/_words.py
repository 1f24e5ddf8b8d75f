"""Words in lines that no table of wordings reads, and the causes they lean towards, in points.

They are weaker than signs: a word says what somebody thought of, a sign what a program met. Points as in
`_leanings.py`. Source: the programs' manuals and the common English of reports.
"""

import re
from collections.abc import Mapping

from bot.rules import _words_of_states
from bot.rules._leaning import Row, leans

_WORDS: tuple[Row, ...] = (
    leans(
        r"crash ?loop|back-?off restarting|failed to (?:boot|start)",
        app_crash_startup=12,
        migration_failure=3,
        oom_kill=3,
    ),
    leans(
        r"failed at step|bad unit file|unit file|\bExecStart\b|WorkingDirectory",
        systemd_unit_error=12,
        exec_missing=6,
        permission_user=4,
    ),
    leans(
        r"\(deleted\)|old (?:release|process|worker)s?\b", stale_process_after_deploy=14, deploy_bad_release=4
    ),
    leans(
        r"only supports http\b|bad request version|client_hello|tls record",
        protocol_mismatch=14,
        client_side_tls_noise=5,
    ),
    leans(
        r"out ?of ?memory|\boom\b|sigkill|exit(?:ed)? (?:with )?(?:code )?\(?137",
        oom_kill=14,
        memory_rlimit=5,
        app_crash_runtime=4,
    ),
    leans(r"\bheap\b|memory (?:limit|leak|exhausted)", app_crash_runtime=10, oom_kill=7, memory_rlimit=6),
    leans(
        r"sig(?:segv|abrt|bus)\b|segfault|segmentation|core dumped|signal (?:11|6|7)\b",
        premature_close_crash=14,
        proxy_bug=4,
        app_crash_runtime=5,
    ),
    leans(
        r"no space|disk (?:is )?full|\b100% /|enospc(?!.{0,80}watch)|disk usage", disk_full=14, inode_full=5
    ),
    leans(r"selinux|\bavc:|setsebool|httpd_can_network|apparmor", selinux_denied=14, socket_permission=3),
    leans(
        r"certificate|x509|\bca\b.*verify|self.signed",
        tls_verify_failed=10,
        tls_handshake_sni=4,
        nginx_config_invalid=2,
    ),
    leans(
        r"\bsni\b|server_name.*ssl|handshake|unrecognized name",
        tls_handshake_sni=12,
        protocol_mismatch=6,
        tls_verify_failed=4,
    ),
    leans(
        r"wrong version|plain http|ssl23_|https?-?\s?(?:backend|proto)|backend-protocol",
        protocol_mismatch=12,
        tls_handshake_sni=4,
    ),
    leans(
        r"migrat|schema|revision|flyway|alembic|liquibase",
        migration_failure=10,
        app_crash_startup=4,
        not_ready_yet=4,
        deploy_bad_release=2,
    ),
    leans(
        r"no such file or directory.*\.sock|\.sock(?:et)?\b.*(?:missing|not found|no such)",
        socket_missing=12,
        php_fpm_down=5,
    ),
    leans(
        r"permission denied.*sock|sock.*permission denied|srw[x-]{7}|chmod|umask|listen\.(?:owner|mode)",
        socket_permission=12,
        selinux_denied=3,
    ),
    leans(
        r"pid ?file|\.pid\b|already running|\bstale\b|lock ?file",
        stale_pid_or_socket=12,
        port_conflict=4,
        reload_not_applied=2,
    ),
    leans(r"\bin use\b|eaddrinuse|already allocated", port_conflict=12, stale_pid_or_socket=6),
    leans(
        r"max_children|\bpm\.|all (?:workers|children) (?:are )?busy",
        php_fpm_exhausted=12,
        app_hang=5,
        backlog_full=4,
    ),
    leans(r"\bpool\b", php_fpm_exhausted=4, app_hang=4),
    leans(r"backlog|listen queue|somaxconn|resource temporarily", backlog_full=12, php_fpm_exhausted=5),
    leans(
        r"harakiri|worker timeout|execution timed out|timeout.*kill|max_execution_time|terminate_timeout",
        upstream_timeout_worker_kill=12,
        http_504_timeout=5,
    ),
    leans(
        r"targetport|containerport|serviceport|\bendpoints?\b|selector|\bsvc\b",
        k8s_service_mismatch=10,
        wrong_port=8,
        not_ready_yet=2,
    ),
    leans(
        r"readiness|not ready|\bstarting\b|waiting for|warm.?up|initiali[sz]ing",
        not_ready_yet=10,
        app_crash_startup=4,
    ),
    leans(
        r"\bcurl -4\b|\bipv4[- ]only\b|\bonly\b.{0,30}\bipv4\b|\bonly\W{1,3}ipv4\b|ipv4\W{1,3}only\b",
        ipv6_mismatch=14,
    ),
    leans(r"\[::1?\]|\bipv6\b|\blocalhost\b.*::1|::1\b", ipv6_mismatch=12),
    leans(
        r"\bnetworks?:|network (?:create|connect|inspect)|\bbridge\b|same network",
        docker_network_mismatch=10,
        dns_unresolved=2,
        wrong_address=2,
    ),
    leans(
        r"host\.docker\.internal|(?:proxy_pass|server|url|target)\W.{0,20}(?:localhost|127\.0\.0\.1)",
        loopback_in_proxy_container=8,
        wrong_port=3,
        wrong_address=3,
    ),
    leans(
        r"docker[- ]compose|docker (?:run|ps|exec|inspect)|\bcontainers?\b",
        dns_stale=3,
        docker_network_mismatch=4,
        loopback_in_proxy_container=3,
        bind_localhost_in_container=4,
    ),
    leans(
        r"0\.0\.0\.0|--host\b|--bind\b|listen.{0,12}127\.0\.0\.1",
        bind_localhost_in_container=8,
        wrong_address=3,
    ),
    leans(
        r"\bresolv|lookup|nxdomain|enotfound|no such host|\bdns\b",
        dns_unresolved=10,
        dns_stale=5,
        docker_network_mismatch=4,
        host_not_found_at_start=3,
    ),
    leans(
        r"\b(?:external|outbound|public) DNS\b|\bresolver (?:8\.8|1\.1|9\.9|208\.67)|\bport 53\b"
        r"|\bsvc\.cluster\.local\b.{0,80}\bresolv|\bresolver\b.{0,60}\b(?:firewall|blocked|8\.8\.8\.8)",
        dns_unresolved=16,
    ),
    leans(
        r"iptables|firewall|\bufw\b|security group|no route|unreachable|network ?policy",
        firewall_or_no_route=12,
        wrong_address=3,
        dns_stale=2,
    ),
    leans(
        r"upgrad|downgrad|since (?:the )?(?:update|version)|roll(?:ed)? ?back|new (?:release|version)",
        deploy_bad_release=10,
        proxy_bug=4,
        app_crash_startup=2,
    ),
    leans(
        r"keep-?alive(?! ?=)|\bidle\b|reset by peer|broken pipe|\beof\b|econnreset|intermittent|sporadic",
        keepalive_race_reset=10,
        premature_close_crash=5,
    ),
    leans(
        r"set-cookie|cookies?\b.{0,40}(?:\bkb\b|large|big|many|size)|many groups|\bsaml\b|oauth\S* callback",
        header_too_big=10,
        request_too_big_for_app=6,
    ),
    leans(
        r"header.{0,40}(?:large|big|size|buffer)|buffer.?size",
        header_too_big=10,
        request_too_big_for_app=7,
        invalid_header=2,
    ),
    leans(
        r"transfer-encoding|content-length|invalid header|malformed|duplicate header",
        invalid_header=10,
        protocol_mismatch=4,
        proxy_bug=2,
    ),
    leans(
        r"\b413\b|entity too large|body.{0,10}(?:large|big|size)|upload", client_error_413=8, header_too_big=2
    ),
    leans(
        r"\b499\b|client (?:closed|disconnected|abort)|(?:context|request) cancel+ed",
        client_closed_499=12,
        http_504_timeout=4,
    ),
    leans(r"\b429\b|limit_(?:req|conn)|rate.?limit|too many requests", rate_limited_503=14),
    leans(
        r"\b504\b|gateway time-?out|timed? ?out|\btimeout\b|\bslow",
        http_504_timeout=10,
        app_hang=6,
        firewall_or_no_route=4,
    ),
    leans(r"\bhangs?\b|deadlock|stuck|unresponsive|stops? responding|freez", app_hang=10, http_504_timeout=3),
    leans(r"primary script|file not found|script_filename", http_404_script_unknown=12, wrong_address=2),
    leans(
        r"traceback|exception|fatal error|uncaught|stack ?trace",
        app_crash_startup=8,
        app_500=6,
        deploy_bad_release=4,
    ),
    leans(r"\b500\b|internal server error", app_500=8, proxy_500_not_502=6),
    leans(
        r"executable|command not found|no such file.*bin/|exec format|virtualenv|venv/bin",
        exec_missing=8,
        systemd_unit_error=4,
        app_crash_startup=3,
    ),
    leans(
        r"permission denied|\beacces\b|\beperm\b|not permitted",
        socket_permission=6,
        app_crash_startup=5,
        selinux_denied=5,
        permission_user=4,
    ),
    leans(
        r"undefined (?:method|property|variable)|\b\w+Error \(",
        app_500=10,
        app_crash_startup=5,
        deploy_bad_release=4,
    ),
    leans(
        r"\bcompil(?:e|ing)\b|\bbuilding\b|in progress",
        not_ready_yet=8,
        app_crash_startup=3,
        deploy_bad_release=3,
    ),
    leans(r"\[emerg\]|configuration|directive|nginx -t", nginx_config_invalid=6, host_not_found_at_start=2),
    leans(r"\bphp|fpm", php_fpm_down=6, socket_missing=2, socket_permission=2),
    leans(r"\bports?\b|(?<=[a-z\]]):\d{2,5}\b|\blisten", wrong_port=5, upstream_down=2),
    leans(r"ulimit|nofile|file descriptors?|open files", fd_limit=12, worker_connections=3),
    leans(r"worker_connections", worker_connections=12),
    leans(r"systemctl reload|nginx -s reload|old config", reload_not_applied=8, nginx_down=2),
)
#: Expression -> causes and points.
WORDS: Mapping[re.Pattern[str], Mapping[str, int]] = {
    re.compile(regex, re.IGNORECASE): points for regex, points in (*_WORDS, *_words_of_states.ROWS)
}
