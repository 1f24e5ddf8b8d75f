"""What a line does not say, beside its neighbour that says it."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

_TO_UPSTREAM = "while SSL handshaking to upstream, client: 192.0.2.7, server: shop.example"
_REQUEST = 'client: 192.0.2.7, server: shop.example, request: "GET /cart HTTP/1.1"'
_AGAIN = "Mar 03 09:00:01 web-01 systemd[1]: shop.service: Scheduled restart job, restart counter is at 2.\n"

#: Kind of sign, a text that says it, texts that do not.
CASES: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "after_reboot",
        "502 on every page after a server restart this morning",
        ("It never worked, even after a server restart.",),
    ),
    (
        "address_moved",
        "Whenever I docker-compose restart cart the nginx container stops reaching it",
        (
            "After docker compose restart nginx the proxy fails again",
            "I did docker compose restart cart and all is well, nginx too",
        ),
    ),
    (
        "client_tls",
        "http: TLS handshake error from 203.0.113.9:4711: remote error: tls: bad certificate",
        (
            "http: TLS handshake error from 10.1.2.3:4711: remote error: tls: bad certificate",
            "http: TLS handshake error from 100.64.2.3:4711: tls: first record does not "
            "look like a TLS handshake",
        ),
    ),
    (
        "conn_reused",
        "the proxy is reusing connections that the app closed",
        ("[warn] 7#7: 512 worker_connections are not enough, reusing connections",),
    ),
    (
        "dies_silently",
        "The shop dies each night and its log is empty",
        ("Neither address answers; the log of the shop is empty", "It answers 502, no traceback anywhere"),
    ),
    ("dies_silently", "商店自动停止，没有任何报错", ("商店没有错误日志，nginx 报 502",)),
    (
        "end_told",
        "shop-web-1 exited with code 1",
        (
            "front-nginx-1 exited with code 1",
            "front_proxy_1 exited with code 2",
            "nginx exited with code 1",
            "nginx.service: Control process exited,",
            "Job for shop.service failed because the control process exited with error code.",
            "The web server is gone, says the page",
            "app[web.1]: Process exited unexpectedly: nginx",
            "The nginx container crashed",
            "systemd[7]: shop.service: Failed to determine user credentials: No such process",
        ),
    ),
    (
        "fails_at_once",
        "Each call gets a 502 immediately, in the browser too",
        (
            "502 as the worker processes exit immediately",
            "a 503 for the first call, then the next ones are immediately well",
            "We get 502 immediately after the deploy",
        ),
    ),
    (
        "fresh_install",
        "I followed the quick start guide and get 502",
        ("It is 502 since I followed your upgrade guide", "We followed the migration guide"),
    ),
    ("in_cluster", "the ingress controller answers 503", ('upstream: "http://unix:/srv/openshift/a.sock:"',)),
    (
        "lack_over",
        "The database is well again",
        (
            "It gave 503 for an hour, then all is well again",
            "It is 502 for a while and goes back to working fine again",
        ),
    ),
    ("listening", "listening on unix:/run/shop.sock", ("listen unix:/run/shop.sock udp;",)),
    ("listening", "listen = /run/php/shop.sock", ("Listen = /run/shop.sock",)),
    (
        "local_port",
        "On my laptop it works fine at http://localhost:4000",
        ("On my laptop it works fine at http://localhost:4000 from inside the pod",),
    ),
    (
        "missing_setting",
        "SHOP_TOKEN is not set",
        ("NGINX_SHOP_RESOLVER is not set", "TRAEFIK_SHOP_TOKEN is missing"),
    ),
    (
        "loopback_fails",
        "It is a 502 when I use http://127.0.0.1:4000 in the proxy",
        ("[ERROR 502 /pay.php] dial tcp 127.0.0.1:4000: connect: connection refused",),
    ),
    (
        "nobody_runs",
        "sh: 1: kill: No such process",
        ("systemd[7]: shop.service: Failed at step USER spawning /srv/shop/run: No such process",),
    ),
    (
        "noise",
        '[error] 7#7: *3 open() "/srv/shop/x.ico" failed (2: No such file or directory), client: 192.0.2.7',
        (
            'nginx: [emerg] open() "/etc/nginx/shop_params" failed (2: No such file or directory) '
            "in /etc/nginx/nginx.conf:9",
            'open() "/etc/nginx/shop" failed (2: No such file or directory) in /etc/nginx/nginx.conf:9',
            '[crit] 7#7: *3 open() "/tmp/body/0000000041" failed (2: No such file or directory), '
            "client: 192.0.2.7",
            'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)',
        ),
    ),
    (
        "login_returns",
        "After signing in it shows a 502 Bad Gateway",
        ("After the restart it shows a 502 Bad Gateway",),
    ),
    (
        "noise",
        f"[info] 7#7: *3 writev() failed (32: Broken pipe) while sending to client, {_REQUEST}",
        (
            f"*3 auth request unexpected status: 503 while sending to client, {_REQUEST}",
            f"[error] 7#7: *3 upstream prematurely closed connection while sending to client, {_REQUEST}",
            "[warn] 7#7: *3 upstream server temporarily disabled while connecting to upstream",
            "[4711] - Gracefully shutting down workers...",
        ),
    ),
    ("proxy_in_container", "image: nginx:1.27", ("reverse_proxy nginx:80 {",)),
    ("reached", "Connected to 192.0.2.7.", ("Both are connected to the network of the shop.",)),
    (
        "released",
        "It fails after pulling the image of this week",
        (
            "The registry hangs after pulling a large number of layers",
            "The daemon dies after pulling many images",
            "It is slow since deploying the ingress controller on two pools",
            "502 after moving to Traefik",
        ),
    ),
    (
        "reload_mended",
        "After I reload nginx it works",
        ("When I reload nginx, the workers stay",),
    ),
    (
        "runs_as",
        "nginx is running as user shop",
        ("nginx is running on debian", "nginx runs as a service"),
    ),
    (
        "released",
        "As of the latest release our shop answers 502",
        ("It is so with the latest release",),
    ),
    (
        "runs_long",
        "the process was started 12 days ago",
        (
            "The shop was up until about 2 days ago",
            "It started failing 3 days ago",
            "this started 2 weeks ago",
        ),
    ),
    (
        "site_well",
        "Everything works, but the log fills with these lines",
        (
            "Everything works, but the checkout returns 502",
            "Only a blank page loads",
            "All pages should work",
            "Everything works fine except the checkout",
            "The site works, but randomly I have to load it twice",
            "502 for the new shop. The old one and all sites are fine",
            "I checked the logs, all is well",
            "The first request to a page works",
            "Unit shop.service failed to load: Bad message.",
        ),
    ),
    (
        "starting",
        "It takes 3 minutes to start",
        ("It takes about 2 minutes to start streaming a film", "after 10 minutes it starts failing"),
    ),
    (
        "status",
        'status=502 path="/cart"',
        (f"*3 auth request unexpected status: 503 while sending to client, {_REQUEST}",),
    ),
    (
        "stopped",
        "Mar 03 09:00:01 web-01 systemd[1]: Stopped shop.service - Shop.",
        (
            f"{_AGAIN}Mar 03 09:00:01 web-01 systemd[1]: Stopped shop.service - Shop.",
            f"{_AGAIN}Mar 03 09:00:01 web-01 systemd[1]: Stopped Shop of ours.",
        ),
    ),
    (
        "stopped",
        "SIGINT/SIGQUIT received...killing workers...",
        ("*** no app loaded. GAME OVER ***\nSIGINT/SIGQUIT received...killing workers...",),
    ),
    (
        "unit",
        "shop is not running",
        (
            "I am sure that it works and is running well",
            "Shop is running Docker in host mode",
            "TASK [shop : ensure shop is running] ****",
        ),
    ),
    (
        "tls_failed",
        f"SSL_do_handshake() failed (SSL: error:0A000152:SSL routines::bad key share) {_TO_UPSTREAM}",
        (
            f'upstream SSL certificate does not match "shop.example" {_TO_UPSTREAM}',
            f"upstream SSL certificate verify error: (10:certificate has expired) {_TO_UPSTREAM}",
            "SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:"
            f"SSL alert number 40) {_TO_UPSTREAM}",
            "SSL_do_handshake() failed (SSL: error:0A000412:SSL routines::sslv3 alert bad certificate:"
            f"SSL alert number 42) {_TO_UPSTREAM}",
            f"SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) "
            f"{_TO_UPSTREAM}",
        ),
    ),
    (
        "tls_not_spoken",
        "SSL_do_handshake() failed (SSL: error:0A0000C6:SSL routines::packet length too long error:0A000139:"
        f"SSL routines::record layer failure) {_TO_UPSTREAM}",
        (
            "[crit] 7#7: *3 SSL_do_handshake() failed (SSL: error:0A0001BB:SSL routines::bad record type "
            "error:0A000139:SSL routines::record layer failure) wh",
        ),
    ),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in CASES])
def test_the_neighbour_says_it(kind: str, text: str) -> None:
    assert read([Piece(text=text)]).has(kind)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, _, texts in CASES for text in texts])
def test_it_is_not_said(kind: str, text: str) -> None:
    assert not read([Piece(text=text)]).of(kind)


def test_a_hash_that_could_be_larger_is_one_remark() -> None:
    line = (
        "[warn] 7#7: could not build optimal server_names_hash, you should increase either "
        "server_names_hash_max_size: 512 or server_names_hash_bucket_size: 64; ignoring "
        "server_names_hash_bucket_size"
    )

    assert [sign["what"] for sign in read([Piece(text=line)]).of("noise")] == ["a hash could be larger"]


def test_go_gives_its_reason_of_a_failed_handshake() -> None:
    said = read([Piece(text="http: TLS handshake error from 203.0.113.9:4711: EOF")]).first("client_tls")

    assert said is not None
    assert said["reason"].endswith(": EOF")
