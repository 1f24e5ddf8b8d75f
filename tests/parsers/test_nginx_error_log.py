"""Lines of nginx's error log as they are found: whole, cut, prefixed, from many systems."""

# ruff: noqa: E501  # lines stand as hosts write them

import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.parsers._nginx_faults import _FAULTS, Fault
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog, nginx_error_log
from tests.support.asked import REFUSED, output

WHOLE = (
    "2026/11/20 23:23:05 [error] 156#156: *5 connect() failed (111: Connection refused) while connecting to upstream, "
    'client: 10.88.0.1, server: _, request: "GET /a?b=1 HTTP/1.1", upstream: "http://127.0.0.1:3000/a?b=1", host: "10.88.0.11"'
)


def read(text: str) -> NginxErrorLog:
    return nginx_error_log(output("error_log", text))


def test_reads_every_field_of_a_whole_line() -> None:
    (entry,) = read(WHOLE).errors

    assert entry.at == datetime(2026, 11, 20, 23, 23, 5)  # noqa: DTZ001  # the log has no zone
    assert (entry.level, entry.fault, entry.protocol, entry.address) == (
        "error",
        Fault.REFUSED,
        "http",
        "127.0.0.1:3000",
    )
    assert (entry.client, entry.server, entry.path) == ("10.88.0.1", "_", "/a?b=1")
    assert entry.message.startswith("connect() failed")
    assert entry.line == WHOLE


def test_what_stands_inside_a_request_is_no_field_of_nginx() -> None:
    cut = 'upstream timed out (110: x), client: 10.88.0.1, request: "GET /?upstream: http://evil:1/ HTTP/1.1", upst'

    (entry,) = read(cut).errors

    assert (entry.client, entry.address) == ("10.88.0.1", "")


def test_words_of_faults_are_in_lower_case_as_the_lines_are_that_they_look_for() -> None:
    upper = [pattern.pattern for _, pattern in _FAULTS if re.search(r"(?<!\\)[A-Z]", pattern.pattern)]

    assert upper == []


@pytest.mark.parametrize(
    "prefix",
    [
        "web_1  | ",
        "nginx.1    | ",
        "shop-frontend-7c9 nginx ",
        "Nov 20 23:23:05 web-01 nginx[156]: ",
        "2026-11-20T23:23:05+0000 web-01 nginx[156]: ",
        '{"log":"',
        "<187>Nov 20 23:23:05 lb nginx: ",
        "2026-11-20 23:23:05.123 ",
    ],
    ids=["compose", "foreman", "stern", "syslog", "journald", "json", "syslog-raw", "two-times"],
)
def test_prefixes_of_other_programs_do_not_matter(prefix: str) -> None:
    (entry,) = read(prefix + WHOLE).errors

    assert (entry.fault, entry.address) == (Fault.REFUSED, "127.0.0.1:3000")
    assert entry.at == datetime(2026, 11, 20, 23, 23, 5)  # noqa: DTZ001  # the log has no zone


FAULTS = {
    "connect() failed (111: Connection refused) while connecting to upstream": Fault.REFUSED,
    "connect() failed (61: Connection refused) while connecting to upstream": Fault.REFUSED,
    "connect() failed (10061: No connection could be made because the target machine actively refused it) while connecting to upstream": Fault.REFUSED,
    "connect() failed (113: No route to host) while connecting to upstream": Fault.NO_ROUTE,
    "connect() failed (113: Host is unreachable) while connecting to upstream": Fault.NO_ROUTE,
    "connect() to [fd00::5]:80 failed (101: Network unreachable) while connecting to upstream": Fault.NO_ROUTE,
    "upstream timed out (110: Connection timed out) while connecting to upstream": Fault.CONNECT_TIMEOUT,
    "upstream timed out (110: Operation timed out) while reading response header from upstream": Fault.READ_TIMEOUT,
    "upstream timed out (60: Operation timed out) while reading response header from upstream": Fault.READ_TIMEOUT,
    "upstream timed out (110: Connection timed out) while sending request to upstream": Fault.SEND_TIMEOUT,
    "connect() to unix:/run/a.sock failed (2: No such file or directory) while connecting to upstream": Fault.SOCKET_MISSING,
    "connect() to unix:/run/a.sock failed (13: Permission denied) while connecting to upstream": Fault.PERMISSION,
    "connect() to 127.0.0.1:8080 failed (13: Permission denied) while connecting to upstream": Fault.PERMISSION,
    "connect() to unix:/run/a.sock failed (11: Resource temporarily unavailable) while connecting to upstream": Fault.BACKLOG,
    "recv() failed (104: Connection reset by peer) while reading response header from upstream": Fault.RESET,
    "upstream prematurely closed connection while reading response header from upstream": Fault.CLOSED_EARLY,
    "upstream prematurely closed connection while reading upstream": Fault.CUT_SHORT,
    "upstream sent too big header while reading response header from upstream": Fault.HEADER_TOO_BIG,
    'upstream sent invalid header: "a\\x20b..." while reading response header from upstream': Fault.HEADER_INVALID,
    'upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading response header from upstream': Fault.HEADER_INVALID,
    "no live upstreams while connecting to upstream": Fault.NO_LIVE,
    "accept4() failed (24: Too many open files)": Fault.FD_LIMIT,
    "socket() failed (24: No file descriptors available) while connecting to upstream": Fault.FD_LIMIT,
    "1024 worker_connections are not enough": Fault.CONNECTIONS,
    'host not found in upstream "django:8000" in /etc/nginx/conf.d/nginx.conf:2': Fault.NAME_AT_START,
    "app.internal could not be resolved (3: Host not found)": Fault.NAME,
    "send() failed (111: Connection refused) while resolving, resolver: 127.0.0.11:53": Fault.NAME,
    "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream": Fault.TLS_PROTOCOL,
    "SSL_do_handshake() failed (SSL: error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure) while SSL handshaking to upstream": Fault.TLS,
    "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream": Fault.TLS_VERIFY,
    "upstream sent too large http2 frame: 3940676 while reading response header from upstream": Fault.WRONG_PROTOCOL,
    "connect() to 192.0.2.9:3000 failed (22: Invalid argument) while connecting to upstream": Fault.NO_ROUTE,
    "connect() to unix:/run/a.sock failed (22: Invalid argument) while connecting to upstream": Fault.OTHER,
    "upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream": Fault.WRONG_PROTOCOL,
    "bind() to 0.0.0.0:80 failed (98: Address already in use)": Fault.BIND,
    "bind() to 0.0.0.0:80 failed (98: Address in use)": Fault.BIND,
    'pwrite() "/var/lib/nginx/tmp" failed (28: No space left on device) while reading upstream': Fault.DISK_FULL,
    "rewrite or internal redirection cycle while internally redirecting": Fault.LOOP,
    "client intended to send too large body: 9 bytes": Fault.BODY_TOO_BIG,
    "a client request body is buffered to a temporary file /var/cache/nginx/client_temp/1": Fault.NOISE,
    "client 10.88.0.1 closed keepalive connection": Fault.CLIENT,
}


@pytest.mark.parametrize("message", FAULTS)
def test_names_the_fault(message: str) -> None:
    (entry,) = read(f"2026/11/20 23:23:05 [error] 1#1: *5 {message}").errors

    assert entry.fault is FAULTS[message]


@pytest.mark.parametrize("message", [m for m in FAULTS if "upstream" in m])
def test_names_the_fault_of_a_fragment_without_time_level_and_ids(message: str) -> None:
    assert [entry.fault for entry in read(message).errors] == [FAULTS[message]]


@pytest.mark.parametrize(
    ("upstream", "dialled"),
    [
        ("http://127.0.0.1:3000/x", ("http", "127.0.0.1:3000")),
        ("https://[fd00::5]:8443/", ("https", "[fd00::5]:8443")),
        ("fastcgi://unix:/run/php/fpm.sock:", ("fastcgi", "unix:/run/php/fpm.sock")),
        ("http://unix:/run/app/app.sock:/", ("http", "unix:/run/app/app.sock")),
        ("http://unix:/run/app/app.sock/", ("http", "unix:/run/app/app.sock")),
        ("http://unix:/run/app/app.sock/elsewhere", ("http", "unix:/run/app/app.sock")),
        ("uwsgi://unix:///tmp/uwsgi.sock:", ("uwsgi", "unix:///tmp/uwsgi.sock")),
        ("scgi://127.0.0.1:4000", ("scgi", "127.0.0.1:4000")),
        ("grpc://10.0.0.1:50051", ("grpc", "10.0.0.1:50051")),
    ],
)
def test_reads_whom_nginx_dialled(upstream: str, dialled: tuple[str, str]) -> None:
    (entry,) = read(f'*1 upstream timed out, client: 1.1.1.1, upstream: "{upstream}", host: "a"').errors

    assert (entry.protocol, entry.address) == dialled


def test_a_socket_is_told_from_the_path_that_was_asked_for() -> None:
    line = WHOLE.replace("http://127.0.0.1:3000/a?b=1", "http://unix:/run/backend/a?b=1")

    assert [entry.address for entry in read(line).errors] == ["unix:/run/backend"]


@pytest.mark.parametrize("keep", [40, 80, 120, 200, len(WHOLE) - 3])
def test_a_line_cut_at_its_end_keeps_what_is_left(keep: int) -> None:
    (entry,) = read(WHOLE[:keep]).errors

    assert entry.level == "error"
    assert entry.line == WHOLE[:keep].strip()


def test_file_headings_name_the_file_and_other_text_is_kept_as_unread() -> None:
    log = read(f"==> /var/log/nginx/app.log <== mtime 1 bytes 2\n{WHOLE}\nsomething else entirely\n")

    assert [entry.file for entry in log.errors] == ["/var/log/nginx/app.log"]
    assert log.unread == ("something else entirely",)


def test_an_empty_log_has_no_errors() -> None:
    assert read("").errors == ()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    log = read(text)

    assert len(log.errors) + len(log.unread) <= len(text.splitlines())


STDERR = (
    '2026/11/30 10:45:40 [error] 8#8: *13 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught RuntimeException: no database in /srv/a.php:1\n'
    "Stack trace:\n"
    "#0 {main}\n"
    '  thrown in /srv/a.php on line 1" while reading response header from upstream, client: 127.0.0.1, server: _, request: "GET /a HTTP/1.1", upstream: "fastcgi://unix:/run/php/a.sock:", host: "x"\n'
)


def test_what_a_fastcgi_server_wrote_in_several_lines_is_one_entry() -> None:
    (entry, after) = read(f"{STDERR}{WHOLE}\n").errors

    assert (entry.fault, entry.protocol, entry.address, entry.path) == (
        Fault.BACKEND_SAID,
        "fastcgi",
        "unix:/run/php/a.sock",
        "/a",
    )
    assert "thrown in /srv/a.php" in entry.message
    assert entry.line == STDERR.split("\n", 1)[0]
    assert after.line == WHOLE


def test_one_that_is_cut_off_swallows_no_other_entry() -> None:
    first = STDERR.split("\n", 1)[0]

    assert [entry.line for entry in read(f"{first}\n{WHOLE}\n").errors] == [first, WHOLE]


_LINE = (
    "2026/11/20 11:59:58 [error] 8#8: *5 {message}, client: 10.0.0.9, server: _, "
    'request: "{request}", upstream: "http://127.0.0.1:3000/", host: "{host}", referrer: "{referrer}"'
)
_OPEN = '2026/11/20 11:59:58 [error] 8#8: *5 open() "/srv/{}" failed (2: No such file or directory), client: 10.0.0.9'
_CHOSEN = (
    "no live upstreams",
    "worker_connections are not enough",
    "too many open files",
    "x while reading response header from upstream",
    '", upstream: "http://192.0.2.66:1/", host: "evil.example',
)


#: nginx refuses a blank in a host, so no field can follow in one; the first line of a request likewise.
_PLACES = [(place, chosen) for place in ("request", "host", "referrer") for chosen in _CHOSEN[:-1]]


def _read(line: str) -> NginxError:
    (error,) = read(line + "\n").errors
    return error


@pytest.mark.parametrize(("place", "chosen"), [*_PLACES, ("referrer", _CHOSEN[-1])])
def test_what_a_visitor_writes_makes_no_other_fault_and_no_other_address(place: str, chosen: str) -> None:
    fields = {"request": "GET / HTTP/1.1", "host": "shop.example", "referrer": "https://shop.example/"}
    fields[place] = f"GET /{chosen} HTTP/1.1" if place == "request" else chosen

    error = _read(_LINE.format(message=REFUSED, **fields))

    assert (error.fault, error.address, error.server) == (Fault.REFUSED, "127.0.0.1:3000", "_")


@pytest.mark.parametrize("chosen", [*_CHOSEN, '" no live upstreams'])
def test_a_path_that_a_visitor_asked_for_makes_no_fault(chosen: str) -> None:
    assert _read(_OPEN.format(chosen)).fault is Fault.NOISE


@pytest.mark.parametrize(
    "complaint",
    [
        REFUSED,
        'open() "/srv/a" failed (2: No such file or directory)',
        'FastCGI sent in stderr: "PHP message: a, client: b" while reading response header from upstream',
    ],
)
@pytest.mark.parametrize("chosen", _CHOSEN)
def test_what_a_visitor_asked_for_is_no_part_of_the_message(complaint: str, chosen: str) -> None:
    fields = {"request": f"GET /{chosen} HTTP/1.1", "host": "shop.example", "referrer": chosen}

    assert _read(_LINE.format(message=complaint, **fields)).message == complaint


def test_what_a_script_says_is_kept_where_nginx_cut_it() -> None:
    cut = 'FastCGI sent in stderr: "PHP message: a, client: b'

    assert _read(f"2026/11/20 11:59:58 [error] 8#8: *5 {cut}").message == cut


@pytest.mark.parametrize("said", ["PHP message: no live upstreams", "too many open files"])
def test_what_a_script_says_is_no_word_of_nginx(said: str) -> None:
    line = f'2026/11/20 11:59:58 [error] 8#8: *5 FastCGI sent in stderr: "{said}" while reading response header from upstream'

    assert _read(line).fault is Fault.BACKEND_SAID


@pytest.mark.parametrize(
    "sent", ['invalid header line: "no live upstreams"', 'invalid host header "too many open files"']
)
def test_what_a_client_sent_is_its_own_fault(sent: str) -> None:
    line = f"2026/11/20 11:59:58 [info] 8#8: *5 client sent {sent} while reading client request headers"

    assert _read(line).fault is Fault.CLIENT
