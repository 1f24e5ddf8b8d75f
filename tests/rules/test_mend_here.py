"""What mends it in the terms of the proxy that the text shows."""

import pytest

from bot.catalog import names_of_code
from bot.diagnose import diagnose
from bot.explain import mend_of
from bot.model.sign import Piece, Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, Verdict
from bot.rules import _mend_here, _which_proxy

_NGINX = (
    "2031/01/01 10:00:00 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to"
    ' upstream, client: 192.0.2.9, server: a.example, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:4000/"'
)
_REFUSED = "dial tcp 172.20.0.4:4000: connect: connection refused"


def verdict(*texts: str) -> Verdict:
    return diagnose([Piece(text=text) for text in texts])


def in_front(text: str) -> str:
    return _which_proxy.in_front(Signs(all=(), text=text))


def finding(cause: str, *lines: str, mend: str | None = None) -> Finding:
    return Finding(
        cause=cause,
        certainty=Certainty.POSSIBLE,
        says="so",
        because=tuple(Line(step="pasted", text=line) for line in lines or ("so",)),
        restart=RestartAdvice(effect=RestartEffect.USELESS, what="app", why="so"),
        next_check="whether",
        mend=mend,
    )


def mend(cause: str, line: str, text: str = "") -> str:
    (said,) = _mend_here.told([finding(cause, line)], Signs(all=(), text=text or line))
    return said.mend or ""


def test_every_row_is_of_a_known_cause_and_product() -> None:
    assert set(_mend_here.BY_PRODUCT) <= names_of_code().rules.keys()
    assert {name for rows in _mend_here.BY_PRODUCT.values() for name in rows} <= set(_which_proxy.NAMES)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("traefik.http.services.shop.loadbalancer.server.port=4000", "traefik"),
        ("msg=\"'502 Bad Gateway' caused by: " + _REFUSED + '"', "traefik"),
        ("shop.example {\n  reverse_proxy web:4000\n}", "caddy"),
        ('{"logger":"http.log.error.log0","msg":"' + _REFUSED + '"}', "caddy"),
        ("ProxyPass / http://web:4000/", "apache"),
        ("Reason: DNS lookup failure for: web", "apache"),
        ("[ALERT] 001/100000 (7) : parsing [/srv/lb.cfg:3] : unknown keyword", "haproxy"),
        ("upstream connect error or disconnect/reset before headers", "envoy"),
        ("upstream connect error or disconnect/reset before headers, kind: VirtualService", "istio"),
        ("the target group has no healthy target", "aws"),
        ('at=error code=H12 desc="Request timeout" heroku[router]', "heroku"),
        ("WEBSITES_PORT=80", "azure_app"),
        ("VIRTUAL_HOST=shop.example\n" + _NGINX, "nginx-proxy"),
        (_NGINX.replace("server: a.example", "server: kong"), "kong"),
        ("route.openshift.io/v1, the router is haproxy", "openshift"),
        ("we have HAProxy and it says 503", "haproxy"),
        (_NGINX, "nginx"),
        ("502 since today", ""),
    ],
)
def test_the_product_in_front_is_told_by_its_own_words(text: str, product: str) -> None:
    assert in_front(text) == product


@pytest.mark.parametrize(
    "text",
    [
        "traefik.http.services.shop.loadbalancer.server.port=4000\n" + _NGINX,
        "Caddyfile:\nreverse_proxy web:4000\nhaproxy.cfg:\nserver web web:4000",
        "elb_status_code=502, and on the instance nginx passes it on",
        "we went from HAProxy to Traefik",
        "Apache Kafka cannot be reached",
        "a server in Hong Kong",
    ],
    ids=["nginx's own lines", "two", "a proxy behind the balancer", "two names", "Apache's Kafka", "a city"],
)
def test_no_product_is_told_where_several_may_be_meant(text: str) -> None:
    assert in_front(text) == ""


@pytest.mark.parametrize(
    ("texts", "cause", "has", "lacks"),
    [
        (
            (
                "msg=\"'502 Bad Gateway' caused by: " + _REFUSED + '"',
                'services:\n  web:\n    image: web\n    ports:\n      - "4000:3000"\n',
            ),
            "wrong_port",
            "loadbalancer.server.port",
            "proxy_pass",
        ),
        (
            ("Proxy Error. Reason: DNS lookup failure for: web",),
            "dns_unresolved",
            "/etc/resolv.conf",
            "127.0.0.11",
        ),
        (
            (
                "elb_status_code=502 target_status_code=-",
                "the app's keepAliveTimeout is 5 s, ALB idle timeout 60 s",
            ),
            "keepalive_race_reset",
            "idle timeout",
            "proxy_next_upstream",
        ),
        (
            ("Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch",),
            "wrong_port",
            "0.0.0.0 and the port in $PORT",
            "VIRTUAL_PORT",
        ),
        (
            ("[ALERT] 001/100000 (7) : parsing [/srv/haproxy.cfg:3] : unknown keyword 'x' in 'frontend'",),
            "nginx_config_invalid",
            "`haproxy -c -f FILE`",
            "nginx",
        ),
    ],
    ids=["Traefik", "Apache", "AWS", "Heroku", "HAProxy"],
)
def test_the_verdict_speaks_of_the_settings_that_its_reader_has(
    texts: tuple[str, ...], cause: str, has: str, lacks: str
) -> None:
    found = next(one for one in verdict(*texts).found if one.cause == cause)

    assert has in (found.mend or "") and lacks not in (found.mend or "")


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("[ALERT] 001/100000 (7) : parsing [/srv/haproxy.cfg:3] : unknown keyword 'x'", "HAProxy", "HAProxy"),
        ("AH00526: Syntax error on line 3 of /srv/apache/site.conf:", "Apache", "Apache"),
        ("Error: adapting config using caddyfile: Caddyfile:3: unrecognized directive: x", "Caddy", "Caddy"),
        ('nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:3', "nginx", "nginx"),
    ],
)
def test_a_refused_configuration_is_of_the_proxy_that_refuses_it(text: str, who: str, what: str) -> None:
    answer = verdict(text)

    assert answer.cause == "nginx_config_invalid"
    assert answer.says.startswith(f"{who} refuses its configuration")
    assert answer.restart.what == what


@pytest.mark.parametrize(
    ("cause", "line", "has", "lacks"),
    [
        (
            "tls_verify_failed",
            "SSL certificate verify error: (22:certificate chain too long) while SSL handshaking to upstream",
            "proxy_ssl_verify_depth",
            "proxy_ssl_name",
        ),
        (
            "tls_verify_failed",
            "verify error: (22:certificate chain too long) while SSL handshaking to upstream, server: kong",
            "tls_verify_depth of Kong",
            "proxy_ssl",
        ),
        (
            "tls_verify_failed",
            "SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream",
            "dates",
            "proxy_ssl_name",
        ),
        (
            "tls_verify_failed",
            'upstream SSL certificate does not match "a.example" while SSL handshaking to upstream',
            "proxy_ssl_name",
            "depth",
        ),
        ("rate_limited_503", 'limiting connections by zone "per_ip"', "limit_conn", "rate or burst"),
        (
            "fd_limit",
            'nginx: [emerg] open() "/var/log/nginx/a.log" failed (24: Too many open files)',
            "LimitNOFILE=",
            "fs.file-max",
        ),
        (
            "socket_permission",
            'connect() to unix:/run/a.sock failed (13: Permission denied), upstream: "uwsgi://unix:/run/a.sock:"',
            "chmod-socket",
            "listen.mode",
        ),
        (
            "php_fpm_down",
            "connect() to unix:/run/hhvm/hhvm.sock failed (111: Connection refused)",
            "HHVM",
            "FPM",
        ),
        (
            "wrong_address",
            "Reason: DNS lookup failure for: 127.0.0.1:8080shop",
            "trailing slash on both arguments",
            "resolver",
        ),
        (
            "host_not_found_at_start",
            'nginx: [emerg] host not found in resolver "dns.example" in /etc/nginx/nginx.conf:3',
            "in `resolver`",
            "depends_on",
        ),
    ],
)
def test_what_the_line_itself_complains_of_is_mended_and_nothing_else(
    cause: str, line: str, has: str, lacks: str
) -> None:
    said = mend(cause, line)

    assert has in said and lacks not in said


def test_a_rate_beyond_its_limit_keeps_the_account_of_its_rule() -> None:
    assert mend("rate_limited_503", 'limiting requests, excess: 5.0 by zone "a"') == ""


@pytest.mark.parametrize(
    ("cause", "line", "setting"),
    [
        (
            "proxy_500_not_502",
            "AH00961: HTTPS: failed to enable ssl support for 192.0.2.9:9443",
            "SSLProxyEngine",
        ),
        ("permission_user", 'nginx: [emerg] getpwnam("web") failed', "nginx's `user` directive"),
        ("ipv6_mismatch", "connect() to [2001:db8::9]:80 failed (101: Network is unreachable)", "ipv6=off"),
    ],
)
def test_what_the_line_itself_names_is_what_is_set(cause: str, line: str, setting: str) -> None:
    assert setting in mend(cause, line)


def test_workers_without_descriptors_keep_the_account_of_their_rule() -> None:
    assert mend("fd_limit", "[crit] 7#7: accept4() failed (24: Too many open files)") == ""


def test_what_a_rule_says_of_this_very_text_stays() -> None:
    (said,) = _mend_here.told(
        [finding("wrong_port", mend="port 3000")], Signs(all=(), text="ProxyPass / http://web:4000/")
    )

    assert said.mend == "port 3000"


def test_a_name_that_the_system_resolves_is_asked_for_where_the_proxy_runs() -> None:
    (said,) = _mend_here.told([finding("dns_unresolved")], Signs(all=(), text="ProxyPass / http://web:4000/"))

    assert "getent hosts" in (said.next_check or "") and "Apache" in (said.next_check or "")


def test_a_line_that_a_table_knows_tells_the_product_too() -> None:
    sign = Sign(kind="no_live", line="so", fields={"proxy": "haproxy"})

    assert _which_proxy.in_front(Signs(all=(sign,), text="so")) == "haproxy"


def test_for_nginx_the_account_of_the_rule_is_what_people_read() -> None:
    assert (
        "proxy_pass" in mend_of(verdict(_NGINX, 'LISTEN 0 511 127.0.0.1:3000 0.0.0.0:* users:(("node"))'))[1]
    )


@pytest.mark.parametrize(
    ("cause", "line", "has"),
    [
        ("nginx_down", "Unit nginx.service is masked.", "systemctl unmask"),
        ("exec_missing", "exec /start.sh: exec format error", "uname -m"),
        ("nginx_config_invalid", "failed to load the 'resty.core' module", "of one release"),
        ("app_crash_startup", "812 Illegal instruction (core dumped) shopd", "for this processor"),
        ("http_504_timeout", "mod_fcgid: read data timeout in 40 seconds", "FcgidIOTimeout"),
    ],
)
def test_what_the_line_names_is_what_mends_it(cause: str, line: str, has: str) -> None:
    assert has in mend(cause, line)
