"""init.sh: on this machine's own processes, and with folders as OpenRC and pid files leave them."""

import os
import subprocess
from pathlib import Path

import pytest

from bot.parsers.init import Init, init
from tests.support.asked import output
from tests.test_runbook_scripts import SENT, SHELLS

#: Of a process that is surely gone: pid_max is lower. Source: proc(5), /proc/sys/kernel/pid_max.
_GONE = 999999999


def told(folder: Path, shell: tuple[str, ...], name: str = "myapp") -> Init:
    """What the script tells with its folders below one that a test fills."""
    text = SENT["init.sh"]
    for path in ("/run/systemd/system", "/run/openrc", "/etc/init.d", "/etc/inittab", '"/run/$1'):
        prefix = '"' if path.startswith('"') else ""
        text = text.replace(path, f"{prefix}{folder}{path.removeprefix(prefix)}")
    done = subprocess.run(
        [*shell, "-s", f"service={name}"], input=text, text=True, check=True, capture_output=True
    )
    return init(output("init", done.stdout))


def by_openrc(folder: Path, state: str, pid: int | None = None) -> None:
    (folder / "etc/init.d").mkdir(parents=True)
    (folder / "etc/init.d/myapp").write_text("#!/sbin/openrc-run\n")
    (folder / "etc/init.d/myapp").chmod(0o755)
    (folder / "run/openrc" / state).mkdir(parents=True)
    (folder / "run/openrc" / state / "myapp").symlink_to("/etc/init.d/myapp")
    if pid is not None:
        (folder / "run/openrc/options/myapp").mkdir(parents=True)
        (folder / "run/openrc/options/myapp/child_pid").write_text(str(pid))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_says_nothing_where_systemd_runs(tmp_path: Path, shell: tuple[str, ...]) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)

    fact = told(tmp_path, shell)

    assert (fact.is_systemd, fact.processes) == (True, ())


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("state", "pid", "is_told"),
    [
        ("started", os.getpid(), "started"),
        ("started", None, "started"),
        ("started", _GONE, "crashed"),
        ("failed", None, "failed"),
        ("nothing", None, "stopped"),
    ],
    ids=["runs", "of no known pid", "its process is gone", "did not start", "stopped"],
)
def test_tells_the_state_that_openrc_has(
    tmp_path: Path, shell: tuple[str, ...], state: str, pid: int | None, is_told: str
) -> None:
    by_openrc(tmp_path, state, pid)

    fact = told(tmp_path, shell)

    assert fact.kind == "openrc"
    assert (service := fact.service("myapp")) is not None
    assert (service.keeper, service.state) == ("openrc", is_told)
    assert (me := fact.process(os.getpid())) is not None and me.started_at is not None


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_tells_no_service_that_the_host_does_not_have(tmp_path: Path, shell: tuple[str, ...]) -> None:
    by_openrc(tmp_path, "started")

    assert told(tmp_path, shell, name="other").service("other") is None
    assert told(tmp_path, shell, name="../myapp").services == ()
