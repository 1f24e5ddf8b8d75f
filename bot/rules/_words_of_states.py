"""Words about states and people's doings, and the causes they lean towards, in points; as in `_words.py`."""

from bot.rules._leaning import Row, leans

ROWS: tuple[Row, ...] = (
    leans(
        r"\bdocker (?:compose )?(?:stop|down)\b|systemctl stop|inactive \(dead\)|\bexited \(0\)"
        r"|\b(?:was|been|got) (?:stopped|shut ?down|scaled (?:down|to (?:0|zero)))",
        app_stopped_by_hand=12,
        upstream_down=6,
    ),
    leans(
        r"\bclock (?:skew|drift)|\bntp\b|chrony|\b(?:old|stale|outdated) (?:log|error|entr)\w*"
        r"|\bfrom (?:last|the previous) (?:week|month|year)\b|\b(?:days|weeks|months) ago\b",
        clock_or_stale_log=10,
        log_noise_no_outage=4,
    ),
    leans(
        r"\bdocker network (?:dis)?connect\b"
        r"|\b(?:old|stale|cached|previous|outdated|former) (?:ips?\b|address|dns|pods?\b|containers?\b)"
        r"|re-?resolv|\brolling (?:update|restart)|\brecreat|\bfailover\b|\bnew (?:ip|pod|container)\b",
        dns_stale=12,
        wrong_address=4,
    ),
    leans(
        r"\bhost not found|\bdepends_on\b|\b(?:start|boot)[- ]?(?:up )?order\b|\bat boot\b|network-online",
        host_not_found_at_start=12,
        dns_unresolved=5,
        not_ready_yet=3,
    ),
    leans(r"\binodes?\b|\bIUse%|\bdf -i", inode_full=14, disk_full=4),
    leans(
        r"\b(?:harmless|can be ignored|safely ignore\w*|just a warning|only a warning)\b"
        r"|\b(?:still|otherwise) (?:works?|working|fine)\b|\bno (?:user )?impact\b",
        log_noise_no_outage=12,
        client_closed_499=3,
    ),
    leans(
        r"\bnginx(?:\.service)? (?:is |was |has )?(?:not running|dead|down|inactive|stopped|crashed"
        r"|failed|won't start)",
        nginx_down=14,
        nginx_config_invalid=6,
    ),
    leans(
        r"\bno (?:live|healthy|available|active)\b|max_fails|fail_timeout|health ?-?checks?\b|\bunhealthy\b"
        r"|\ball (?:backends|upstreams|servers|targets)\b",
        no_live_upstreams=11,
        not_ready_yet=4,
        wrong_port=2,
    ),
    leans(
        r"\bno such user\b|\bunknown (?:user|group)\b|\binvalid (?:user|group)\b|getpwnam|getgrnam"
        r"|\buser(?:name)? \S+ (?:does"
        r" not|doesn't) exist|\bno matching entries in passwd",
        permission_user=14,
        systemd_unit_error=4,
    ),
    leans(
        r"\bregression\b|\bbug in (?:nginx|traefik|caddy|haproxy|envoy|apache|the (?:proxy|ingress))"
        r"|\b(?:up|down)grad\w+ (?:of |to )?(?:nginx|traefik|caddy|haproxy|envoy|apache|httpd|istio"
        r"|kong|openresty|ingress)",
        proxy_bug=12,
        deploy_bad_release=5,
    ),
    leans(r"start-?limit|\btoo quickly\b|reset-failed|StartLimit", start_limit_hit=16, app_crash_startup=5),
    leans(
        r"\b(?:is|was|are|were)(?: not|n't) (?:running|started|up)\b|\b(?:did|does)(?: not"
        r"|n't) (?:start|run)\b"
        r"|\bno process\b|\bforgot to start\b|\bsystemctl (?:start|enable)\b|\bnothing (?:listens"
        r"|is listening)",
        upstream_down=12,
        app_crash_startup=6,
        php_fpm_down=3,
    ),
    leans(
        r"\bwrong (?:ip|host(?:name)?|address|server)\b|\bhost\.docker\.internal\b|\b(?:public|external"
        r"|internal|private"
        r"|lan) ip\b|\bmoved to\b",
        wrong_address=11,
        dns_stale=3,
        loopback_in_proxy_container=3,
    ),
    leans(
        r"\bscanners?\b|\bbots?\b|\bold (?:browsers?|clients?|tls)\b|\bssl_protocols\b|\bcipher",
        client_side_tls_noise=9,
        tls_handshake_sni=5,
        log_noise_no_outage=3,
    ),
    leans(
        r"(?<![0-9a-z_])50[23](?![0-9a-z_])|bad gateway|unavailable|refused",
        upstream_down=4,
        wrong_port=4,
        app_crash_startup=4,
    ),
    # At once, so nobody waited; for some inputs alone, so the app as a whole is up.
    leans(
        r"\b(?:immediate(?:ly)?|instant(?:ly)?|at once|right away)\b.{0,20}\b(?:502|bad gateway)"
        r"|\b(?:502|bad gateway)\b.{0,20}\b(?:immediately|instantly|at once|right away|straight away)\b",
        http_504_timeout=-14,
        app_hang=-10,
        premature_close_crash=4,
        wrong_port=2,
    ),
    leans(
        r"\b(?:502|bad gateway|crash\w*)\b.{0,40}\b(?:for|on|with|at) (?:only )?(?:some|certain|specific"
        r"|particular|a few|big|large) (?:\w+ )?"
        r"(?:pictures?|images?|photos?|jpe?gs?|pngs?|pdfs?|documents?|videos?|files?)\b",
        premature_close_crash=12,
        oom_kill=4,
    ),
    leans(
        r"\b(?:imagick|imagemagick|ioncube|xdebug|opcache|apcu|swoole|libvips|ffmpeg|sqlsrv|oci8"
        r"|(?:native|php|c) (?:extensions?|modules?))\b",
        premature_close_crash=10,
    ),
)
