"""A sign claims what its line says: no address out of a version, no app's answer out of a proxy's page."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

#: What is written -> a kind of sign that it does not give.
_NO_SIGN: dict[str, tuple[str, str]] = {
    "the address that a server has": (
        "address_moved",
        "It works with the actual IP of the machine in the file.",
    ),
    "a body that a handshake stopped": (
        "answer_reset",
        "(502)Unknown error 502: [client 192.0.2.4:4000] AH01084: pass request body failed to 192.0.2.9:8443",
    ),
    "a plain request to a port of TLS": (
        "answers",
        "$ curl -k https://localhost:7100\nClient sent an HTTP request to an HTTPS server.",
    ),
    "FPM without the script": ("answers", "# curl 127.0.0.1:7080/a.php\nNo input file specified."),
    "the proxy's own page": (
        "answers",
        "curl http://shop.example:7000/v1\n<html>\n<head><title>502 Bad Gateway</title></head>",
    ),
    "a public name with its failure": (
        "answers",
        "$ curl -I https://shop.example.com/\nHTTP/1.1 503 Service Unavailable",
    ),
    "a public name that is well": ("answers", "$ curl -I http://shop.example.com\nHTTP/1.1 200 OK"),
    "a page that never loads": ("answers", "The stock container on 7002:80 never loads and times out."),
    "a socket made anew": ("address_moved", "At each start the socket is recreated with mode 0600"),
    "a library that the loader misses": (
        "php_extension",
        "/opt/a/bin/ruby: error while loading shared libraries: libvips.so: cannot open shared object file",
    ),
    "requests that are normal": ("site_well", "It seems to be all normal requests, from all clients."),
    "a directive in another file": (
        "resolver_needed",
        "include /etc/nginx/resolver.conf;\nset $to stock;\nproxy_pass http://$to:7000;",
    ),
    "an outcome in the next line": (
        "answers",
        "`curl http://localhost` returns\ncurl: (7) Failed to connect to localhost port 80",
    ),
    "a proxy that was late": ("answers_not", "curl https://api.example.com gives 504 Gateway Timeout"),
    "the front is late": ("answers_not", "`curl -k https://localhost/` times out"),
    "one container asks another host": (
        "asked_from",
        "A curl from inside the web container to http://stock.internal.example:7000/ answers.",
    ),
    "a sentence about a directive": ("dials", "With one file the same proxy_pass works."),
    "a setting with an address": ("name_now", "docker run --name shop -e DB_HOST=127.0.0.1 example/shop"),
    "a program's version": (
        "name_now",
        "Faulting application name: shop.exe, version: 3.1.4.0, time stamp: 0x5f",
    ),
    "an address that is asked": ("name_now", "PING 192.0.2.40 (192.0.2.40): 56 data bytes"),
    "no name is looked up": ("resolves", "PING 192.0.2.40 (192.0.2.40): 56 data bytes"),
    "two files on one network": (
        "networks_told",
        "web and app are in two compose files, joined by a common network.",
    ),
    "one server is out": (
        "no_live",
        "[proxy:error] AH00959: ap_proxy_connect_backend disabling worker for (192.0.2.8) for 60s",
    ),
    "ports that are gone through": (
        "port_blamed",
        "Use shop through its published ports: connection refused",
    ),
    "a tool that is to change a port": (
        "port_blamed",
        "shopctl, started to change the web port, ended with error 3",
    ),
    "a port that something is mapped to": (
        "port_blamed",
        "https://localhost:7443 (that is the proxy, mapped to host port 7443) gives a 502",
    ),
    "a trouble that is back": ("lack_over", "An hour later the trouble was here again."),
    "an installation that went well": ("site_well", "I installed everything fine and then it was killed."),
    "an empty page": ("site_well", "Only a blank page loads."),
    "what was hoped for": ("opened_as", "I expected http://shop.example:7080 to work"),
    "a network that somebody joined": ("reached", "When I connected to Harbour-5G the page was a 502."),
    "a system's new version": ("released", "After upgrading to Debian 12 no container is reached"),
    "connections that are counted": ("conntrack_full", "net.netfilter.nf_conntrack_count = 811"),
    "a counter at nought": ("dial_failed", "cluster.shop.upstream_cx_connect_fail: 0\ncx_connect_fail::0"),
    "an app that compose calls web": ("proxy_in_container", "web_1  | Waiting for the database"),
    "an app with proxy in its name": ("proxy_in_container", "oauth2-proxy in Docker, nginx on the host"),
    "a socket behind a module": ("app_failed", "gunicorn -b unix:/run/a.sock --chdir /srv/a wiki.wsgi:app"),
    "a port behind an address": ("port_blamed", "If I use 127.0.0.1:port it results in a 502 Bad Gateway"),
    "a service's port in values": ("port_setting", "shop:\n  service:\n    port: 7443"),
    "a service's port in a route": ("port_setting", "  services:\n    - name: shop\n      port: 7000"),
    "a service's port in JSON": ("port_setting", '"ports": [{\n"port": 7000,\n"targetPort": 7001\n}]'),
    "a generated proxy's port": ("port_setting", "- VIRTUAL_PORT=7000"),
    "a label of Traefik": ("port_setting", '- "traefik.port=7000"'),
    "a client's own port": (
        "port_setting",
        "[uwsgi-http key: shop client_addr: 192.0.2.3 client_port: 41822] gone",
    ),
    "what Apache dials": (
        "socket_named",
        "AH02454: FCGI: attempt to connect to Unix domain socket /run/listen = /run/shop.sock (shop) failed",
    ),
    "two ends of a connection": ("published", "read tcp 192.0.2.4:41822->192.0.2.9:7000: i/o timeout"),
    "a connection in a list of files": (
        "published",
        "proxy 77 root 9u IPv4 3301 0t0 TCP 192.0.2.4:41822->192.0.2.9:7000 (ESTABLISHED)",
    ),
    "a user that systemd does not find": (
        "nobody_runs",
        "shop.service: Failed to determine user credentials: No such process",
    ),
    "the errno of a user's absence": (
        "end_told",
        "shop.service: Failed to determine user credentials: No such process",
    ),
    "a browser's reload": ("lack_over", "One page in ten is a 502, and a reload works again."),
    "how a server is stopped": ("unit", "Most of the time squid is stopped by the nightly script"),
    "the address that a browser opens": (
        "loopback_fails",
        "http://localhost:7443 (the proxy's own port there) shows a 502",
    ),
    "a mapping in brackets": ("port_blamed", "The page (mapped to port 7443 here) gives me a 502"),
    "HAProxy's servers": ("app_failed", "[ALERT] 031/080001 (7) : Failed to initialize server(s) addr."),
    "a folder that a start lacks": (
        "nginx_not_running",
        'nginx: [emerg] open() "/run/nginx/nginx.pid" failed (2: No such file or directory)',
    ),
    "localhost's own address": ("name_now", "On this machine the name localhost resolves to 127.0.0.1"),
    "a store that refuses an app": (
        "dial_refused",
        "Connection to db.internal.example:5432 refused. Check that the hostname and port are correct.",
    ),
    "no semaphore is left": ("disk_full", "FATAL:  could not create semaphores: No space left on device"),
    "a name that nginx does not find": ("dials", "Here nginx says host not found in upstream app:7000"),
    "no watch is left": ("disk_full", "inotify_add_watch(/srv/shop) failed: No space left on device"),
    "a frame of HTTP/2": (
        "answer_not_protocol",
        'upstream sent frame for unknown stream 7 while reading, upstream: "https://192.0.2.9:8443/a"',
    ),
}


@pytest.mark.parametrize("case", _NO_SIGN)
def test_what_is_not_said_gives_no_sign(case: str) -> None:
    kind, text = _NO_SIGN[case]

    assert [sign.line for sign in read([Piece(text=text)]).of(kind)] == []


_REQUEST = (
    '192.0.2.3 - [192.0.2.3] - - [02/Mar/2031:08:00:01 +0000] "GET / HTTP/1.1" 502 163 "-" "-" 111 0.013'
)
#: What is written -> a kind, a field, and all values that it may have.
_FIELDS: dict[str, tuple[str, str, set[str], str]] = {
    "no container is called so": (
        "published",
        "name",
        {""},
        "They use the following ports 7001:80, 7002:80 and 7003:80.",
    ),
    "an S is no HTTP": (
        "answer_not_protocol",
        "wants",
        {""},
        'upstream sent unsupported FastCGI protocol version: 83 while reading, upstream: "fastcgi://unix:/run/a.sock:"',
    ),
    "an H is HTTP": (
        "answer_not_protocol",
        "wants",
        {"http"},
        'upstream sent unsupported FastCGI protocol version: 72 while reading, upstream: "fastcgi://127.0.0.1:9000"',
    ),
    "Apache speaks FastCGI": (
        "answer_not_protocol",
        "wants",
        {""},
        "[proxy_fcgi:error] AH01068: Got bogus version 72",
    ),
    "HTTP to a port of TLS": (
        "answer_not_protocol",
        "wants",
        {"https"},
        "Client sent an HTTP request to an HTTPS server.",
    ),
    "TLS to a plain port": (
        "answer_not_protocol",
        "wants",
        {"http"},
        "http: server gave HTTP response to HTTPS client",
    ),
    "a socket has no name": ("dials", "name", {""}, "fastcgi_pass unix:/run/shop.sock;"),
    "a remark in a folder": (
        "listed",
        "names",
        {"shop.sock"},
        "ls -l /run\nsrw-rw---- 1 root root 0 Jul 6 15:47 shop.sock (not for others)",
    ),
    "a remark behind a socket": (
        "socket_file",
        "path",
        {"shop.sock"},
        "srw-rw---- 1 root root 0 Jul 6 15:47 shop.sock (not for others)",
    ),
    "a pool's setting": ("listening", "inside", {""}, "listen = /run/php-shop.sock"),
    "gunicorn's command": ("listening", "inside", {""}, "gunicorn shop.wsgi -b unix:/run/shop.sock -w 2"),
    "uWSGI's setting": ("listening", "inside", {""}, "socket = /run/shop.sock"),
    "a name with its scheme": (
        "name_unresolved",
        "name",
        {"cache.internal.example"},
        "no resolver defined to resolve http://cache.internal.example:80",
    ),
    "nginx is the proxy": (
        "no_live",
        "proxy",
        {"nginx"},
        'no live upstreams while connecting to upstream, client: 192.0.2.3, upstream: "http://shop/"',
    ),
    "an error's number": ("port_taken", "port", {""}, "Address already in use (os error 98)"),
    "Docker is no Go app": (
        "port_taken",
        "who",
        {""},
        "Error starting userland proxy: listen tcp4 0.0.0.0:7080: bind: address already in use",
    ),
    "every try took its time": (
        "took",
        "seconds",
        {"0.012"},
        f"{_REQUEST} [shop-443] [] 10.0.0.8:443, 10.0.0.8:443 0, 0 0.008, 0.004 502, 502 {'c' * 32}",
    ),
}


@pytest.mark.parametrize("case", _FIELDS)
def test_a_field_holds_what_is_said(case: str) -> None:
    kind, field, values, text = _FIELDS[case]

    assert {sign[field] for sign in read([Piece(text=text)]).of(kind)} == values


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("published", "shop (0.0.0.0:8080->80/tcp) and blog (0.0.0.0:8081->81)."),
        (
            "answer_reset",
            'it logs "104: Connection reset by peer) while reading response header" on each page',
        ),
        ("nobody_runs", "kill: sending signal to 4711 failed: No such process"),
        ("lack_over", "the volume is mounted again"),
        ("unit", "squid is stopped"),
        ("loopback_fails", "proxy_pass http://localhost:7000 is a 502"),
        ("nginx_not_running", 'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)'),
        ("nginx_not_running", "In the morning we found nginx down."),
        ("dependency_away", "Connection to db.internal.example:5432 refused."),
        ("dial_refused", "nginx says that app:7000 refused"),
        ("disk_full", "FATAL:  could not write lock file: No space left on device"),
        ("ipc_full", "(28)No space left on device: AH00023: Couldn't create the rewrite-map mutex"),
        ("runs_as", "nginx runs as user web"),
        ("after_reboot", "Each time the host reboots it is away."),
        ("released", "Somebody ran `composer update` at noon."),
        ("fpm_complains", "ERROR: Unable to create the PID file (/run/fpm/shop.pid).: No such file (2)"),
        ("proxy_in_container", "Envoy itself is run in docker"),
        ("address_moved", "After the update the new IP of the app was unknown to nginx."),
        ("answers", "$ curl -I http://app.internal:80\nHTTP/1.1 200 OK"),
        ("answers", "curl http://192.0.2.7:7000/health\nok"),
        ("name_now", "nslookup shop gives 192.0.2.31"),
        ("networks_told", "They run in two compose files."),
        ("port_blamed", "Since we changed the port of the app it fails."),
        ("port_setting", "environment:\n  PORT: 7000"),
        ("port_setting", "port: 7000\nworkers: 2"),
        ("tls_failed", "(502)Unknown error 502: AH01084: pass request body failed to 192.0.2.9:8443"),
        ("server_disabled", "AH00959: ap_proxy_connect_backend disabling worker for (192.0.2.8) for 60s"),
    ],
)
def test_what_is_said_still_gives_its_sign(kind: str, text: str) -> None:
    assert read([Piece(text=text)]).has(kind)


def test_what_is_sent_from_one_place_to_another_goes_to_the_other() -> None:
    signs = read([Piece(text="The dev server shall proxy localhost:7000 to localhost:7001 and does not.")])

    assert [sign["target"] for sign in signs.of("dials")] == ["localhost:7001"]


def test_an_exception_that_ends_a_net_process_is_no_signal_of_the_kernel() -> None:
    line = "shop-svc[4711]: Unhandled Exception: Shop.NoSuchItemException: not found"

    assert {sign["signal"] for sign in read([Piece(text=line)]).of("crashed")} == {""}


def test_envoy_dials_its_clusters_and_not_its_listeners() -> None:
    text = (
        "listeners:\n- address: {socket_address: {address: 0.0.0.0, port_value: 7443}}\n"
        "clusters:\n- name: shop\n  load_assignment:\n    endpoints:\n    - lb_endpoints:\n"
        "      - endpoint:\n          address:\n            socket_address:\n"
        "              address: shop.internal\n              port_value: 7000\n"
    )

    assert [sign["target"] for sign in read([Piece(text=text)]).of("dials")] == ["shop.internal:7000"]


def test_a_sockets_name_is_not_cut() -> None:
    text = "in `initialize': Address already in use - /srv/shop/shop.socket (Errno::EADDRINUSE)"

    assert read([Piece(text=text)]).where("port_taken", path="/srv/shop/shop.socket")
