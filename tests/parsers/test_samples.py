"""Each parser on outputs of real hosts, kept as files."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.asked import output
from tests.support.recorded import parser

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*/*.txt"))


def read(name: str) -> Any:
    parse, _, _ = name.partition("/")
    text = (Path(__file__).parents[1] / "samples" / f"{name}.txt").read_text()
    return parser(parse)(output("x", text))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reads_the_sample_and_leaves_nothing_unread(path: Path) -> None:
    fact = parser(path.parent.name)(output("x", path.read_text()))

    assert not getattr(fact, "unread", ())


def test_every_parser_has_a_sample() -> None:
    have = {path.parent.name for path in SAMPLES} | {"selinux"}
    here = Path(__file__).parents[2] / "bot" / "parsers"

    assert {p.stem for p in here.glob("[a-z]*.py")} <= have


def test_probes_say_who_was_slow_and_who_was_quick() -> None:
    probes = read("http_probes/slow").probes

    assert {(p.path, p.answer.value) for p in probes} == {("/livez", "answered"), ("/", "read_timeout")}
    assert all(p.address == "127.0.0.1:3000" for p in probes)


def test_a_running_unit() -> None:
    unit = read("unit_state/running")

    assert (unit.name, unit.active, unit.sub, unit.is_running) == ("myapp.service", "active", "running", True)
    assert (unit.restarts, unit.control_group) == (0, "/system.slice/myapp.service")
    assert unit.active_since.tzinfo is not None


def test_a_unit_in_a_crash_loop() -> None:
    unit = read("unit_state/crash_loop")

    assert (unit.result, unit.exit_code, unit.exit_status) == ("exit-code", 1, 1)
    assert unit.restarts > 0
    assert not unit.is_running
    assert unit.lived_s < 5


def test_the_journal_tells_the_app_from_systemd() -> None:
    journal = read("journal/crash_loop")

    own = {e.program for e in journal.entries if not e.is_from_systemd}
    assert own == {"python3"}
    assert any("DATABASE_URL is not set" in e.message for e in journal.entries)
    assert any(e.is_from_systemd and "Main process exited" in e.message for e in journal.entries)
    assert all(e.at.utcoffset() is not None for e in journal.entries)


def test_the_config_test_names_the_line_that_is_wrong() -> None:
    test = read("nginx_config_test/unknown_directive")

    assert test.is_valid is False
    assert "proxy_buffer_sise" in test.problems[0]
    assert read("nginx_config_test/valid").is_valid is True


def test_the_configuration_says_whom_nginx_dials_and_for_how_long_it_waits() -> None:
    config = read("nginx_config/debian")

    assert config.addresses == ("127.0.0.1:3000",)
    assert config.groups == {"myapp": ("127.0.0.1:3000",)}
    assert config.seconds("proxy_read_timeout", 60) == 3
    assert config.worker_connections == 768


def test_access_log_lines_are_requests_and_our_own_probes_are_known() -> None:
    log = read("access_log/combined")

    assert log.unread == 0
    assert {r.status for r in log.requests} >= {200}
    assert any(r.is_probe for r in log.requests)
    assert all(r.at.utcoffset() is not None for r in log.requests)


def test_listeners_by_process_by_owner_and_by_netstat() -> None:
    (app,) = read("listening_sockets/as_root").on_port(3000)
    (owned,) = read("listening_sockets/owners").on_port(3000)
    (plain,) = read("listening_sockets/netstat").on_port(3000)

    assert app.processes[0][0] == "python3"
    assert (owned.control_group, owned.uid) == ("/system.slice/myapp.service", 990)
    assert plain.address == "127.0.0.1:3000"
    assert read("listening_sockets/netstat").on_port(22)[0].is_any


def test_unix_listeners_have_paths() -> None:
    paths = {s.path for s in read("listening_sockets/unix").sockets}

    assert "/run/systemd/private" in paths


def test_the_mode_of_a_socket_hinders_nginx() -> None:
    files = read("socket_files/mode_600")

    hindrance = files.hindrance("/run/myapp/app.sock")
    assert (hindrance.name, hindrance.mode) == ("/run/myapp/app.sock", 0o600)


def test_a_full_file_system_below_the_app_counts_and_tmpfs_does_not() -> None:
    disks = read("disks/full")

    assert [row.mount for row in disks.full(disks.blocks)] == ["/srv/app/data"]
    assert disks.full(disks.inodes) == ()


def test_memory_load_and_pressure() -> None:
    resources = read("resources/with_psi")

    assert resources.available_percent > 50
    assert resources.cpus == 2
    assert set(resources.pressure) == {"cpu", "memory", "io"}


def test_processes_by_unit_with_their_limits() -> None:
    processes = read("processes/nginx_and_app")

    assert len(processes.of_unit("myapp.service")) == 1
    assert all(p.fd_limit == 1024 for p in processes.processes)


def test_no_overflow() -> None:
    assert read("listen_overflow/none").grown == 0


def test_an_oom_kill_names_the_control_group_and_whose_limit_it_was() -> None:
    kill = read("kernel_log/memcg_oom").oom_kills[-1]

    assert kill.control_group.endswith("/system.slice/myapp.service")
    assert kill.task == "python3"
    assert kill.is_group_limit


def test_the_release_link_and_what_one_could_go_back_to() -> None:
    changes = read("changes/new_release")

    assert (changes.link.path, changes.link.target) == ("/srv/app/current", "releases/2")
    assert changes.other_releases == ("1",)
    assert any(c.name == "/etc/myapp/env" for c in changes.files)


def test_sudo_rules_and_none() -> None:
    assert read("sudo_rules/rules").has_any
    assert not read("sudo_rules/revoked").has_any


def test_the_clock_is_aware() -> None:
    assert read("host_time/utc").utc_offset_min == 0
