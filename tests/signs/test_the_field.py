"""The same line, with everything that people and programs put before, around and into it."""

import json
from collections.abc import Callable

import pytest

from bot.model.sign import Piece
from bot.signs import read

#: A line of each kind -> the kind that it must give and a field that must survive.
LINES: dict[str, tuple[str, str, str, str]] = {
    "nginx refused": (
        "2031/03/02 08:00:01 [error] 711#711: *42 connect() failed (111: Connection refused) while "
        "connecting to "
        'upstream, client: 10.1.2.3, server: shop, request: "GET /cart HTTP/1.1", upstream: '
        '"http://127.0.0.1:8000/cart", host: "shop"',
        "dial_refused",
        "target",
        "127.0.0.1:8000",
    ),
    "nginx to a socket": (
        "2031/03/02 08:00:01 [crit] 711#711: *42 connect() to unix:/run/shop.sock failed (2: No such file or "
        'directory) while connecting to upstream, client: 10.1.2.3, server: shop, request: "GET / HTTP/1.1", '
        'upstream: "http://unix:/run/shop.sock:/", host: "shop"',
        "dial_missing",
        "target",
        "unix:/run/shop.sock",
    ),
    "nginx timed out": (
        "2031/03/02 08:00:01 [error] 711#711: *42 upstream timed out (110: Connection timed out) "
        "while reading "
        'response header from upstream, client: 10.1.2.3, server: shop, request: "GET /report HTTP/1.1", '
        'upstream: "http://10.0.0.7:8000/report", host: "shop"',
        "answer_timeout",
        "target",
        "10.0.0.7:8000",
    ),
    "nginx too big header": (
        "2031/03/02 08:00:01 [error] 711#711: *42 upstream sent too big header while reading "
        "response header from "
        'upstream, client: 10.1.2.3, server: shop, request: "GET / HTTP/1.1", upstream: '
        '"fastcgi://unix:/run/php.sock:", host: "shop"',
        "header_too_big",
        "",
        "",
    ),
    "nginx emerg": (
        '2031/03/02 08:00:01 [emerg] 1#1: host not found in upstream "api:8080" in '
        "/etc/nginx/conf.d/shop.conf:7",
        "name_at_start",
        "name",
        "api:8080",
    ),
    "HAProxy": (
        "haproxy[41]: 10.1.2.3:51234 [02/Mar/2031:08:00:01.123] fe~ be_shop/web1 0/0/-1/-1/3001 "
        "503 217 - - SC-- "
        '1/1/0/0/3 0/0 "GET /cart HTTP/1.1"',
        "dial_refused",
        "",
        "",
    ),
    "Apache": (
        "[Sun Mar 02 08:00:01.123456 2031] [proxy:error] [pid 711] (111)Connection refused: "
        "AH00957: HTTP: attempt "
        "to connect to 127.0.0.1:8000 (localhost) failed",
        "dial_refused",
        "target",
        "127.0.0.1:8000",
    ),
    "Traefik": (
        'time="2031-03-02T08:00:01Z" level=debug msg="\'502 Bad Gateway\' caused by: dial tcp '
        "172.20.0.3:8000: "
        'connect: connection refused"',
        "dial_refused",
        "target",
        "172.20.0.3:8000",
    ),
    "PHP-FPM": (
        "[02-Mar-2031 08:00:01] WARNING: [pool www] server reached pm.max_children setting (5), "
        "consider raising it",
        "pool_exhausted",
        "",
        "",
    ),
    "gunicorn": (
        "[2031-03-02 08:00:01 +0000] [711] [CRITICAL] WORKER TIMEOUT (pid:902)",
        "worker_timeout",
        "",
        "",
    ),
    "uWSGI": (
        "invalid request block size: 5321 (max 4096)...skip",
        "request_too_big",
        "",
        "",
    ),
    "Node": (
        "Error: listen EADDRINUSE: address already in use :::3000",
        "port_taken",
        "port",
        "3000",
    ),
    "Python": (
        "ModuleNotFoundError: No module named 'shop.settings'",
        "missing_module",
        "",
        "",
    ),
    "kernel": (
        "Out of memory: Killed process 4411 (gunicorn) total-vm:2211400kB, anon-rss:1800200kB, file-rss:0kB",
        "out_of_memory",
        "",
        "",
    ),
    "systemd": (
        "shop.service: Main process exited, code=exited, status=203/EXEC",
        "unit_exec",
        "",
        "",
    ),
    "SELinux": (
        "type=AVC msg=audit(1930000000.123:45): avc:  denied  { name_connect } for  pid=711 "
        'comm="nginx" dest=8000 '
        "scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:port_t:s0 tclass=tcp_socket",
        "denied_by_policy",
        "",
        "",
    ),
    "access log": (
        '10.1.2.3 - - [02/Mar/2031:08:00:01 +0000] "GET /cart HTTP/1.1" 502 157 "-" "curl/8.0"',
        "status",
        "status",
        "502",
    ),
}


def _json(key: str, **more: str) -> Callable[[str], str]:
    return lambda line: json.dumps({key: line + "\n", **more})


def _before(prefix: str) -> Callable[[str], str]:
    return lambda line: prefix + line


def _wrapped(width: int) -> Callable[[str], str]:
    """As an e-mail program breaks a line: at a space."""

    def wrap(line: str) -> str:
        lines = [""]
        for word in line.split(" "):
            if lines[-1] and len(lines[-1]) + len(word) >= width:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
        return "\n".join(lines)

    return wrap


#: What stands around a line in the field.
WORN: dict[str, Callable[[str], str]] = {
    "as it is": _before(""),
    "compose": _before("web-1  | "),
    "old compose": _before("shop_web_1    | "),
    "compose with times": _before("web-1  | 2031-03-02T08:00:01.123456789Z "),
    "swarm": _before("shop_web.1.q2w3e4r5t6y7u8i9o0pasdfgh@node-1    | "),
    "docker logs -t": _before("2031-03-02T08:00:01.123456789Z "),
    "stern": _before("shop-7c5d9f6b8d-x2x7k web "),
    "kubectl logs --prefix": _before("[pod/shop-7c5d9f6b8d-x2x7k/web] "),
    "syslog": _before("Mar  2 08:00:01 web-01 shop[711]: "),
    "syslog of RFC 5424": _before("<11>1 2031-03-02T08:00:01.123Z web-01 shop 711 - - "),
    "journald, exact times": _before("Mar 02 08:00:01.123456 web-01 shop[711]: "),
    "journald, ISO": _before("2031-03-02T08:00:01+0000 web-01 shop[711]: "),
    "dmesg": _before("[88123.456789] "),
    "grep": _before("/var/log/shop/error.log:117:"),
    "CRI": _before("2031-03-02T08:00:01.123456789Z stderr F "),
    "docker's JSON": _json("log", stream="stderr", time="2031-03-02T08:00:01Z"),
    "journald's JSON": _json("MESSAGE", _PID="711", _SYSTEMD_UNIT="shop.service"),
    "Cloud Logging": _json("textPayload", timestamp="2031-03-02T08:00:01Z"),
    "fluentd": lambda line: "2031-03-02 08:00:01 +0000 shop.web: " + json.dumps({"log": line}),
    "PM2": _before("0|shop     | "),
    "supervisor's tail": _before("2031-03-02 08:00:01,123 DEBG 'shop' stderr output:\n"),
    "Heroku": _before("2031-03-02T08:00:01.123456+00:00 app[web.1]: "),
    "colours": lambda line: f"\x1b[31m{line}\x1b[0m",
    "Markdown's quote": _before("> "),
    "Markdown's code": lambda line: f"```log\n{line}\n```",
    "one back quote": lambda line: f"`{line}`",
    "a list": _before("* "),
    "HTML": lambda line: (
        f"<pre>{line.replace('&', '&amp;').replace('<', '&lt;').replace(chr(34), '&quot;')}</pre>"
    ),
    "Windows' line ends": lambda line: f"\r\n{line}\r\n",
    "word processor's quotes": lambda line: line.replace(' "', " \u201c").replace('"', "\u201d"),
    "indented": _before("        "),
    "tabs": _before("\t\t"),
    "in capital level": _before("ERROR: "),
    "broken by an editor": lambda line: f"{line[: len(line) // 2]}\\\n{line[len(line) // 2 :]}",
    "a sentence before it": _before("This is what the log says:\n"),
}


@pytest.mark.parametrize("worn", WORN)
@pytest.mark.parametrize("name", LINES)
def test_a_line_says_the_same_whatever_stands_around_it(name: str, worn: str) -> None:
    line, kind, field, value = LINES[name]

    signs = read([Piece(text=WORN[worn](line))])

    assert any(sign[field] == value or not field for sign in signs.of(kind)), [s.kind for s in signs.all]


@pytest.mark.parametrize("width", [72, 80, 100, 120])
@pytest.mark.parametrize("name", [name for name in LINES if name.startswith("nginx")])
def test_a_wrapped_line_of_nginx_says_the_same(name: str, width: int) -> None:
    line, kind, field, value = LINES[name]

    signs = read([Piece(text=_wrapped(width)(line))])

    assert any(sign[field] == value or not field for sign in signs.of(kind)), [s.kind for s in signs.all]
