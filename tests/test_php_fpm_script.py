"""php_fpm.sh: on processes that are titled as PHP-FPM's, and sockets that are really dialled."""

import os
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.parsers.php_fpm import FpmPool, PhpFpm, php_fpm
from tests.support.asked import output
from tests.support.counted import Counted
from tests.support.procfs import Procfs

SCRIPT = (Path(__file__).parents[1] / "runbooks" / "scripts" / "php_fpm.sh").read_text()
SHELLS = [
    shell for shell in (("sh",), ("dash",), ("bash", "--posix"), ("busybox", "sh")) if shutil.which(shell[0])
]
#: The step's own: what takes longer is no answer.
LIMIT_S = 12
#: What ends at all ends within these on a busy machine.
PATIENCE_S = 100
#: Of root, and there on every host.
FILE_OF_ROOT = "/etc/passwd"
pytestmark = pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="reads Linux's /proc")

Run = Callable[..., int]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts a process with a title, and its children with theirs; gives its pid once all are there."""
    with ExitStack() as stack:

        def start(title: str, *children: str) -> int:
            each = "".join(f"(exec -a '{child}' sleep 300) & " for child in children)
            process = subprocess.Popen(
                ["bash", "-c", f"{each} exec -a '{title}' sleep 300"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,
            )
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, 9)
            _wait_for(process.pid, title)
            for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                _wait_for(int(child), "php-fpm: ")
            return process.pid

        yield start


def _wait_for(pid: int, title: str) -> None:
    while not Path(f"/proc/{pid}/cmdline").read_text().startswith(title):
        time.sleep(0.01)  # another process's title sets no event


def master(config: Path | str) -> str:
    return f"php-fpm: master process ({config})"


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Iterator[Path]:
    """A master of a configuration of its own, with a pool whose socket has two connections, one taken."""
    config, path = tmp_path / "php-fpm.conf", tmp_path / r"a\x2d.sock"
    (tmp_path / "pool.d").mkdir()
    (tmp_path / "fpm.log").write_text(
        "[30-Nov-2026 10:30:05] WARNING: [pool www] child 9 exited with code 255\n"
    )
    config.write_text(f"error_log = {tmp_path}/fpm.log ; told\ninclude={tmp_path}/pool.d/*.conf\n")
    (tmp_path / "pool.d" / "www.conf").write_text(
        f"[www]\nlisten = {path}\npm.max_children = 3\n; pm = static\nenv[PASSWORD] = hunter2\n"
        '[blog]\nlisten = "/run/$pool.sock"\nsecurity.limit_extensions = .php .phtml\n'
    )
    (tmp_path / "link.sock").symlink_to(path)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(path))
        listener.listen(5)
        for _ in range(2):
            stack.enter_context(socket.socket(socket.AF_UNIX)).connect(str(path))
        stack.enter_context(listener.accept()[0])
        run(master(config), "php-fpm: pool www", "php-fpm: pool www", master(config))
        yield tmp_path


def look(shell: tuple[str, ...] = ("sh",), script: str = SCRIPT, env: dict[str, str] | None = None) -> PhpFpm:
    asked = subprocess.Popen(
        [*shell, "-c", script, "php_fpm"], stdout=subprocess.PIPE, text=True, env=env, process_group=0
    )
    try:
        said, _ = asked.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(asked.pid, 9)  # what it waits for holds its output open
        asked.communicate()
        raise
    assert asked.returncode == 0
    assert "hunter2" not in said
    return php_fpm(output("php_fpm", said))


def pools_of(fpm: PhpFpm, config: Path) -> list[FpmPool]:
    return [pool for pool in fpm.pools if pool.config == str(config)]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_tells_masters_files_connections_and_logs(folder: Path, shell: tuple[str, ...]) -> None:
    fpm = look(shell)

    config = folder / "php-fpm.conf"
    assert [master.config for master in fpm.masters if master.config == str(config)] == [str(config)]
    (www, blog) = pools_of(fpm, config)
    assert (www.name, www.listen, www.max_children) == ("www", rf"{folder}/a\x2d.sock", 3)
    assert "pm" not in www.settings
    assert (www.taken, www.waiting) == ((1, 1), (1, 1))
    assert www.master is not None
    assert (www.children, blog.children) == (2, 0)
    assert (blog.listen, blog.settings["security.limit_extensions"]) == ("/run/blog.sock", ".php .phtml")
    assert [pool.name for pool in fpm.pools_at(f"unix:{folder}/link.sock")] == ["www"]
    assert "child 9 exited with code 255" in [entry.message for entry in fpm.said]


def server_of(ports: range) -> socket.socket:
    """On the first of them that is free."""
    for port in ports:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise AssertionError(f"none of {ports} is free")


# As words those of four digits come after 65536. FPM's own, 9000, is dialled by tests beside this one.
@pytest.mark.parametrize("ports", [range(1), range(9500, 9600)], ids=["any", "four digits"])
@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_tells_the_connections_of_a_port(
    tmp_path: Path, run: Run, shell: tuple[str, ...], ports: range
) -> None:
    config = tmp_path / "php-fpm.conf"
    with ExitStack() as stack:
        listener = stack.enter_context(server_of(ports))
        host, port = listener.getsockname()
        for _ in range(3):
            stack.enter_context(socket.create_connection((host, port)))
        stack.enter_context(listener.accept()[0])
        config.write_text(f"[www]\nlisten = 127.0.0.1:{port}\n")
        run(master(config), "php-fpm: pool www")

        (www,) = pools_of(look(shell), config)

    assert (www.taken, www.waiting) == ((1, 1), (2, 2))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_title_that_leads_to_no_file_is_not_waited_for(
    tmp_path: Path, run: Run, shell: tuple[str, ...]
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(master(fifo), "php-fpm: pool www")
    run(master("/dev/zero"), "php-fpm: pool www")

    assert not pools_of(look(shell), fifo)


@pytest.mark.parametrize("log", ["fifo", "/dev/stdout", "/dev/zero"])
def test_a_log_that_is_no_file_is_not_waited_for(tmp_path: Path, run: Run, log: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    config = tmp_path / "php-fpm.conf"
    config.write_text(f"[www]\nlisten = 1\nphp_admin_value[error_log] = {tmp_path / log}\n")
    run(master(config), "php-fpm: pool www")

    fpm = look()

    assert len(pools_of(fpm, config)) == 1
    assert fpm.unread == ()


def test_of_what_a_file_includes_no_more_is_looked_for_than_pools_need(tmp_path: Path, run: Run) -> None:
    config = tmp_path / "php-fpm.conf"
    config.write_text(
        f"include=/*/*/*/*/*/*\ninclude={tmp_path}/*/*/*/p.conf\ninclude={tmp_path}/a/b/c/*.conf\n"
    )
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "p.conf").write_text("[deep]\nlisten = 1\n")
    for name in ("z", "y"):
        (deep / f"{name}.conf").write_text(f"[{name}]\nlisten = 1\n")
    os.mkfifo(deep / "x.conf")
    run(master(config), "php-fpm: pool www")

    assert [pool.name for pool in pools_of(look(), config)] == ["deep", "y", "z"]


@pytest.mark.parametrize(("owner", "found"), [(0, ["www"]), (65534, [])], ids=["root", "a user"])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_folders_are_looked_for_in_a_file_of_roots_alone(
    tmp_path: Path, run: Run, owner: int, found: list[str]
) -> None:
    config = tmp_path / "php-fpm.conf"
    config.write_text(f"include={tmp_path}/users/*/*.conf\n")
    (tmp_path / "users" / "a").mkdir(parents=True)
    (tmp_path / "users" / "a" / "www.conf").write_text("[www]\nlisten = 1\n")
    os.chown(config, owner, owner)
    run(master(config), "php-fpm: pool www")

    assert [pool.name for pool in pools_of(look(), config)] == found


def test_the_name_of_a_unit_is_said_as_it_is(tmp_path: Path) -> None:
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        "#!/bin/sh\ncase $1 in list-unit-files) echo 'php\\x2dfpm.service enabled' ;;\n"
        "show) printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\n' ;;\n"
        "is-failed) exit 1 ;; esac\n"
    )
    systemctl.chmod(0o755)

    fpm = look(env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})

    assert [unit.name for unit in fpm.units] == [r"php\x2dfpm.service"]


def test_of_a_failed_unit_the_last_run_alone_is_quoted(tmp_path: Path) -> None:
    systemctl, journalctl = tmp_path / "systemctl", tmp_path / "journalctl"
    systemctl.write_text(
        "#!/bin/sh\ncase $1 in list-unit-files) echo 'php8.2-fpm.service enabled' ;;\n"
        "show) printf 'LoadState=loaded\\nActiveState=failed\\nSubState=failed\\nResult=exit-code\\n"
        "InvocationID=c0ffee\\n' ;; esac\n"
    )
    journalctl.write_text(
        "#!/bin/sh\ncase $* in '_SYSTEMD_INVOCATION_ID=c0ffee + INVOCATION_ID=c0ffee '*) "
        "echo 'php8.2-fpm.service: Failed at step EXEC spawning /usr/sbin/php-fpm8.2: No such file' ;;\n"
        "*) echo '[30-Nov-2026 11:00:00] ERROR: of a run before' ;; esac\n"
    )
    for program in (systemctl, journalctl):
        program.chmod(0o755)

    fpm = look(env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})

    assert [unit.result for unit in fpm.units] == ["exit-code"]
    assert [entry.message for entry in fpm.said] == [
        "Failed at step EXEC spawning /usr/sbin/php-fpm8.2: No such file"
    ]


@pytest.fixture
def procfs(tmp_path: Path) -> Procfs:
    return Procfs(tmp_path / "proc")


def masters_of(procfs: Procfs, shell: tuple[str, ...] = ("sh",)) -> list[tuple[int, str, int | None]]:
    return [(m.pid, m.config, m.uid) for m in look(shell, procfs.seen_by(SCRIPT)).masters]


def test_of_a_large_pool_the_master_is_told_and_every_child_is_counted_in_time(
    tmp_path: Path, procfs: Procfs
) -> None:
    config = tmp_path / "php-fpm.conf"
    config.write_text("[www]\nlisten = 1\npm.max_children = 700\n")
    procfs.add(987, master(config), uid=0, unit="php8.2-fpm.service", ticks=500)
    for n in range(700):
        procfs.add(10_234 + n, "php-fpm: pool www", parent=987, uid=33, ticks=1_000 + n)

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (www,) = pools_of(look(script=procfs.seen_by(SCRIPT)), config)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    # Its own work: what others make of the machine meanwhile is not the script's.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < LIMIT_S
    assert www.master is not None
    assert (www.master.pid, www.master.unit) == (987, "php8.2-fpm.service")
    assert www.master.started_s == procfs.boot_s + 5
    assert (www.children, www.oldest_child_s) == (700, procfs.boot_s + 10)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_many_children_take_no_more_programs_than_few(
    tmp_path: Path, procfs: Procfs, shell: tuple[str, ...]
) -> None:
    config = tmp_path / "php-fpm.conf"
    config.write_text("[www]\nlisten = 1\n")
    procfs.add(10, master(config), uid=0)
    for n in range(60):
        procfs.add(20 + n, "php-fpm: pool www", parent=10, uid=33)
    counted = Counted(tmp_path / "bin")

    (www,) = pools_of(look(shell, procfs.seen_by(SCRIPT), counted.env), config)

    assert www.children == 60
    assert counted.calls < 60


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_a_process_of_the_app_calls_itself_wins_over_no_master_of_roots(
    procfs: Procfs, shell: tuple[str, ...]
) -> None:
    procfs.add(500, master("/etc/a.conf"), uid=0, unit="php8.2-fpm.service")
    procfs.add(501, "php-fpm: pool www", parent=500, uid=33, unit="php8.2-fpm.service")
    procfs.add(502, master("/etc/child.conf"), parent=500, uid=33, unit="php8.2-fpm.service")
    procfs.add(503, master("/etc/grandchild.conf"), parent=501, uid=33, unit="php8.2-fpm.service")
    procfs.add(504, "php-fpm: pool www", parent=503, uid=33)
    procfs.add(400, master("/etc/a.conf"), uid=33)  # the same file
    procfs.add(401, "php-fpm: pool www", parent=400, uid=33)
    procfs.add(600, master("/etc/left.conf"), uid=33, unit="php8.2-fpm.service")  # left over in the service
    procfs.add(601, "php-fpm: pool www", parent=600, uid=33)
    procfs.add(700, master("/etc/box.conf"), uid=0, inside=True)
    procfs.add(701, master("/etc/became.conf"), uid=33, effective_uid=0)  # a program that becomes root

    assert masters_of(procfs, shell) == [(500, "/etc/a.conf", 0)]


def test_an_fpm_of_a_user_is_one_where_it_has_children_or_its_file_is_roots(
    tmp_path: Path, procfs: Procfs
) -> None:
    own = tmp_path / "own.conf"
    own.write_text("[www]\nlisten = 1\n")
    if os.geteuid() == 0:
        os.chown(own, 65534, 65534)
    procfs.add(500, master(own), uid=1000)
    procfs.add(501, "php-fpm: pool www", parent=500, uid=1000)
    procfs.add(600, master(FILE_OF_ROOT), uid=1001)  # pm = ondemand, and nobody asked yet
    procfs.add(700, master(tmp_path / "words.conf"), uid=1002)

    assert masters_of(procfs) == [(500, str(own), 1000), (600, FILE_OF_ROOT, 1001)]


@pytest.mark.parametrize(
    "title",
    [
        "php-fpm: master process (/etc/a\tb.conf)\t0",
        "php-fpm: master process ()",
        "php-fpm: master process (/etc/a.conf",
        "php-fpm: pool \t\t",
        "php-fpm: master process (/etc/a.conf)\nphp-fpm: pool www",
        "php-fpm: master process (/etc/a.conf)" + "x" * 300_000,
    ],
)
def test_an_odd_title_breaks_no_line(procfs: Procfs, title: str) -> None:
    procfs.add(500, title, uid=0)
    procfs.add(600, master("/etc/b.conf"), uid=0)

    assert (600, "/etc/b.conf", 0) in masters_of(procfs)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_that_processes_of_others_are_hidden_is_said(procfs: Procfs, shell: tuple[str, ...]) -> None:
    assert look(shell, procfs.seen_by(SCRIPT)).sees_all

    shutil.rmtree(procfs.folder / "1")

    assert not look(shell, procfs.seen_by(SCRIPT)).sees_all
