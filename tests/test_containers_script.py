"""containers.sh: on a Docker that answers, hangs, is not there or is podman, and on a /proc made for it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from bot.hostkit.rights import rights_of
from bot.model.host import Host
from bot.parsers.containers import Containers, containers
from tests.support.asked import output
from tests.support.office import CATALOG
from tests.support.scripts import SENT
from tests.test_runbook_scripts import SHELLS

HEAD = "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS   NAMES"
ROW = '2e55c2ac3f9c   shop:1    "python3"   7 minutes ago   Up 2 minutes   80->80/tcp   shop'
LISTS = f"printf '%s\\n' '{HEAD}' '{ROW}'"
DENIED = "echo 'permission denied while trying to connect' >&2; exit 1"
#: Nobody but root could end it.
HANGS = "trap '' TERM; sleep 25"
REFUSES = "echo 'sudo: a password is required' >&2; exit 1"
EMPTY = f"echo '{HEAD}'"
ACTIVE = "printf 'LoadState=loaded\\nActiveState=active\\n'"
INACTIVE = "printf 'LoadState=loaded\\nActiveState=inactive\\n'"
NOT_THERE = "printf 'LoadState=not-found\\nActiveState=inactive\\n'"
ID, OTHER = "2e55c2ac3f9c" + "5" * 52, "aaaaaaaaaaaa" + "5" * 52


class Place:
    """A folder of programs in front of the machine's own, and a /proc of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.proc = folder / "proc"
        (self.proc / "self" / "net").mkdir(parents=True)
        (self.proc / "self" / "net" / "fib_trie").write_text("the host's\n")
        self.program("systemctl", f"case $1 in is-active) echo inactive; exit 3 ;; *) {NOT_THERE} ;; esac")

    def program(self, name: str, text: str) -> None:
        """A program that runs this shell text, and leaves a mark that it ran, with its words."""
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$*" >>{self.folder}/{name}.ran\n{text}\n')
        path.chmod(0o755)

    def ran(self, name: str) -> list[str]:
        """The words of each time that it ran."""
        mark = self.folder / f"{name}.ran"
        return mark.read_text().splitlines() if mark.exists() else []

    def process(self, pid: int, program: str, cgroup: str, addresses: str = "the host's\n") -> None:
        """A process in a cgroup, and what its network has."""
        (self.proc / str(pid) / "net").mkdir(parents=True)
        for name, text in {"comm": f"{program}\n", "cgroup": f"0::{cgroup}\n"}.items():
            (self.proc / str(pid) / name).write_text(text)
        (self.proc / str(pid) / "net" / "fib_trie").write_text(addresses)
        (self.proc / str(pid) / "net" / "tcp").write_text(
            "  sl  local_address rem_address   st\n   0: 00000000:1F40 00000000:0000 0A 0\n"
        )

    def told(self, shell: tuple[str, ...], path: str | None = None) -> Containers:
        """What the script tells here."""
        text = SENT["containers.sh"].replace("/proc/", "./proc/")
        program = [shutil.which(shell[0]) or shell[0], *shell[1:]]
        done = subprocess.run(
            [*program, "-c", text, "containers"],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
            env={"PATH": f"{self.folder}/bin:{path or os.environ['PATH']}", "HOME": str(self.folder)},
            check=True,
        )
        return containers(output("containers", done.stdout))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


shells = pytest.mark.parametrize("shell", SHELLS, ids=" ".join)


@shells
def test_the_login_asks_first_and_root_where_it_may_not(place: Place, shell: tuple[str, ...]) -> None:
    place.program("docker", DENIED)
    place.program("sudo", LISTS)

    told = place.told(shell)

    assert told.rows is not None and [row.name for row in told.rows] == ["shop"]
    assert (place.ran("docker"), place.ran("sudo")) == (["ps -a"], ["-n docker ps -a"])


@shells
def test_what_is_said_instead_of_a_list_is_told(place: Place, shell: tuple[str, ...]) -> None:
    place.program("docker", DENIED)
    place.program("sudo", REFUSES)

    told = place.told(shell)

    assert (told.rows, told.refused) == (None, "sudo: a password is required")


@shells
@pytest.mark.parametrize(
    ("unit", "engine"), [(ACTIVE, "active"), (INACTIVE, "inactive"), (NOT_THERE, "")], ids=lambda text: text
)
def test_the_state_of_dockers_unit_is_told_where_there_is_that_unit(
    place: Place, shell: tuple[str, ...], unit: str, engine: str
) -> None:
    place.program("docker", LISTS)
    place.program("systemctl", f"case $1 in is-active) echo {engine or 'inactive'} ;; *) {unit} ;; esac")

    assert place.told(shell).engine == engine


@shells
@pytest.mark.parametrize("as_root", [False, True], ids=["the login", "root"])
def test_a_docker_that_hangs_costs_three_seconds_and_nothing_else(
    place: Place, shell: tuple[str, ...], *, as_root: bool
) -> None:
    place.program("docker", DENIED if as_root else "exec sleep 25")
    place.program("sudo", HANGS)
    place.process(403, "python3", f"/system.slice/docker-{ID}.scope", "its own\n")
    for _ in range(3):  # a machine that stalls meanwhile says nothing of it
        began = time.monotonic()
        told = place.told(shell)
        took_s = time.monotonic() - began
        if took_s < 20:
            break

    assert took_s < 20
    assert (told.rows, told.refused) == (None, "docker did not answer within 3 s")
    assert [(box.pid, [one.port for one in box.sockets]) for box in told.boxes] == [(403, [8000])]
    assert bool(place.ran("sudo")) is as_root


@shells
@pytest.mark.parametrize("has", ["an old busybox", "no timeout"])
def test_any_timeout_or_none_will_do(place: Place, shell: tuple[str, ...], has: str) -> None:
    place.program("docker", LISTS)
    lean = place.folder / "lean"
    lean.mkdir()
    tools = (
        "awk",
        "cat",
        "cmp",
        "env",
        "grep",
        "readlink",
        "sed",
        "sh",
        "sort",
        "tail",
        "timeout",
        "tr",
        "true",
    )
    for tool in tools:
        (lean / tool).symlink_to(shutil.which(tool) or tool)
    (lean / "timeout").unlink()
    if has == "an old busybox":
        real = shutil.which("timeout")
        place.program("timeout", f'[ "$1" = -t ] || exit 127\nshift\nexec {real} "$@"')

    told = place.told(shell, path=str(lean))

    assert told.rows is not None and [row.name for row in told.rows] == ["shop"]
    assert "-t 3 docker ps -a" in place.ran("timeout") or has == "no timeout"


@shells
@pytest.mark.parametrize("is_link", [False, True], ids=["a script", "a link"])
def test_podman_by_dockers_name_is_asked_as_root_alone(
    place: Place, shell: tuple[str, ...], *, is_link: bool
) -> None:
    place.program("podman", EMPTY)
    place.program("docker", f'exec {place.folder}/bin/podman "$@"')
    place.program("sudo", LISTS)
    if is_link:
        (place.folder / "bin" / "docker").unlink()
        (place.folder / "bin" / "docker").symlink_to("podman")

    told = place.told(shell)

    assert told.rows is not None and [row.name for row in told.rows] == ["shop"]
    assert (place.ran("podman"), place.ran("docker")) == ([], [])


@shells
@pytest.mark.parametrize(
    "watches", [f"/machine.slice/libpod-conmon-{ID}.scope", f"/libpod_parent/libpod-{ID}/conmon"]
)
def test_a_container_of_podman_is_its_own_process_and_not_what_watches_over_it(
    place: Place, shell: tuple[str, ...], watches: str
) -> None:
    place.process(98, "conmon", watches)
    place.process(99, "helper", f"/machine.slice/libpod-conmon-{OTHER}.scope")
    place.process(100, "gunicorn", f"/machine.slice/libpod-{ID}.scope/container", "its own\n")

    told = place.told(shell)

    assert [(box.id, box.pid, box.program) for box in told.boxes] == [("2e55c2ac3f9c", 100, "gunicorn")]
    assert [one.port for one in told.boxes[0].sockets] == [8000]


def test_the_kit_lets_exactly_this_call_run_as_root() -> None:
    host = Host(name="web-01", address="192.0.2.1", user="runbook")

    assert ("docker", "ps", "-a") in rights_of(host, CATALOG)
