"""What people tell of when, for whom and how it fails -> the causes it fits. Points as in `_leanings.py`."""

from bot.rules._leaning import Row, leans

OF_PEOPLE: tuple[Row, ...] = (
    # For whom.
    leans("many_groups", header_too_big=22, request_too_big_for_app=12),
    leans("login_returns", header_too_big=20, request_too_big_for_app=8, protocol_mismatch=2),
    leans("debug_header", header_too_big=24),
    leans("php_only", php_fpm_down=18, php_fpm_exhausted=5, socket_missing=6),
    leans("one_address", rate_limited_503=22),
    leans("php_extension", php_fpm_down=12, premature_close_crash=12),
    # How it wears out.
    leans("memory_grows", oom_kill=18, app_crash_runtime=16, memory_rlimit=4),
    leans("memory_plenty", oom_kill=-8, memory_rlimit=6, app_crash_runtime=4),
    leans("small_machine", oom_kill=14),
    leans("dies_silently", oom_kill=10, premature_close_crash=5),
    leans("all_hang", app_hang=14, http_504_timeout=6),
    leans("idle", app_hang=6),
    leans("fails_at_once", backlog_full=5, upstream_down=3, wrong_port=3, selinux_denied=3),
    leans("well_after_load", backlog_full=12, php_fpm_exhausted=9, worker_connections=5),
    # What was done before.
    leans("in_terminal", upstream_down=18),
    leans("power_lost", stale_pid_or_socket=12, upstream_down=9, dns_stale=4, disk_full=2),
    leans("ends_at_boot", stale_pid_or_socket=14, app_crash_startup=12),
    leans("proxy_stopped", nginx_down=14),
    leans("pid_file_other", reload_not_applied=24),
    leans("same_port_set", port_conflict=22),
    leans("handled_less", worker_connections=26, fd_limit=8),
    # Where it works.
    leans("policy_differs", selinux_denied=24),
    leans("asked_as_proxy", selinux_denied=16),
    leans("one_turned_away", firewall_or_no_route=26),
    leans("disk_told", disk_full=26),
    leans("filter_told", firewall_or_no_route=24),
    leans("local_port", wrong_port=10),
    leans("node_upgraded", ipv6_mismatch=14, deploy_bad_release=3),
    leans("config_breaks", nginx_config_invalid=22),
    leans("name_before_nginx", host_not_found_at_start=22),
    leans("memory_refused", memory_rlimit=22, oom_kill=4),
    leans("headless", dns_stale=20),
)
