"""The host-side scripts: in every shell that is here, with python3 and without, on real sockets."""

import gzip
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.parsers.app_logs import app_logs
from bot.parsers.http_probes import HttpProbes, http_probes
from bot.parsers.nginx_config import nginx_config
from bot.parsers.socket_files import socket_files
from tests.support import upstreams
from tests.support.asked import output
from tests.support.counted import Counted
from tests.support.procfs import Procfs
from tests.support.scripts import SENT

SHELLS = [
    shell for shell in (("sh",), ("dash",), ("bash", "--posix"), ("busybox", "sh")) if shutil.which(shell[0])
]
TOOLS = ("awk", "cat", "curl", "grep", "head", "id", "ls", "sed", "sort", "stat", "tail", "tr", "wc")


@pytest.fixture(scope="module")
def without_python(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the programs a lean host has are found, and no python3."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"this machine lacks {tool}"
        (folder / tool).symlink_to(found)
    return {"PATH": str(folder)}


def run(
    script: str, *arguments: str, shell: tuple[str, ...] = ("sh",), env: dict[str, str] | None = None
) -> str:
    """What the script prints, sent as the bot sends it."""
    program = [shutil.which(shell[0]) or shell[0], *shell[1:]]
    done = subprocess.run(
        [*program, "-c", SENT[script], script, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=env or dict(os.environ),
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("script", SENT)
def test_is_plain_shell(script: str, shell: tuple[str, ...]) -> None:
    subprocess.run([*shell, "-n"], input=SENT[script], text=True, check=True, capture_output=True)


@pytest.mark.parametrize("script", SENT)
def test_writes_nothing_and_never_runs_what_it_read(script: str) -> None:
    text = SENT[script]
    uncommented = re.sub(r"(?m)^\s*#.*$|\s# .*$", "", text)
    shell_only = re.sub(r"'[^']*'", "''", uncommented)

    assert "set -u" in text
    assert not re.search(r"\beval\b|\brm\b|\bmv\b|\btee\b|\bmktemp\b", shell_only)
    targets = re.findall(r"(?<![<=-])>{1,2}\s*([^\s;|)]+)", shell_only)
    assert set(targets) <= {"/dev/null", "&1", "&2", "/dev/null)"}, targets


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """A configuration that dials one upstream of each kind."""
    with ExitStack() as up:
        servers = {
            "well": up.enter_context(upstreams.upstream(upstreams.WELL)),
            "failing": up.enter_context(upstreams.upstream(upstreams.FAILING)),
            "closes": up.enter_context(upstreams.upstream(upstreams.CLOSES)),
            "big": up.enter_context(upstreams.upstream(upstreams.BIG)),
            "odd": up.enter_context(upstreams.upstream(upstreams.NOT_HTTP)),
            "unix": up.enter_context(upstreams.upstream(upstreams.WELL, path=tmp_path / "app.sock")),
            "refused": up.enter_context(upstreams.refusing()),
        }
        include = tmp_path / "conf.d"
        include.mkdir()
        (include / "sites.conf").write_text(
            "\n".join(
                f"upstream {name} {{ server {address}; }}\n"
                f"server {{ location / {{ proxy_pass http://{name}; }} }} # {name}"
                for name, address in servers.items()
            )
        )
        main = tmp_path / "nginx.conf"
        main.write_text("user www-data;\nhttp { include conf.d/*.conf; }\n")
        yield main


def answers(probes: HttpProbes, config: Path) -> dict[str, set[str]]:
    """Upstream's name -> how it answered."""
    text = (config.parent / "conf.d" / "sites.conf").read_text()
    names = {address: name for name, address in re.findall(r"upstream (\w+) { server ([^;]+);", text)}
    found: dict[str, set[str]] = {}
    for probe in probes.probes:
        found.setdefault(names[probe.address], set()).add(
            f"{probe.answer.value} {probe.status or ''}".strip()
        )
    return found


EXPECTED = {
    "well": {"answered 200"},
    "failing": {"answered 500"},
    "closes": {"closed"},
    "big": {"answered 200"},
    "odd": {"not_http"},
    "unix": {"answered 200"},
    "refused": {"refused"},
}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_asks_every_upstream_that_the_configuration_names(config: Path, shell: tuple[str, ...]) -> None:
    probes = http_probes(
        output("upstreams", run("probe.sh", "upstreams", str(config), "site", "/livez", shell=shell))
    )

    assert probes.unread == ()
    assert answers(probes, config) == EXPECTED
    assert {probe.path for probe in probes.probes} == {"/", "/livez"}
    assert max(probe.header_bytes for probe in probes.probes) > 30_000


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_files_that_only_root_may_read_are_read_as_nginx_prints_them(
    tmp_path: Path, config: Path, shell: tuple[str, ...]
) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text(f'#!/bin/sh\n[ "$*" = "-n nginx -T" ] && cat {config.parent}/conf.d/*\n')
    sudo.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    shut = str(tmp_path / "shut" / "nginx.conf")

    text = run("probe.sh", "upstreams", shut, "site", "/livez", shell=shell, env=env)

    assert answers(http_probes(output("upstreams", text)), config) == EXPECTED


def test_files_that_nobody_lets_the_login_read_are_told_with_the_line_that_does(tmp_path: Path) -> None:
    for script, *first in (("probe.sh", "upstreams"), ("probe.sh", "sockets"), ("nginx_files.sh",)):
        with pytest.raises(subprocess.CalledProcessError) as failed:
            run(script, *first, str(tmp_path / "shut" / "nginx.conf"), "site", "/")

        assert "ALL=(root) NOPASSWD: " in failed.value.stderr and "nginx -T" in failed.value.stderr


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("names", "site"),
    [
        ("asked.example", "asked.example"),
        ("Asked.example", "asked.EXAMPLE"),
        ("*.asked.example", "www.asked.example"),
        (".asked.example", "www.asked.example"),
        (".asked.example", "asked.example"),
        ("asked.example", None),
    ],
    ids=["by name", "by case", "by star", "by dot", "by dot itself", "by default"],
)
def test_of_more_sites_than_can_be_asked_the_one_asked_about_comes_first(
    tmp_path: Path, shell: tuple[str, ...], names: str, site: str | None
) -> None:
    def server(number: int, name: str, more: str = "") -> str:
        listen = f"listen 80{more}; server_name x{number}.example {name};"
        return f"server {{ {listen} location / {{ proxy_pass http://unix:{tmp_path}/{number}.sock; }} }}\n"

    main = tmp_path / "nginx.conf"
    others = "".join(server(number, "other.example") for number in range(30))
    asked = server(77, names, "" if site else " default_server")
    near = server(78, "*.www.asked.example www.asked.example.org notasked.example *.example.asked")
    main.write_text(f"http {{ {others} {asked} {near} }}")
    site = site or "unknown.example"

    probes = http_probes(output("upstreams", run("probe.sh", "upstreams", str(main), site, "/", shell=shell)))

    assert f"unix:{tmp_path}/77.sock" in {probe.address for probe in probes.probes}
    assert len(probes.probes) == 16


def test_asks_with_curl_where_there_is_no_python(config: Path, without_python: dict[str, str]) -> None:
    text = run("probe.sh", "upstreams", str(config), "site", "/livez", env=without_python)

    found = answers(http_probes(output("upstreams", text)), config)

    assert found.pop("odd") <= {"not_http", "failed"}
    assert found == {name: kinds for name, kinds in EXPECTED.items() if name != "odd"}


@pytest.mark.parametrize("lean", [False, True], ids=["python3", "curl"])
def test_a_silent_upstream_costs_five_seconds_at_most(
    tmp_path: Path, without_python: dict[str, str], *, lean: bool
) -> None:
    with upstreams.upstream(None) as address:
        main = tmp_path / "nginx.conf"
        main.write_text(f"http {{ server {{ location / {{ proxy_pass http://{address}; }} }} }}")

        for _ in range(3):  # a machine that stalls meanwhile says nothing of it
            text = run("probe.sh", "upstreams", str(main), "site", "/", env=without_python if lean else None)
            (probe,) = http_probes(output("upstreams", text)).probes
            if probe.total_ms is not None and probe.total_ms < 5_500:
                break

    assert probe.answer.value == "read_timeout"
    assert probe.total_ms is not None
    assert 3_900 <= probe.total_ms < 5_500


@pytest.mark.parametrize("lean", [False, True], ids=["python3", "curl"])
def test_asks_the_front_at_its_own_address(without_python: dict[str, str], *, lean: bool) -> None:
    with upstreams.upstream(upstreams.WELL) as address:
        text = run(
            "probe.sh", "front", f"http://{address}/", "site", "/livez", env=without_python if lean else None
        )

    probes = http_probes(output("front", text))
    assert probes.are_well
    assert {(p.address, p.path) for p in probes.probes} == {(address, "/livez"), (address, "/")}


@pytest.mark.parametrize("lean", [False, True], ids=["python3", "curl"])
def test_follows_the_front_to_the_sites_own_https_on_this_host(
    without_python: dict[str, str], *, lean: bool
) -> None:
    with upstreams.upstream(upstreams.NOT_HTTP) as secure:
        port = secure.rpartition(":")[2]
        sends = f"HTTP/1.1 301 Moved\r\nLocation: https://site:{port}/\r\nContent-Length: 0\r\n\r\n"
        with upstreams.upstream(sends.encode()) as plain:
            text = run(
                "probe.sh", "front", f"http://{plain}/", "site", "/", env=without_python if lean else None
            )

    asked = {(p.protocol, p.address, p.answer.value) for p in http_probes(output("front", text)).probes}
    assert ("http", plain, "answered") in asked
    assert {(p, a) for p, a, _ in asked} == {("http", plain), ("https", secure)}


@pytest.mark.parametrize("to", ["https://login.example/", "https://site/other", "http://site/"])
def test_does_not_follow_the_front_to_another_page_or_host(to: str) -> None:
    sends = f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
    with upstreams.upstream(sends.encode()) as plain:
        text = run("probe.sh", "front", f"http://{plain}/", "site", "/")

    assert {p.protocol for p in http_probes(output("front", text)).probes} == {"http"}


def test_asks_the_front_where_its_configuration_listens_when_nobody_is_at_the_usual_address(
    tmp_path: Path,
) -> None:
    main = tmp_path / "nginx.conf"
    with (
        upstreams.upstream(upstreams.WELL) as address,
        upstreams.upstream(upstreams.FAILING) as other,
        upstreams.refusing() as nobody,
    ):
        main.write_text(
            f"server {{ listen {other}; server_name other; }}server {{ listen {address}; server_name site; }}"
        )
        text = run("probe.sh", "front", f"http://{nobody}/", "site", "/livez", str(main))

    probes = http_probes(output("front", text))
    assert {(p.address, p.path) for p in probes.probes} == {(address, "/livez"), (address, "/")}


def test_text_of_the_configuration_is_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"include $(touch {trap}) `touch {trap}` ;\n"
        f"server {{ location / {{ proxy_pass http://127.0.0.1:1/;touch {trap}; }} }}\n"
        f"upstream x {{ server $(touch {trap}):80; server '-o{trap}:80'; }}\n"
        "location / { proxy_pass http://x; }\n"
    )

    run("probe.sh", "upstreams", str(main), "site", "/")
    run("probe.sh", "sockets", str(main))
    run("nginx_files.sh", str(main))

    assert not trap.exists()


def test_looks_at_the_socket_and_every_directory_above(config: Path) -> None:
    socket = config.parent / "app.sock"
    socket.chmod(0o600)

    files = socket_files(output("socket_files", run("probe.sh", "sockets", str(config))))

    entry = files.entry(str(socket))
    assert entry is not None
    assert (entry.kind, entry.mode) == ("socket", 0o600)
    assert files.entry(str(config.parent)) is not None
    assert files.entry(f"/{config.parts[1]}") is not None


def test_prints_the_files_in_the_form_of_nginx_itself(config: Path, without_python: dict[str, str]) -> None:
    text = run("nginx_files.sh", str(config), env=without_python)

    directives = nginx_config(output("config", text))
    assert {d.file for d in directives.directives} == {
        str(config),
        str(config.parent / "conf.d" / "sites.conf"),
    }
    assert len(directives.addresses) == len(EXPECTED)


def _built(folder: Path, text: str = "http { include vhosts/*.conf; }\n") -> Path:
    """A prefix as a build of one's own makes it; its configuration."""
    for name in ("conf/vhosts", "logs", "sbin"):
        (folder / name).mkdir(parents=True)
    (folder / "conf" / "nginx.conf").write_text(text)
    return folder / "conf" / "nginx.conf"


def _here(script: str, procs: Procfs, *arguments: str) -> str:
    done = subprocess.run(
        ["sh", "-c", procs.seen_by(SENT[script]), script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(
    "title",
    [
        "{0}/sbin/nginx",
        "{0}/sbin/nginx -g daemon off;",
        "/usr/sbin/nginx -p {0}",
        "/usr/sbin/nginx -p {0}/ -c conf/nginx.conf",
        "nginx -c {0}/conf/nginx.conf",
    ],
)
def test_the_files_are_those_of_the_nginx_that_runs(tmp_path: Path, title: str) -> None:
    ours = _built(tmp_path / "own")
    left = tmp_path / "nginx.conf"
    left.write_text("# of a package that is installed and does not run\n")
    procs = Procfs(tmp_path / "proc")
    procs.add(70, f"nginx: master process {title.format(tmp_path / 'own')}", uid=0)

    for fleet in (left, tmp_path / "absent.conf"):
        assert _here("nginx_files.sh", procs, str(fleet)).startswith(f"# configuration file {ours}:")


@pytest.mark.parametrize(
    ("title", "process"),
    [
        ("{0}/sbin/nginx", {"uid": 1000}),
        ("{0}/sbin/nginx", {"uid": 0, "inside": True}),
        ("/usr/sbin/nginx -g daemon on;", {"uid": 0}),
        ("nginx", {"uid": 0}),
        ("/nowhere/sbin/nginx", {"uid": 0}),
    ],
    ids=["another user's", "in a container", "the package's", "of the search path", "no files there"],
)
def test_the_files_that_the_fleet_names_stand_where_none_else_is_sure(
    tmp_path: Path, title: str, process: dict[str, Any]
) -> None:
    _built(tmp_path / "own")
    fleet = tmp_path / "nginx.conf"
    fleet.write_text("events { }\n")
    procs = Procfs(tmp_path / "proc")
    procs.add(70, f"nginx: master process {title.format(tmp_path / 'own')}", **process)

    assert _here("nginx_files.sh", procs, str(fleet)).startswith(f"# configuration file {fleet}:")


def test_of_two_that_run_the_one_that_the_fleet_names_is_meant(tmp_path: Path) -> None:
    procs = Procfs(tmp_path / "proc")
    confs = [_built(tmp_path / name) for name in ("one", "two")]
    for number, name in enumerate(("one", "two"), 70):
        procs.add(number, f"nginx: master process {tmp_path / name}/sbin/nginx", uid=0)

    for conf in confs:
        assert _here("nginx_files.sh", procs, str(conf)).startswith(f"# configuration file {conf}:")


def test_logs_are_found_below_the_prefix_and_in_every_included_file(tmp_path: Path) -> None:
    conf = _built(tmp_path / "own", "error_log logs/main.log;\nhttp { include vhosts/*.conf; }\n")
    (conf.parent / "vhosts" / "shop.conf").write_text(
        f"server {{ error_log {tmp_path}/shop.log warn; access_log logs/shop_access.log main; }}\n"
    )
    (tmp_path / "own" / "logs" / "main.log").write_text(_logged("main"))
    (tmp_path / "shop.log").write_text(_logged("shop"))
    (tmp_path / "own" / "logs" / "shop_access.log").write_text("a request\n")
    absent = str(tmp_path / "absent" / "error.log")

    errors = run("error_logs.sh", absent, str(conf))

    assert "server: main" in errors and "server: shop" in errors
    assert run("access_log.sh", absent, str(conf)) == "a request\n"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("site", ["shop.example", "SHOP.example", "pay.example"])
def test_of_logs_of_many_sites_the_one_asked_about_is_read(
    tmp_path: Path, shell: tuple[str, ...], site: str
) -> None:
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"http {{ access_log {tmp_path}/all.log;\n"
        f" server {{ server_name www.shop.example\n shop.example; access_log {tmp_path}/shop.log main;\n"
        f"  location / {{ access_log off; }} }}\n"
        f" server {{ server_name pay.example; location / {{ proxy_pass http://pay; }} }}\n"
        f" server {{ server_name blog.example; access_log {tmp_path}/blog.log; }} }}\n"
    )
    for age, name in ((300, "all"), (200, "shop"), (100, "blog")):
        (tmp_path / f"{name}.log").write_text(f"of {name}\n")
        os.utime(tmp_path / f"{name}.log", (1_700_000_000 - age, 1_700_000_000 - age))

    said = run("access_log.sh", str(tmp_path / "absent.log"), str(conf), site, shell=shell)

    assert said == ("of all\n" if site == "pay.example" else "of shop\n")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_files_that_include_each_other_are_read_once(tmp_path: Path, shell: tuple[str, ...]) -> None:
    conf = _built(tmp_path / "own", "http { include vhosts/*.conf; }\n")
    log = tmp_path / "shop.log"
    log.write_text(_logged("shop"))
    for number in range(6):
        text = f"include vhosts/*.conf; server {{ error_log {log}; }}\n"
        (conf.parent / "vhosts" / f"{number}.conf").write_text(text)

    began = time.monotonic()
    assert "server: shop" in run("error_logs.sh", str(tmp_path / "absent.log"), str(conf), shell=shell)
    assert time.monotonic() - began < 10


def test_without_an_error_log_directive_it_is_the_builds_default(tmp_path: Path) -> None:
    conf = _built(tmp_path / "own")
    (tmp_path / "own" / "logs" / "error.log").write_text(_logged("shop"))

    assert "server: shop" in run("error_logs.sh", str(tmp_path / "absent.log"), str(conf))


def _logged(
    server: str, message: str = "connect() failed (111: Connection refused)", level: str = "error"
) -> str:
    about = f'client: 10.0.0.9, server: {server}, request: "GET /"'
    return f"2026/11/20 11:59:58 [{level}] 7#7: *9 {message}, {about}\n"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_flood_of_other_sites_and_of_notices_leaves_the_lines_of_each_site(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    log = tmp_path / "error.log"
    notice = _logged("_", "client closed keepalive connection", level="info")
    missing = _logged("_", 'open() "/var/www/favicon.ico" failed (2: No such file or directory)')
    log.write_text(_logged("_") * 3 + (_logged("shop.example") + notice + missing) * 4000)

    said = run("error_logs.sh", str(log), str(tmp_path / "nginx.conf"), shell=shell)

    assert said.count("server: _,") == 3
    assert 0 < said.count("server: shop.example") < 400
    assert "keepalive" not in said and "favicon" not in said


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_php_remarks_at_each_request_pushes_out_no_error(tmp_path: Path, shell: tuple[str, ...]) -> None:
    log = tmp_path / "error.log"
    remark = (
        'FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $a in /srv/a.php on line 1"'
    )
    log.write_text(_logged("_") * 3 + _logged("_", remark) * 2000)

    said = run("error_logs.sh", str(log), str(tmp_path / "nginx.conf"), shell=shell)

    assert said.count("Connection refused") == 3
    assert 0 < said.count("Undefined variable") < 400


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("name", ["error.log.1", "error.log.1.gz", "error.log-20261120", "error.log.2.gz"])
def test_what_a_rotation_took_away_is_read_too(tmp_path: Path, shell: tuple[str, ...], name: str) -> None:
    log = tmp_path / "error.log"
    log.write_text(_logged("now"))
    before = _logged("before").encode()
    (tmp_path / name).write_bytes(gzip.compress(before) if name.endswith(".gz") else before)

    said = run("error_logs.sh", str(log), str(tmp_path / "nginx.conf"), shell=shell)

    assert [line.partition("server: ")[2][:3] for line in said.splitlines() if "server: " in line] == [
        "bef",
        "now",
    ]
    assert said.startswith(f"==> {tmp_path / name} <== mtime ")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_was_rotated_long_ago_is_left_once_the_log_is_long(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    log = tmp_path / "error.log"
    log.write_text(_logged("now") * 100)
    old = tmp_path / "error.log.1"
    old.write_text(_logged("before"))
    os.utime(old, (1_700_000_000, 1_700_000_000))

    assert "before" not in run("error_logs.sh", str(log), str(tmp_path / "nginx.conf"), shell=shell)


_UNIT = """#!/bin/sh
case $* in *WorkingDirectory*) echo {folder}/app ;; *ControlGroup*) ;;
cat*) echo StandardOutput=append:{folder}/%p.out ;;
*) echo 'ExecStart={{ argv[]=/usr/bin/gunicorn -c gunicorn.conf.py wsgi:app ; }}' ;; esac
"""


@pytest.fixture
def unit(tmp_path: Path) -> dict[str, str]:
    """A host whose unit logs into a file of its own, and its app server's settings name another."""
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(_UNIT.format(folder=tmp_path))
    systemctl.chmod(0o755)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "gunicorn.conf.py").write_text(
        f'errorlog = "{tmp_path}/set.log"\naccesslog = "{tmp_path}/access.log"\n'
        f'#logconfig = "{tmp_path}/old.log"\n'
    )
    for name in ("unit.out", "set.log", "access.log", "old.log"):
        (tmp_path / name).write_text(f"said in {name}\n")
    return {"PATH": f"{systemctl.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_the_apps_own_logs_are_found_by_its_unit_and_settings(
    tmp_path: Path, unit: dict[str, str], shell: tuple[str, ...]
) -> None:
    said = run("app_logs.sh", "unit=shop.service", shell=shell, env=unit)

    assert sorted(line for line in said.splitlines() if "said in" in line) == [
        " said in set.log",
        " said in unit.out",
    ]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_log_that_the_fleet_names_is_read_first_and_once_and_with_what_was_rotated_away(
    tmp_path: Path, unit: dict[str, str], shell: tuple[str, ...]
) -> None:
    (tmp_path / "set.log.1").write_text("said before\n")

    named = (str(tmp_path / "set.log"), str(tmp_path / "gone.log"))
    said = run("app_logs.sh", "unit=shop.service", *named, shell=shell, env=unit)

    assert [line for line in said.splitlines() if not line.startswith("==>")] == [
        " said before",
        " said in set.log",
        f"missing {tmp_path / 'gone.log'}",
        " said in unit.out",
    ]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_modules_that_import_each_other_are_read_once(
    tmp_path: Path, unit: dict[str, str], shell: tuple[str, ...]
) -> None:
    app = tmp_path / "app"
    names = [f"m{n}.js" for n in range(25)]
    imports = "".join(f"import './{name}'\n" for name in names)
    for name in names:
        (app / name).write_text(imports)
    (app / "m24.js").write_text(f"{imports}log('{tmp_path}/module.log')\n")
    (app / "gunicorn.conf.py").write_text("main = './m0.js'\n")
    (tmp_path / "module.log").write_text("said in module.log\n")
    counted = Counted(tmp_path / "counted")
    env = {"PATH": f"{tmp_path / 'bin'}:{counted.env['PATH']}"}

    said = run("app_logs.sh", "unit=shop.service", shell=shell, env=env)

    assert "said in module.log" in said
    assert counted.calls < 150


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_of_an_apps_words_only_the_last_part_is_a_pattern(
    tmp_path: Path, unit: dict[str, str], shell: tuple[str, ...]
) -> None:
    (tmp_path / "app" / "gunicorn.conf.py").write_text(
        f'a = "{tmp_path}/conf.d/*.ini"\nb = "{tmp_path}/*/deep.ini"\nc = "{tmp_path}/p*.log"\n'
        f'd = "{tmp_path}/*/deep.log"\ne = "/*/*/*/*/*.js /*/*/*/*/*.log"\n'
    )
    for name in ("conf.d/a.ini", "folder/deep.ini", "folder/deep.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / "conf.d" / "a.ini").write_text(f"logfile={tmp_path}/shallow.log\n")
    (tmp_path / "folder" / "deep.ini").write_text(f"logfile={tmp_path}/far.log\n")
    for name in ("shallow.log", "pattern.log", "folder/deep.log", "far.log"):
        (tmp_path / name).write_text(f"said in {name}\n")

    said = run("app_logs.sh", "unit=shop.service", shell=shell, env=unit)

    assert sorted(line.strip() for line in said.splitlines() if "said in" in line) == [
        "said in pattern.log",
        "said in shallow.log",
        "said in unit.out",
    ]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_of_all_that_an_apps_files_name_sixty_are_read(
    tmp_path: Path, unit: dict[str, str], shell: tuple[str, ...]
) -> None:
    app = tmp_path / "app"
    names = [f"n{n:03}.py" for n in range(100)]
    (app / "gunicorn.conf.py").write_text("\n".join(names))
    for name in names:
        (app / name).write_text(f"log = '{tmp_path}/{name}.log'\n")
    for name in (names[0], names[-1]):
        (tmp_path / f"{name}.log").write_text(f"said in {name}\n")

    said = run("app_logs.sh", "unit=shop.service", shell=shell, env=unit)

    assert (names[0] in said, names[-1] in said) == (True, False)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_the_logs_of_pm2_and_of_its_programs_are_found_by_its_folder(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(
        "#!/bin/sh\n"
        f"case $* in *'-p Environment '*) echo 'Environment=A=1 PM2_HOME={tmp_path}/.pm2 B=2' ;; esac\n"
    )
    systemctl.chmod(0o755)
    for name in ("pm2.log", "logs/shop-error.log", "logs/shop-access.log"):
        log = tmp_path / ".pm2" / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"said in {name}\n")
    env = {"PATH": f"{systemctl.parent}:{os.environ['PATH']}"}

    said = run("app_logs.sh", "unit=pm2-deploy.service", shell=shell, env=env)

    assert sorted(line for line in said.splitlines() if "said in" in line) == [
        " said in logs/shop-error.log",
        " said in pm2.log",
    ]


def test_a_host_without_a_unit_or_a_log_has_nothing_to_say() -> None:
    assert run("app_logs.sh", "unit=") == ""


def test_of_requests_in_the_apps_log_the_last_before_something_else_is_left_for_its_time(
    tmp_path: Path,
) -> None:
    log = tmp_path / "app.log"
    request = '10.0.0.1 - - [20/Nov/2026:11:59:{} +0000] "GET / HTTP/1.1" 200 5\n'
    log.write_text(
        "".join(request.format(second) for second in range(10, 50)) + "Error\n" + request.format(59)
    )

    said = run("app_logs.sh", "unit=", str(log)).splitlines()

    assert said[1:] == [f" {request.format(49).strip()}", " Error"]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_an_app_logs_stands_apart_from_what_the_script_says(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    log = tmp_path / "app.log"
    logged = ["==> /a <== mtime 999999999999 bytes 1", "missing /srv/key.pem", "", "denied /admin"]
    log.write_text("\n".join(logged))

    said = app_logs(output("app_logs", run("app_logs.sh", "unit=", str(log), shell=shell)))

    assert [line.line for line in said.files[0].lines] == [line for line in logged if line]
    assert (len(said.files), said.unread) == (1, ())


@pytest.mark.parametrize(
    ("directive", "wants", "said"),
    [
        ("uwsgi_pass ", b"\0", "answered 200"),
        ("proxy_pass http://", b"\0", "answers when asked by uwsgi"),
        ("uwsgi_pass ", b"GET ", "answers when asked by http"),
        ("proxy_pass http://", b"SSH-", "closed without an answer"),
    ],
    ids=["uwsgi to uwsgi", "http to uwsgi", "uwsgi to http", "http to neither"],
)
def test_an_upstream_is_asked_in_the_protocol_that_nginx_speaks_and_then_in_the_other(
    tmp_path: Path, directive: str, wants: bytes, said: str
) -> None:
    config = tmp_path / "nginx.conf"
    with upstreams.upstream(upstreams.WELL, wants=wants) as address:
        config.write_text(f"server {{ listen 80; location / {{ {directive}{address}; }} }}\n")

        told = run("probe.sh", "upstreams", str(config), "localhost", "/livez")

    (first, *_) = http_probes(output("upstreams", told)).probes
    assert said in f"{first.answer.value} {first.status} {first.detail}"
