"""Real OpenSSH servers for these tests; one is shared, others are started by whoever needs one."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.ssh import SshOptions, SshShell
from tests.support import programs
from tests.support.sshd import Identity, Sshd, fleet, make_identity, start
from tests.support.unhurried import wait_long_for_refusals

#: Generous: these servers are well, and the machine may be busy.
OPTIONS = SshOptions(connect_s=30, login_s=30)


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("identity"))


@pytest.fixture(scope="session")
def shared_sshd(tmp_path_factory: pytest.TempPathFactory, identity: Identity) -> Iterator[Sshd]:
    if programs.sshd() is None:
        pytest.skip("no OpenSSH server: apt-get install openssh-server")
    server = start(tmp_path_factory.mktemp("sshd"), identity)
    yield server
    server.stop()


@pytest.fixture
def start_sshd(tmp_path: Path, identity: Identity) -> Iterator[Callable[..., Sshd]]:
    with ExitStack() as running:

        def begin(name: str = "box", **kwargs: Any) -> Sshd:
            server = start(tmp_path / name, identity, **kwargs)
            running.callback(server.stop)
            server.name = name
            return server

        yield begin


@pytest.fixture
async def shell(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> AsyncIterator[SshShell]:
    """A shell for the shared server, with no connection yet."""
    made = SshShell(fleet(identity, tmp_path, shared_sshd), options=OPTIONS)
    yield made
    await made.aclose()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """See `wait_long_for_refusals`."""
    wait_long_for_refusals(monkeypatch)


@pytest.fixture
def nonces() -> Iterator[list[str]]:
    """Nonces put in here are forgotten by this machine's memory afterwards."""
    used: list[str] = []
    yield used
    for place in ("/dev/shm", "/run/lock"):
        for nonce in used:
            shutil.rmtree(Path(place) / f"runbook-bot-{os.getuid()}" / nonce, ignore_errors=True)
