"""An order runs at most once for its nonce, whatever happens to us or to the connection."""

import asyncio
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import HostKeyRejected, HostUnreachable, SshBroken
from bot.model.action import Order, Settled
from bot.model.command import Ended
from bot.model.host import Host
from bot.ssh import SshShell
from bot.ssh.order_wire import OrderRequest, Verb, encode_order
from bot.ssh.programs import ORDER_COMMAND, order_input
from tests.ssh.conftest import OPTIONS
from tests.support.sshd import Identity, Sshd, fleet

pytestmark = pytest.mark.sshd
MEMORY = Path(f"/dev/shm/runbook-bot-{os.getuid()}")
LOCKS = Path(f"/run/lock/runbook-bot-{os.getuid()}")


class Marks:
    """A file that counts how often an order ran."""

    def __init__(self, folder: Path, nonce: str) -> None:
        self.path, self.nonce = folder / "ran", nonce

    @property
    def count(self) -> int:
        return self.path.read_text().count("x") if self.path.exists() else 0

    def runner(self) -> int:
        """The process on the host that carries the order out."""
        return int((MEMORY / self.nonce / "by").read_text().split()[0])

    def has(self, suffix: str) -> bool:
        return Path(f"{self.path}.{suffix}").exists()

    def touch(self, suffix: str) -> None:
        Path(f"{self.path}.{suffix}").touch()

    def order(self, host_key: str, *more: tuple[str, ...], timeout_s: float = 60.0) -> Order:
        mark = ("sh", "-c", 'printf x >>"$1"', "mark", str(self.path))
        return Order(nonce=self.nonce, commands=(mark, *more), host_key=host_key, timeout_s=timeout_s)


@pytest.fixture
def marks(tmp_path: Path, nonces: list[str]) -> Marks:
    nonce = secrets.token_hex(16)
    nonces.append(nonce)
    return Marks(tmp_path, nonce)


@pytest.fixture
async def another(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> AsyncIterator[SshShell]:
    """A second replica."""
    made = SshShell(fleet(identity, tmp_path, shared_sshd), options=OPTIONS)
    yield made
    await made.aclose()


async def test_runs_its_commands_in_order_and_says_the_last_one(
    shell: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    order = marks.order(shared_sshd.fingerprint, ("sh", "-c", "echo out; echo err >&2"))

    result = await shell.act(shared_sshd.host, order)

    assert (result.is_first, result.ended, result.exit_status) == (True, Ended.EXITED, 0)
    assert (result.stdout, result.stderr) == (b"out\n", b"err\n")
    assert marks.count == 1


async def test_the_first_failure_ends_it(shell: SshShell, shared_sshd: Sshd, marks: Marks) -> None:
    order = marks.order(shared_sshd.fingerprint, ("sh", "-c", "exit 4"), ("touch", f"{marks.path}.never"))

    result = await shell.act(shared_sshd.host, order)

    assert (result.ended, result.exit_status) == (Ended.EXITED, 4)
    assert not marks.has("never")


async def test_twice_by_one_shell_runs_once(shell: SshShell, shared_sshd: Sshd, marks: Marks) -> None:
    order = marks.order(shared_sshd.fingerprint, ("echo", "hi"))

    first = await shell.act(shared_sshd.host, order)
    second = await shell.act(shared_sshd.host, order)

    assert (first.is_first, second.is_first) == (True, False)
    assert (second.ended, second.exit_status, second.stdout) == (Ended.EXITED, 0, b"hi\n")
    assert marks.count == 1


async def test_many_at_once_by_two_replicas_run_once(
    shell: SshShell, another: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    order = marks.order(shared_sshd.fingerprint)

    results = await asyncio.gather(
        *(replica.act(shared_sshd.host, order) for replica in (shell, another) for _ in range(5))
    )

    assert [result.is_first for result in results].count(True) == 1
    assert marks.count == 1


async def test_it_runs_once_even_after_the_memory_is_gone(
    shell: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    """As after a reboot, which empties /dev/shm and /run/lock."""
    order = marks.order(shared_sshd.fingerprint)
    await shell.act(shared_sshd.host, order)
    shutil.rmtree(MEMORY / marks.nonce)
    shutil.rmtree(LOCKS / marks.nonce, ignore_errors=True)

    again = await shell.act(shared_sshd.host, order)
    settled = await shell.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)

    assert (again.is_first, marks.count) == (False, 1)
    assert (settled.state, settled.exit_status) == (Settled.DONE, 0)


async def test_it_runs_once_even_when_the_home_cannot_be_written(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path, marks: Marks
) -> None:
    server = start_sshd()
    (server.folder / "state").write_text("a file where the folder would be")
    shell = SshShell(fleet(identity, tmp_path, server), options=OPTIONS)
    order = marks.order(server.fingerprint)

    results = [await shell.act(server.host, order) for _ in range(2)]
    if (LOCKS / marks.nonce).exists():
        # What logind does when the user logs out.
        shutil.rmtree(MEMORY / marks.nonce)
        results.append(await shell.act(server.host, order))

    assert [result.is_first for result in results[:3]] == [True, False, False][: len(results)]
    assert marks.count == 1
    await shell.aclose()


async def test_a_client_that_dies_does_not_cut_the_action(
    shell: SshShell, another: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    gate = f"{marks.path}.gate"
    waits = ("sh", "-c", 'until [ -e "$1" ]; do sleep 0.05; done; echo late', "wait", gate)
    acting = asyncio.create_task(shell.act(shared_sshd.host, marks.order(shared_sshd.fingerprint, waits)))
    await _until(lambda: marks.count == 1)

    shared_sshd.cut_sessions()
    for number in (signal.SIGHUP, signal.SIGPIPE):
        os.kill(marks.runner(), number)
    result = await acting
    running = await another.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)
    marks.touch("gate")
    await _until((MEMORY / marks.nonce / "rc").exists)
    settled = await another.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)

    assert (result.is_first, result.ended, result.exit_status) == (True, Ended.LOST, None)
    assert running.state is Settled.RUNNING
    assert (settled.state, settled.exit_status, settled.stdout) == (Settled.DONE, 0, b"late\n")
    assert marks.count == 1


async def test_an_order_whose_runner_was_killed_is_cut(
    shell: SshShell, another: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    gate = f"{marks.path}.gate"
    waits = ("sh", "-c", 'touch "$1.met"; until [ -e "$1" ]; do sleep 0.05; done', "wait", gate)
    order = marks.order(shared_sshd.fingerprint, waits, timeout_s=600.0)
    acting = asyncio.create_task(shell.act(shared_sshd.host, order))
    await _until(lambda: marks.has("gate.met"))

    os.kill(marks.runner(), signal.SIGKILL)
    async with asyncio.timeout(60):  # at once: what it began goes on and does not hold the connection
        result = await acting
    settled = await another.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)

    assert result.ended is Ended.LOST
    assert (settled.state, settled.exit_status) == (Settled.CUT, None)
    marks.touch("gate")
    await _until(lambda: not _holds(MEMORY / marks.nonce / "events"))  # nothing of it is left behind


async def test_settling_burns_a_nonce_that_never_ran(
    shell: SshShell, another: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    settled = await shell.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)
    result = await another.act(shared_sshd.host, marks.order(shared_sshd.fingerprint))

    assert settled.state is Settled.NEVER
    assert (result.is_first, result.ended, result.exit_status) == (False, Ended.LOST, None)
    assert marks.count == 0
    assert (
        await shell.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)
    ).state is Settled.NEVER


async def test_acting_and_settling_at_once_agree(
    shell: SshShell, another: SshShell, shared_sshd: Sshd, nonces: list[str], tmp_path: Path
) -> None:
    for number in range(8):
        nonce = secrets.token_hex(16)
        nonces.append(nonce)
        marks = Marks(tmp_path / str(number), nonce)
        marks.path.parent.mkdir()
        order = marks.order(shared_sshd.fingerprint)

        _, settled = await asyncio.gather(
            shell.act(shared_sshd.host, order), another.settle(shared_sshd.host, nonce, host_key=None)
        )

        assert marks.count == (0 if settled.state is Settled.NEVER else 1)


async def test_a_command_over_its_time_is_ended_and_the_rest_not_run(
    shell: SshShell, shared_sshd: Sshd, nonces: list[str], tmp_path: Path
) -> None:
    # On a busy machine the time may be over before it said a word.
    for timeout_s in (0.5, 4.0, 30.0):
        nonces.append(secrets.token_hex(16))
        marks = Marks(tmp_path, nonces[-1])
        later = ("touch", f"{marks.path}.later")
        hangs = ("sh", "-c", "echo a; sleep 300")
        order = marks.order(shared_sshd.fingerprint, hangs, later, timeout_s=timeout_s)

        result = await shell.act(shared_sshd.host, order)
        settled = await shell.settle(shared_sshd.host, marks.nonce, host_key=shared_sshd.fingerprint)

        if result.stdout:
            break

    assert (result.ended, result.exit_status, result.stdout) == (Ended.TIMED_OUT, None, b"a\n")
    assert settled.state is Settled.CUT
    assert not marks.has("later")


async def test_a_flood_is_capped_and_the_command_still_ends_well(
    shell: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    flood = ("sh", "-c", "head -c 3000000 /dev/zero && echo done >&2")

    result = await shell.act(shared_sshd.host, marks.order(shared_sshd.fingerprint, flood))

    assert (result.ended, result.exit_status, result.stderr) == (Ended.EXITED, 0, b"done\n")
    assert 0 < len(result.stdout) <= 262_144


async def test_a_program_that_is_not_there_is_not_found(
    shell: SshShell, shared_sshd: Sshd, marks: Marks
) -> None:
    result = await shell.act(shared_sshd.host, marks.order(shared_sshd.fingerprint, ("no-such-program",)))

    assert (result.ended, result.exit_status) == (Ended.NOT_FOUND, None)


async def test_arguments_arrive_byte_by_byte(shell: SshShell, shared_sshd: Sshd, marks: Marks) -> None:
    args = ("", " a  b ", "$(id)", "x\ny\n", "*", "\udcff", "a")
    order = marks.order(shared_sshd.fingerprint, ("printf", "%s\\0", *args))

    result = await shell.act(shared_sshd.host, order)

    assert result.stdout == b"".join(arg.encode("utf-8", "surrogateescape") + b"\0" for arg in args)


async def test_another_host_key_means_nothing_runs(shell: SshShell, shared_sshd: Sshd, marks: Marks) -> None:
    with pytest.raises(HostKeyRejected, match="nothing ran"):
        await shell.act(shared_sshd.host, marks.order("SHA256:another"))

    assert marks.count == 0
    assert not (MEMORY / marks.nonce).exists()


async def test_another_machine_at_the_address_is_not_asked_what_became_of_it(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path, marks: Marks
) -> None:
    """Its key is trusted, and it would say that the order never ran."""
    first, second = start_sshd("first"), start_sshd("second")
    shell = SshShell(fleet(identity, tmp_path, first, second), options=OPTIONS)
    await shell.act(first.host, marks.order(first.fingerprint))
    for place in (MEMORY, LOCKS):  # which both have in common here; the homes are their own
        shutil.rmtree(place / marks.nonce, ignore_errors=True)
    moved = replace(first.host, port=second.port)

    with pytest.raises(
        HostKeyRejected, match=f"{re.escape(first.fingerprint)}, this one has .* it was not asked"
    ):
        await shell.settle(moved, marks.nonce, host_key=first.fingerprint)

    assert not (MEMORY / marks.nonce).exists()
    settled = await shell.settle(first.host, marks.nonce, host_key=first.fingerprint)
    assert (settled.state, marks.count) == (Settled.DONE, 1)
    await shell.aclose()


async def test_a_host_that_is_down_raises_since_nothing_started(shell: SshShell, marks: Marks) -> None:
    gone = Host(name="gone", address="127.0.0.1", port=1, user="x")

    with pytest.raises(HostUnreachable):
        await shell.act(gone, marks.order("SHA256:any"))
    with pytest.raises(HostUnreachable):
        await shell.settle(gone, marks.nonce, host_key=None)


async def test_an_order_no_host_could_have_got_raises(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path, marks: Marks
) -> None:
    server = start_sshd(extra="MaxSessions 0")
    shell = SshShell(fleet(identity, tmp_path, server), options=OPTIONS)

    with pytest.raises(SshBroken):
        await shell.act(server.host, marks.order(server.fingerprint))

    assert marks.count == 0
    await shell.aclose()


async def test_memory_that_is_not_ours_alone_is_not_used(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path, marks: Marks
) -> None:
    """Every place is in the way: nothing can be remembered, so nothing runs."""
    server = start_sshd()
    (server.folder / "state").write_text("a file where the folder would be")
    shell = SshShell(fleet(identity, tmp_path, server), options=OPTIONS)
    _memory(0o777)
    try:
        with pytest.raises(SshBroken, match="can remember no order"):
            await shell.act(server.host, marks.order(server.fingerprint))
    finally:
        _memory(0o700)

    assert marks.count == 0
    await shell.aclose()


@pytest.mark.parametrize("nonce", ["", "../../x", "A" * 32, "a" * 31, "a" * 32 + "\n"])
async def test_a_malformed_nonce_is_refused(shell: SshShell, shared_sshd: Sshd, nonce: str) -> None:
    with pytest.raises(ValueError, match="32 lower-case hex digits"):
        await shell.settle(shared_sshd.host, nonce, host_key=None)


async def test_markers_older_than_a_month_are_cleaned(
    shell: SshShell, shared_sshd: Sshd, marks: Marks, nonces: list[str]
) -> None:
    _memory(0o700)
    nonces += [secrets.token_hex(16) for _ in range(2)]
    old, young = (MEMORY / nonce for nonce in nonces[-2:])
    old.mkdir()
    young.mkdir()
    os.utime(old, (0, 0))

    await shell.act(shared_sshd.host, marks.order(shared_sshd.fingerprint))

    await _until(lambda: not old.exists())
    assert young.exists()


def _memory(mode: int) -> None:
    for place in (MEMORY, LOCKS):
        if place.parent.is_dir():
            place.mkdir(exist_ok=True)
            place.chmod(mode)


def _holds(path: Path) -> bool:
    """Whether any process has the file open."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended meanwhile
            if link.readlink() == path:
                return True
    return False


async def _until(condition: Callable[[], bool], within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  # another process's state has no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("missing", [1, 4, 40])
def test_an_order_that_did_not_come_whole_is_none(marks: Marks, tmp_path: Path, missing: int) -> None:
    commands = (("touch", str(tmp_path / "made")),)
    line = encode_order(OrderRequest(run="ab" * 16, verb=Verb.ACT, nonce=marks.nonce, commands=commands))
    whole = order_input(line)

    ended = [
        subprocess.run(["sh", "-c", ORDER_COMMAND], input=given, capture_output=True, check=False)
        for given in (whole[:-missing], whole)
    ]

    assert (ended[0].returncode, ended[0].stdout) == (3, b"")
    assert ended[1].returncode == 0  # the nonce was not used up
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
