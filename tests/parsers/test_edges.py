"""What hosts also say: other versions, cut outputs, nothing at all."""

# ruff: noqa: E501  # lines stand as hosts write them

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.parsers.access_log import access_log
from bot.parsers.changes import changes
from bot.parsers.disks import disks
from bot.parsers.host_time import host_time
from bot.parsers.http_probes import http_probes
from bot.parsers.journal import journal
from bot.parsers.kernel_log import kernel_log
from bot.parsers.listen_overflow import listen_overflow
from bot.parsers.listening_sockets import listening_sockets
from bot.parsers.nginx_config import nginx_config
from bot.parsers.nginx_config_test import nginx_config_test
from bot.parsers.processes import processes
from bot.parsers.resources import resources
from bot.parsers.selinux import selinux
from bot.parsers.socket_files import PathEntry, socket_files
from bot.parsers.sudo_rules import sudo_rules
from bot.parsers.unit_state import unit_state
from tests.support.asked import output, unit

TOLERANT = [
    access_log,
    changes,
    disks,
    http_probes,
    journal,
    kernel_log,
    listen_overflow,
    listening_sockets,
    nginx_config,
    nginx_config_test,
    processes,
    resources,
    selinux,
    socket_files,
    sudo_rules,
]


@pytest.mark.parametrize("parse", TOLERANT, ids=lambda parse: parse.__name__)
@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_breaks_a_parser(parse: object, text: str) -> None:
    assert parse(output("x", text)) is not None  # type: ignore[operator]


WORDS = st.sampled_from(
    [
        "probe",
        "path",
        "process",
        "place",
        "link",
        "release",
        "file",
        "worker",
        "overflow",
        "# meminfo",
        "# loadavg",
        "# cpus",
        "# blocks",
        "MemTotal:",
        "x",
        "-1",
        "7",
        "²",
        "9" * 5000,
        "10%",
        "9" * 30,
        "é",
        "",
        "LISTEN",
        "u_str",
        "tcp",
    ]
)


@pytest.mark.parametrize("parse", TOLERANT, ids=lambda parse: parse.__name__)
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(WORDS, max_size=11), max_size=5), glue=st.sampled_from(["\t", " "]))
def test_no_half_right_rows_break_a_parser(parse: object, rows: list[list[str]], glue: str) -> None:
    assert parse(output("x", "\n".join(glue.join(row) for row in rows))) is not None  # type: ignore[operator]


@pytest.mark.parametrize("parse", [unit_state, host_time], ids=lambda parse: parse.__name__)
def test_what_carries_nothing_is_an_error_that_quotes_it(parse: object) -> None:
    with pytest.raises(ParseError, match="Failed to connect to bus"):
        parse(output("x", "Failed to connect to bus"))  # type: ignore[operator]


def test_a_time_in_another_zone_is_not_trusted() -> None:
    state = unit_state(output("x", unit(ActiveEnterTimestamp="Fri 2026-11-20 12:00:00 CET")))

    assert state.active_since is None


def test_a_journal_keeps_lines_without_a_head_with_the_entry_before() -> None:
    entries = journal(
        output("x", "2026-11-20T11:59:51+0100 web-01 app[9]: Traceback\n  File x\n-- No entries --\n")
    ).entries

    assert [e.message for e in entries] == ["Traceback", "  File x"]
    assert entries[1].pid == 9
    assert entries[0].at is not None
    assert str(entries[0].at.utcoffset()) == "1:00:00"


def test_a_config_test_without_root_that_finds_no_fault_is_valid() -> None:
    text = 'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: [emerg] open() "/run/nginx.pid" failed (13: Permission denied)\nnginx: configuration file test failed'

    assert nginx_config_test(output("x", "", stderr=text)).is_valid is True
    assert nginx_config_test(output("x", "")).is_valid is None


CONFIGS = {
    "server { location / { proxy_pass http://127.0.0.1:3000/; } }": ("127.0.0.1:3000",),
    "location / { proxy_pass http://app.internal; }": ("app.internal:80",),
    "location / { proxy_pass https://app.internal; }": ("app.internal:443",),
    "location / { proxy_pass http://unix:/run/app.sock:/x; }": ("unix:/run/app.sock",),
    "location / { fastcgi_pass unix:/run/php.sock; }": ("unix:/run/php.sock",),
    "location / { proxy_pass http://[::1]:3000; }": ("[::1]:3000",),
    "location / { proxy_pass http://$backend; }": (),
    "upstream a { server 10.0.0.1:1 weight=5; server unix:/run/b.sock backup; server c; } location / { grpc_pass grpc://a; }": (
        "10.0.0.1:1",
        "unix:/run/b.sock",
        "c:80",
    ),
    '# proxy_pass http://1.1.1.1;\nmap $a $b { "x;y" 1; }\nlocation / { proxy_pass "http://127.0.0.1:4000"; }': (
        "127.0.0.1:4000",
    ),
    'set $x "a${b}c"; location ~ ^/(\\d{2})$ { uwsgi_pass 127.0.0.1:5000; }': ("127.0.0.1:5000",),
}


@pytest.mark.parametrize("text", CONFIGS)
def test_addresses_nginx_may_dial(text: str) -> None:
    assert nginx_config(output("x", text)).addresses == CONFIGS[text]


def test_each_server_block_keeps_its_own_directives() -> None:
    config = nginx_config(
        output(
            "x",
            "# configuration file /a:\nserver { server_name a; location / { return 1; } }\nserver { server_name b; }\n",
        )
    )

    first, second = config.named("server_name")
    assert first.server != second.server
    assert config.named("return")[0].server == first.server
    assert first.file == "/a"


def test_df_of_busybox_and_a_file_system_that_counts_no_inodes() -> None:
    text = "# blocks\nFilesystem           1024-blocks    Used Available Capacity Mounted on\n/dev/vda  100 100 0 100% /\n# inodes\n/dev/vda - - - - /\n# places\nplace\troot\t/\n"
    rows = disks(output("x", text))

    assert [row.mount for row in rows.full(rows.blocks)] == ["/"]
    assert rows.full(rows.inodes) == ()


def test_a_socket_group_lets_its_members_in() -> None:
    entry = PathEntry(name="/s", kind="socket", mode=0o660, user="app", group="www", uid=990, gid=33, line="")

    assert entry.lets(uid=33, gids=frozenset({33}), bit=2)
    assert not entry.lets(uid=34, gids=frozenset({34}), bit=2)
    assert entry.lets(uid=0, gids=frozenset(), bit=2)
    assert not replace(entry, mode=0o606).lets(uid=33, gids=frozenset({33}), bit=2)


def test_a_closed_directory_above_the_socket_hinders() -> None:
    rows = "worker\t33\t33\npath\tsocket\t777\tapp\tapp\t990\t990\t/run/a/s\npath\tdirectory\t700\tapp\tapp\t990\t990\t/run/a\n"

    hindrance = socket_files(output("x", rows)).hindrance("/run/a/s")

    assert hindrance is not None
    assert hindrance.name == "/run/a"


KERNEL = {
    "[Fri Nov 20 11:59:51 2026] Out of memory: Killed process 9 (java) total-vm:1kB": ("java", False),
    "[Fri Nov 20 11:59:51 2026] Memory cgroup out of memory: Killed process 9 (node) total-vm:1kB": (
        "node",
        True,
    ),
    "2026-11-20T11:59:51+0000 web-01 kernel: oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/a.service,task=a,pid=9,uid=0": (
        "a",
        False,
    ),
}


@pytest.mark.parametrize("line", KERNEL)
def test_oom_kills_of_old_and_new_kernels(line: str) -> None:
    (kill,) = kernel_log(output("x", line)).oom_kills

    assert (kill.task, kill.is_group_limit) == KERNEL[line]
    assert kill.at is not None


def test_one_kill_is_counted_once_though_two_lines_tell_of_it() -> None:
    text = "oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/a,task=a,pid=9,uid=0\nMemory cgroup out of memory: Killed process 9 (a)\n"

    assert len(kernel_log(output("x", text)).oom_kills) == 1


def test_a_segfault_is_a_crash() -> None:
    (crash,) = kernel_log(
        output("x", "[1.5] php-fpm8.2[711]: segfault at 0 ip 00007f sp 00007f error 4 in libfoo.so")
    ).crashes

    assert (crash.task, crash.pid) == ("php-fpm8.2", 711)


ACCESS = {
    '10.0.0.1 - - [20/Nov/2026:11:59:58 +0100] "GET /a?b=1 HTTP/1.1" 502 157': ("/a", 502),
    '10.0.0.1 - u [20/Nov/2026:11:59:58 +0000] "POST /x HTTP/2.0" 200 9 "-" "curl/8"': ("/x", 200),
    'web | example.org 10.0.0.1 - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" 504 1 "-" "x" "-" rt=3.001 uct="0.0"': (
        "/",
        504,
    ),
}

#: As people write a log_format with escape=json; the last has no request's line.
ACCESS_JSON = {
    '{"time":"2026-11-20T11:59:58+01:00","request":"GET /a?b=1 HTTP/1.1","status":502,"ua":"x"}': ("/a", 502),
    '{"@timestamp": "2026-11-20T11:59:58.123Z", "request_method": "POST", "uri": "/x", "status": "200"}': (
        "/x",
        200,
    ),
    '{"time_local":"20/Nov/2026:11:59:58 +0000","method":"GET","request_uri":"/","response_status":504}': (
        "/",
        504,
    ),
}
ACCESS |= ACCESS_JSON


@pytest.mark.parametrize(
    "line", ['{"status":502', '{"status":null}', '{"level":"info","status":"up"}', "[502]", "{}"]
)
def test_a_line_of_json_without_a_status_is_no_request(line: str) -> None:
    log = access_log(output("x", line))

    assert (log.requests, log.unread) == ((), 1)


def test_the_bots_own_request_is_known_whatever_stands_behind_its_name() -> None:
    main = '1.1.1.1 - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" 502 1 "-" "runbook-bot" "203.0.113.9"'
    json = '{"request":"GET / HTTP/1.1","status":502,"ua":"runbook-bot","time":"2026-11-20T11:59:58+00:00"}'

    assert [r.is_probe for r in access_log(output("x", f"{main}\n{json}")).requests] == [True, True]


@pytest.mark.parametrize("line", ACCESS)
def test_access_logs_in_common_combined_and_longer_forms(line: str) -> None:
    (request,) = access_log(output("x", line)).requests

    assert (request.path, request.status) == ACCESS[line]
    assert request.at is not None


@pytest.mark.parametrize("day", ["31/Feb/2026", "01/Xxx/2026"])
def test_a_request_of_no_day_of_the_calendar_has_no_time(day: str) -> None:
    (request,) = access_log(
        output("x", f'1.1.1.1 - - [{day}:11:59:58 +0000] "GET / HTTP/1.1" 502 1')
    ).requests

    assert (request.status, request.at) == (502, None)


def test_the_time_of_a_request_keeps_its_zone() -> None:
    (request,) = access_log(
        output("x", '1.1.1.1 - - [01/Sep/2026:11:59:58 -0330] "GET / HTTP/1.1" 200 1')
    ).requests

    assert request.at is not None and request.at.isoformat() == "2026-09-01T11:59:58-03:30"


def test_the_summary_says_how_many_since_when_and_whether_always() -> None:
    bad = '1.1.1.1 - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" 502 1 "-" "x"\n'
    good = bad.replace("502", "200")

    assert (
        access_log(output("x", good + bad + bad)).summary()
        == "2 of 3 requests failed: 502 GET / (2), since 11:59:58; constant"
    )
    assert access_log(output("x", bad + good)).summary().endswith("intermittent")
    assert access_log(output("x", good)).summary() == "none of 1 requests failed"


def test_selinux_modes() -> None:
    assert selinux(output("x", "Enforcing\n")).is_enforcing
    assert not selinux(output("x", "Permissive\n")).is_enforcing
    assert not selinux(output("x", "Disabled\n")).is_enforcing


def test_sudo_that_asks_for_a_password_has_no_rules() -> None:
    assert not sudo_rules(output("x", "", exit_status=1, stderr="sudo: a password is required")).has_any


def test_overflow_counts_what_grew() -> None:
    assert listen_overflow(output("x", "overflow\t12\t12\noverflow\t31\t31\n")).grown == 19
