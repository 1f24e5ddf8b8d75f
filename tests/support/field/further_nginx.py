"""Rows of `Further`: nginx's own start, its files and what it answers itself."""

from tests.support.field.further import (
    AGAIN,
    FOLDER,
    HELPS,
    HERE,
    OWN_LOGS,
    SHOP,
    TLS,
    Further,
    extra,
    server,
    site,
    written,
)
from tests.support.field.standing import SITE, UNIT, restart, setting

DOWN_ROWS = (
    Further(
        name="down-missing-include",
        breaks=f"sed -i '1i include {FOLDER}/none.conf;' {SITE}; {AGAIN}",
        met=f"is 0 {HERE}",
        cause="nginx_config_invalid",
        proof="none.conf",
    ),
    Further(
        name="down-missing-certificate",
        breaks=extra(f"server {{ listen 443 ssl; server_name {SHOP}; {TLS} return 200; }}") + AGAIN,
        met=f"is 0 {HERE}",
        cause="nginx_config_invalid",
        proof="cannot load certificate",
    ),
    Further(
        name="down-two-defaults",
        breaks=extra("server { listen 80 default_server; return 200; }") + AGAIN,
        met=f"is 0 {HERE}",
        cause="nginx_config_invalid",
        proof="duplicate default server",
    ),
    Further(
        name="down-name-unknown",
        breaks=site("http://app.further.invalid:3000") + AGAIN,
        met=f"is 0 {HERE}",
        cause="host_not_found_at_start",
        proof="host not found in upstream",
    ),
    Further(
        name="down-port-taken",
        breaks="systemctl stop nginx; " + server(80) + "systemctl start nginx || true",
        met=f"is 200 {HERE}",
        cause="port_conflict",
        proof="Address already in use",
    ),
    Further(
        name="down-masked",
        breaks="systemctl stop nginx; systemctl mask -q nginx",
        met=f"is 0 {HERE}",
        cause="nginx_down",
        proof="ActiveState=inactive",
    ),
    Further(
        name="edited-and-not-reloaded",
        breaks=site("http://127.0.0.1:3001") + "reload; sleep 1.2; " + site("http://127.0.0.1:3000"),
        met=f"is 502 {HERE}",
        cause="reload_not_applied",
        restart=(HELPS,),
        proof="127.0.0.1:3001",
    ),
    Further(
        name="edited-and-reload-refused",
        breaks=site("http://127.0.0.1:3001")
        + "reload; sleep 1.2; "
        + site("http://127.0.0.1:3000")
        + extra("no_such_directive on;")
        + "systemctl reload nginx || true",
        met=f"is 502 {HERE}",
        cause="reload_not_applied",
        proof="127.0.0.1:3001",
    ),
)
OWN_ROWS = (
    Further(
        name="limited",
        breaks=site(
            "http://127.0.0.1:3000",
            more="limit_req zone=few; limit_req_status 429;",
            outside="limit_req_zone $server_name zone=few:1m rate=1r/m;",
        )
        + "reload",
        met=f"is 429 {HERE}",
        cause="rate_limited_503",
        proof="limiting requests",
    ),
    Further(
        name="maintenance",
        breaks=site("http://127.0.0.1:3000", more=f"if (-f {SITE}) {{ return 503; }}") + "reload",
        met=f"is 503 {HERE}",
        cause="proxy_500_not_502",
        proof="return 503;",
    ),
    Further(
        name="check-refused",
        breaks=written(
            f"server {{ listen 80 default_server; {OWN_LOGS} location / {{ auth_request /check;"
            " proxy_pass http://127.0.0.1:3000; }"
            " location = /check { internal; proxy_pass http://127.0.0.1:3111; } }"
        )
        + "reload",
        met=f"is 500 {HERE}",
        cause="proxy_500_not_502",
        proof="127.0.0.1:3111",
    ),
    Further(
        name="cycle",
        breaks=written(
            f"server {{ listen 80 default_server; {OWN_LOGS} root /srv/further;"
            " location / { try_files $uri /index.html; }"
            " location /api { proxy_pass http://127.0.0.1:3000; } }"
        )
        + "reload",
        met=f"is 500 {HERE}",
        cause="proxy_500_not_502",
        proof="cycle",
    ),
    Further(
        name="folder-closed",
        breaks="mkdir -p /srv/further; echo well >/srv/further/index.html; chmod 700 /srv/further; "
        + written(
            f"server {{ listen 80 default_server; {OWN_LOGS} root /srv/further;"
            " location /api { proxy_pass http://127.0.0.1:3000; } }"
        )
        + "reload",
        met=f"is 403 {HERE}",
        cause="proxy_500_not_502",
        proof="Permission denied",
    ),
    Further(
        name="too-big-a-body-well",
        breaks=site("http://127.0.0.1:3000", more="client_max_body_size 1k;") + "reload",
        met=f"is 413 {HERE} localhost 5000",
        cause="healthy",
    ),
    Further(
        name="impatient",
        breaks=setting("APP_DELAY", "2")
        + restart(UNIT)
        + site("http://127.0.0.1:3000")
        + f"sed -i 's/proxy_read_timeout 3s/proxy_read_timeout 1s/' {SITE}; reload",
        met=f"is 504 {HERE}",
        cause="http_504_timeout",
        proof="timed out",
    ),
    Further(
        name="scanned-well",
        breaks="for p in .env wp-login.php cgi-bin/.%2e/sh; do status http://127.0.0.1/$p; done",
        met=f"is 200 {HERE}",
        cause="healthy",
    ),
)
