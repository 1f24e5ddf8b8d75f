"""`.ci/run` with a stand-in for the lab tool and for make: what it hands on, and that it cleans up."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from bot import fleet

ROOT = Path(__file__).parents[1]
LAB = """#!/bin/sh
echo "lab $1 ${2:-}" >>"$LOG"
[ "$1" = up ] || exit 0
mkdir -p "$LAB_DIR/state"
echo key >"$LAB_DIR/id_runbook"
echo hosts >"$LAB_DIR/state/known_hosts"
stat -c %a "$(dirname "$0")/target" >"$LOG.mode"
if [ -n "${LAB_HANGS:-}" ]; then
    sleep 600 &
    echo $! >"$LOG.pid"
    wait
fi
exit ${LAB_STATUS:-0}
"""
MAKE = """#!/bin/sh
echo "make $*" | sed 's/ --no-print-directory//' >>"$LOG"
case "$*" in
    *test) ;;
    *)
        while [ -n "${LAB_HANGS:-}" ] && [ ! -s "$LOG.pid" ]; do sleep 0.05; done
        exit ${VENV_STATUS:-0}
        ;;
esac
echo "fleet ${RUNBOOK_BOT_TEST_FLEET:-none}" >>"$LOG"
[ -z "${RUNBOOK_BOT_TEST_FLEET:-}" ] || cp "$RUNBOOK_BOT_TEST_FLEET" "$LOG.fleet"
echo "3 passed"
exit ${MAKE_STATUS:-0}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with nothing but the script, and a PATH with our own make, ip and id."""
    (tmp_path / "project/.ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", tmp_path / "project/.ci/run")
    programs = {
        "make": MAKE,
        "ip": "#!/bin/sh\nexit 1\n",
        "id": "#!/bin/sh\necho 0\n",
        "apt-get": "#!/bin/sh\n",
    }
    for name, text in programs.items():
        write_program(tmp_path / "bin" / name, text)
    (tmp_path / "temp").mkdir()
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def add_lab(project: Path) -> None:
    """A lab tool as it comes: read-only."""
    write_program(project / "shared/lab/lab.sh", LAB)
    (project / "shared/lab/target").mkdir()
    (project / "shared/lab/lab.sh").chmod(0o555)
    (project / "shared/lab/target").chmod(0o555)


def run(project: Path, **extra: str) -> tuple[int, list[str], list[str]]:
    """Exit status, the log of what was called, and the lines that were printed."""
    log = project / "log"
    env = {
        "PATH": f"{project / 'bin'}:{os.environ['PATH']}",
        "LOG": str(log),
        "TMPDIR": str(project / "temp"),
        **extra,
    }
    done = subprocess.run(
        [project / "project/.ci/run"], env=env, capture_output=True, text=True, timeout=200, check=False
    )
    return done.returncode, log.read_text().splitlines() if log.exists() else [], done.stdout.splitlines()


def test_without_a_lab_the_tests_run_and_their_line_is_the_last(project: Path) -> None:
    status, log, lines = run(project)

    assert status == 0
    assert log == ["make .venv/installed-dev", "make test", "fleet none"]
    assert lines[-1] == "3 passed"


def test_hosts_are_brought_up_handed_on_and_taken_down(project: Path) -> None:
    add_lab(project)

    status, log, lines = run(project)

    assert status == 0
    assert set(log[:2]) == {"make .venv/installed-dev", "lab up 4"}
    assert log[2] == "make test"
    assert log[3] != "fleet none"
    assert log[4] == "lab down "
    assert lines[-1] == "3 passed"
    assert (project / "log.mode").read_text() == "755\n"
    assert list((project / "temp").iterdir()) == []


def test_the_fleet_file_names_four_whole_hosts(project: Path) -> None:
    add_lab(project)

    run(project)

    text = (project / "log.fleet").read_text()
    for name in ("id_runbook", "known_hosts"):
        (project / name).touch()
    here = project / "fleet.yaml"
    here.write_text("\n".join(line for line in text.splitlines() if not line.startswith("ssh:")))
    here.write_text(f"{here.read_text()}\nssh: {{identity: id_runbook, known_hosts: known_hosts}}\n")
    loaded, policy = fleet.load(here)
    assert [host.address for host in loaded.hosts.values()] == [f"10.88.0.{11 + i}" for i in range(4)]
    assert {host.service.release.rollback for host in loaded.hosts.values()} == {
        ("/usr/local/sbin/app-rollback",)
    }
    assert policy is not None


@pytest.mark.parametrize("failing", [{"MAKE_STATUS": "2"}, {"LAB_STATUS": "1"}], ids=["tests", "lab"])
def test_a_failure_is_its_status_and_the_hosts_go_all_the_same(
    project: Path, failing: dict[str, str]
) -> None:
    add_lab(project)

    status, log, _ = run(project, **failing)

    assert status != 0
    assert log[-1] == "lab down "
    assert "make test" not in log or "MAKE_STATUS" in failing
    assert list((project / "temp").iterdir()) == []


def test_where_the_environment_cannot_be_made_the_hosts_are_not_waited_for(project: Path) -> None:
    add_lab(project)

    status, log, _ = run(project, LAB_HANGS="1", VENV_STATUS="2")

    assert status == 2
    assert log[-1] == "lab down "
    await_end((project / "log.pid").read_text().strip())
    assert list((project / "temp").iterdir()) == []


def await_end(pid: str) -> None:
    """It was sent its end, and takes it when it gets its turn."""
    until = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < until
        time.sleep(0.01)  # a process that is no child of ours sets no event


def is_running(pid: str) -> bool:
    """Whether the process is there and no zombie."""
    try:
        stat = Path("/proc", pid, "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", maxsplit=1)[1].split()[0] != "Z"
