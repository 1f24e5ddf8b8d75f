"""`tools/environment.sh` on machines that lack something: what it says, and that it mends what it may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OLD = """#!/bin/sh
case "$*" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac
"""
#: A Python without venv; it has it once apt-get has run.
SPLIT = """#!/bin/sh
case "$*" in *ensurepip*) [ -e "$LOG" ] ;; *) exec "$REAL" "$@" ;; esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/environment.sh", tmp_path / "tools")
    # Stops the script where the environment would be made; what comes before is looked at here.
    (tmp_path / ".venv").write_text("in the way")
    return tmp_path


def program(project: Path, name: str, text: str) -> None:
    path = project / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def run(project: Path, python: str) -> tuple[str, str]:
    """What was called (one line a call of apt-get), and what was said."""
    log = project / "log"
    env = {
        "PATH": f"{project / 'bin'}:{os.environ['PATH']}",
        "PYTHON": python,
        "REAL": sys.executable,
        "LOG": str(log),
    }
    done = subprocess.run(
        ["sh", "tools/environment.sh", "requirements.lock"],
        cwd=project, env=env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    return log.read_text() if log.exists() else "", done.stderr


def test_no_python_is_said_with_the_way_out(project: Path) -> None:
    _, said = run(project, "python-that-is-not-there")

    assert "runbook-bot: no python-that-is-not-there; install Python 3.11 or newer" in said


def test_an_old_python_is_said_with_the_way_out(project: Path) -> None:
    program(project, "old", OLD)

    _, said = run(project, "old")

    assert (
        "runbook-bot: Python 3.9.2 is too old; 3.11 or newer is needed, name one: make demo PYTHON=" in said
    )


def test_without_root_a_missing_venv_comes_with_the_command_that_mends_it(project: Path) -> None:
    program(project, "split", SPLIT)
    program(project, "id", "#!/bin/sh\necho 1000\n")

    called, said = run(project, "split")

    assert called == ""
    assert said == "runbook-bot: split has no venv module; mend it with: sudo apt-get install python3-venv\n"


def test_as_root_a_missing_venv_is_installed(project: Path) -> None:
    program(project, "split", SPLIT)
    program(project, "id", "#!/bin/sh\necho 0\n")
    program(project, "apt-get", '#!/bin/sh\necho "$*" >>"$LOG"\n')

    called, said = run(project, "split")

    assert [line.split()[2] for line in called.splitlines()] == ["update", "install"]
    assert called.split()[-1] == "python3-venv"
    assert "has no venv" not in said
