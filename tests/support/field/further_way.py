"""Rows of `Further`: the way from nginx to the app, and from visitors to nginx."""

from tests.support.field.further import (
    CERT,
    FOLDER,
    HELPS,
    HERE,
    SHOP,
    STOP,
    Further,
    https,
    known_as,
    run_by,
    server,
    site,
    written,
)
from tests.support.field.standing import LOGS, UNIT, restart, setting, until_somebody_listens

_TLS_APP = (
    'python3 -c "import http.server, ssl; c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER);'
    f" c.load_cert_chain('{FOLDER}/cert', '{FOLDER}/key');"
    " h = http.server.ThreadingHTTPServer(('127.0.0.1', 3443), http.server.SimpleHTTPRequestHandler);"
    ' h.socket = c.wrap_socket(h.socket, server_side=True); h.serve_forever()"'
)
_LATE_HOST = "cp -n /etc/hosts /etc/hosts.further; "


def _named(address: str) -> str:
    """Shell that gives the name this address."""
    return f"cat /etc/hosts.further >/etc/hosts; echo '{address} further.internal' >>/etc/hosts; "


TLS_ROWS = (
    Further(
        name="https-only-app-stopped",
        breaks=https("http://127.0.0.1:3000") + f"reload; {STOP}",
        met=f"is 502 https://127.0.0.1/ {SHOP}",
        cause="app_stopped_by_hand",
        restart=(HELPS,),
        proof="Stopp",
        needs=("openssl",),
        fleet=known_as(SHOP),
    ),
    Further(
        name="https-only-500",
        breaks=https("http://127.0.0.1:3000") + setting("APP_FAULT", "http500") + restart(UNIT) + "reload",
        met=f"is 500 https://127.0.0.1/ {SHOP}",
        cause="app_500",
        proof="500",
        needs=("openssl",),
        fleet=known_as(SHOP),
    ),
    Further(
        name="https-only-slow",
        breaks=https("http://127.0.0.1:3000") + setting("APP_DELAY", "9") + restart(UNIT) + "reload",
        met=f"is 504 https://127.0.0.1/ {SHOP}",
        cause="http_504_timeout",
        proof="timed out",
        needs=("openssl",),
    ),
    Further(
        name="https-only-well",
        breaks=https("http://127.0.0.1:3000") + "reload",
        met=f"is 200 https://127.0.0.1/ {SHOP}",
        cause="healthy",
        needs=("openssl",),
        fleet=known_as(SHOP),
    ),
    Further(
        name="http-to-tls",
        breaks=CERT
        + f"systemd-run -q --unit further-tls {_TLS_APP}; {until_somebody_listens('127.0.0.1:3443')}"
        + site("http://127.0.0.1:3443")
        + "reload",
        met=f"is 502 {HERE}",
        cause="protocol_mismatch",
        proof="speaks TLS",
        needs=("openssl",),
        fleet=run_by("further-tls.service"),
    ),
    Further(
        name="https-to-plain",
        breaks=site("https://127.0.0.1:3000") + "reload",
        met=f"is 502 {HERE}",
        cause="protocol_mismatch",
        proof="wrong version number",
    ),
)
WAY_ROWS = (
    Further(
        name="several-sites-own-logs",
        breaks=written(
            "server { listen 80 default_server; server_name _; return 200 'hello'; }\n"
            f"server {{ listen 80; server_name {SHOP}; error_log {LOGS}/shop.error.log;"
            f" access_log {LOGS}/shop.access.log; location / {{ proxy_pass http://127.0.0.1:3001; }} }}"
        )
        + "reload",
        met=f"is 502 {HERE} {SHOP}",
        mend=f"rm -f {LOGS}/shop.*",
        cause="wrong_port",
        proof="127.0.0.1:3001",
        fleet=known_as(SHOP),
    ),
    Further(
        name="without-logs",
        breaks=site("http://127.0.0.1:3001", logs="error_log /dev/null crit; access_log off;") + "reload",
        met=f"is 502 {HERE}",
        cause="wrong_port",
        proof="127.0.0.1:3001",
    ),
    Further(
        name="localhost-well",
        breaks=site("http://localhost:3000")
        + "reload; for i in 1 2 3 4 5; do status http://127.0.0.1/; done",
        met=f"is 200 {HERE}",
        cause="healthy",
    ),
    Further(
        name="ipv6-only",
        breaks=server(3100, "--bind", "::1") + site("http://127.0.0.1:3100") + "reload",
        met=f"is 502 {HERE}",
        cause="ipv6_mismatch",
        proof="127.0.0.1:3100",
        fleet=run_by("further-3100.service"),
    ),
    Further(
        name="socket-name-wrong",
        breaks=setting("APP_SOCKET", "/run/myapp/app.sock")
        + restart(UNIT)
        + until_somebody_listens("unix:/run/myapp/app.sock")
        + site("http://unix:/run/myapp/ap.sock")
        + "reload",
        met=f"is 502 {HERE}",
        cause="socket_missing",
        proof="/run/myapp/ap.sock",
    ),
    Further(
        name="no-resolver",
        breaks=site("http://$further:3000", more="set $further further.internal;") + "reload",
        met=f"is 502 {HERE}",
        cause="dns_unresolved",
        proof="no resolver defined",
    ),
    Further(
        name="resolver-away",
        breaks=site(
            "http://$further:3000",
            more="resolver 127.0.0.9; resolver_timeout 1s; set $further further.internal;",
        )
        + "reload",
        met=f"is 502 {HERE}",
        cause="dns_unresolved",
        proof="could not be resolved",
    ),
    Further(
        name="address-of-before",
        breaks=_LATE_HOST
        + _named("127.0.0.77")
        + site("http://further.internal:3000")
        + f"reload; {_named('127.0.0.1')}",
        met=f"is 502 {HERE}",
        cause="dns_stale",
        restart=(HELPS,),
        proof="127.0.0.77",
    ),
    Further(
        name="filtered-on-this-host",
        breaks="nft add table inet fault;"
        " nft add chain inet fault in '{ type filter hook input priority 0; }';"
        " nft add rule inet fault in iif lo tcp dport 3000 drop",
        met=f"is 504 {HERE}",
        cause="firewall_or_no_route",
        proof="connect_timeout",
        needs=("nft",),
    ),
    Further(
        name="marked-down",
        breaks=site("http://app", outside="upstream app { server 127.0.0.1:3000 down; }") + "reload",
        met=f"is 502 {HERE}",
        cause="no_live_upstreams",
        proof="no live upstreams",
    ),
)
