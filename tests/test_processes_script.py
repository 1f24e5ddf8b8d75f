"""processes.sh: on a folder that looks like /proc."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.parsers.processes import Processes, processes
from tests.support.asked import output
from tests.support.counted import Counted
from tests.support.procfs import Procfs

SCRIPT = (Path(__file__).parents[1] / "runbooks" / "scripts" / "processes.sh").read_text()
SHELLS = [
    shell for shell in (("sh",), ("dash",), ("bash", "--posix"), ("busybox", "sh")) if shutil.which(shell[0])
]
#: The step's own: what takes longer is no answer.
LIMIT_S = 10


@pytest.fixture
def procfs(tmp_path: Path) -> Procfs:
    return Procfs(tmp_path / "proc")


def look(
    script: str, *units: str, shell: tuple[str, ...] = ("sh",), env: dict[str, str] | None = None
) -> Processes:
    done = subprocess.run(
        [*shell, "-c", script, "processes", *(f"unit={unit}" for unit in units)],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
        env=env,
    )
    assert done.stderr == ""
    return processes(output("processes", done.stdout))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_tells_of_the_units_processes_alone(procfs: Procfs, shell: tuple[str, ...]) -> None:
    procfs.add(900, "nginx: master process", uid=0, unit="nginx.service", ticks=500)
    procfs.add(80, "gunicorn: a b", uid=33, effective_uid=34, unit=r"my\x2dapp.service/worker")
    procfs.add(81, "gunicorn: c", uid=33, unit=r"not-my\x2dapp.service")
    procfs.add(82, "gunicorn: d", uid=33, unit="nginxXservice")
    (procfs.folder / "80" / "fd").mkdir()
    for name in "012":
        (procfs.folder / "80" / "fd" / name).symlink_to("pipe:[7]")
    (procfs.folder / "900" / "fd").mkdir()

    told = look(procfs.seen_by(SCRIPT), "nginx.service", "", r"my\x2dapp.service", shell=shell)

    assert [(p.pid, p.name, p.uid, p.fd_limit, p.fds_open) for p in told.processes] == [
        (80, "gunicorn", 34, 1024, 3),
        (900, "nginx", 0, 1024, 0),
    ]
    assert told.of_unit(r"my\x2dapp.service") == {80}
    assert told.of_unit("nginx.service") == {900}


def test_takes_the_group_that_systemd_named_where_the_host_has_both_kinds(procfs: Procfs) -> None:
    procfs.add(80, "nginx", uid=33)
    (procfs.folder / "80" / "cgroup").write_text(
        "9:cpu:/system.slice/other.service\n1:name=systemd:/system.slice/nginx.service\n0::/other\n"
    )

    (told,) = look(procfs.seen_by(SCRIPT), "nginx.service", "other.service").processes

    assert told.control_group == "/system.slice/nginx.service"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_many_processes_take_no_more_programs_than_few(
    tmp_path: Path, procfs: Procfs, shell: tuple[str, ...]
) -> None:
    for n in range(60):
        procfs.add(1_000 + n, "php-fpm: pool www", uid=33, unit="app.service" if n % 2 else "")
    counted = Counted(tmp_path / "bin")

    told = look(procfs.seen_by(SCRIPT), "app.service", shell=shell, env=counted.env)

    assert len(told.processes) == 30
    assert counted.calls < 12


def test_a_host_without_units_or_without_their_processes_has_nothing_to_say(procfs: Procfs) -> None:
    assert look(procfs.seen_by(SCRIPT), "nginx.service").processes == ()
    assert look(SCRIPT, "").processes == ()
