"""Lines that fill nginx's error log and have nothing to do with the site that is asked about."""

# ruff: noqa: E501  # lines stand as hosts write them

from tests.support.field.standing import LOGS, write

#: Another site of the same nginx; its app does not run.
OTHER_SITE = """server { listen 80; server_name shop.example www.shop.example;
error_log /var/log/nginx/error.log info;
location / { proxy_pass http://127.0.0.1:4000; proxy_read_timeout 3s; } }
"""
_SHOP = 'client: 203.0.113.7, server: shop.example, request: \\"GET /cart HTTP/1.1\\"'
_OURS = 'client: 198.51.100.4, server: _, request: \\"GET /a HTTP/1.1\\"'
_SHOP_APP = 'upstream: \\"http://127.0.0.1:4000/cart\\", host: \\"shop.example\\"'
_OWN_APP = 'upstream: \\"http://127.0.0.1:3000/a\\", host: \\"a.example\\"'
#: Level and message, as nginx 1.22 writes them.
_MESSAGES = (
    f"[error] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, {_SHOP}, {_SHOP_APP}",
    f"[error] 7#7: *9 upstream timed out (110: Connection timed out) while reading response header from upstream, "
    f"{_SHOP}, {_SHOP_APP}",
    f"[error] 7#7: *9 upstream prematurely closed connection while reading response header from upstream, {_SHOP}, "
    f"{_SHOP_APP}",
    f"[error] 7#7: *9 upstream sent too big header while reading response header from upstream, {_SHOP}, {_SHOP_APP}",
    '[error] 7#7: *9 open() \\"/var/www/html/favicon.ico\\" failed (2: No such file or directory), '
    'client: 203.0.113.9, server: static.example, request: \\"GET /favicon.ico HTTP/1.1\\", host: \\"static.example\\"',
    "[error] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, "
    'server: gone.example, request: \\"GET / HTTP/1.1\\", upstream: \\"http://127.0.0.1:4999/\\", host: \\"gone.example\\"',
    f'[error] 7#7: *9 access forbidden by rule, {_OURS}, host: \\"a.example\\"',
    f'[error] 7#7: *9 limiting requests, excess: 5.120 by zone \\"one\\", {_OURS}, host: \\"a.example\\"',
    "[crit] 7#7: *9 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, "
    "client: 203.0.113.9, server: 0.0.0.0:443",
    "[info] 7#7: *9 client 203.0.113.9 closed keepalive connection",
    "[info] 7#7: *9 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed "
    f"too while sending request to upstream, {_OURS}, {_OWN_APP}",
    f"[warn] 7#7: *9 an upstream response is buffered to a temporary file /var/lib/nginx/proxy/1/00/01 while reading "
    f"upstream, {_OURS}, {_OWN_APP}",
    f'[error] 7#7: *9 user \\"admin\\" was not found in \\"/etc/nginx/.htpasswd\\", {_OURS}, host: \\"a.example\\"',
)


def other_site() -> str:
    """Shell that lets nginx serve the other site too."""
    return write("/etc/nginx/conf.d/zz-shop.conf", OTHER_SITE) + "nginx -t -q; nginx -s reload; "


def noise(lines: int) -> str:
    """Shell that appends so many lines, all kinds in turn, with the host's present time."""
    table = "".join(f'm[{number}] = "{text}"; ' for number, text in enumerate(_MESSAGES))
    return (
        f"now=$(date '+%Y/%m/%d %H:%M:%S'); cat >/tmp/noise.awk <<'END'\n"
        f'BEGIN {{ {table}for (i = 0; i < {lines}; i++) print now " " m[i % {len(_MESSAGES)}] }}\nEND\n'
        f'awk -v now="$now" -f /tmp/noise.awk >>{LOGS}/error.log; rm /tmp/noise.awk; '
    )
