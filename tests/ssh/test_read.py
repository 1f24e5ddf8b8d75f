"""Reads of a real OpenSSH server: one connection, one exec, and an answer for every command."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.errors import HostKeyRejected, HostUnreachable, SshAuthFailed, SshBroken
from bot.model.command import Ended, RawOutput
from bot.model.host import Host
from bot.ssh import SshShell
from tests.ssh.conftest import OPTIONS
from tests.support.reading import Answers, command, read
from tests.support.sshd import Identity, Sshd, fleet, make_identity
from tests.support.stalls import calmly

pytestmark = pytest.mark.sshd
MANY = tuple(command(f"s{number}", "echo", str(number)) for number in range(15))


async def test_fifteen_commands_are_one_connection_and_one_exec(shell: SshShell, shared_sshd: Sshd) -> None:
    logins, execs = shared_sshd.logins(), shared_sshd.execs()

    found = await read(shell, shared_sshd.host, MANY)

    assert {output.step: output.stdout for output in found.outputs} == {
        f"s{number}": f"{number}\n".encode() for number in range(15)
    }
    assert (shared_sshd.logins() - logins, shared_sshd.execs() - execs) == (1, 1)


async def test_the_connection_is_kept_for_the_next_read(shell: SshShell, shared_sshd: Sshd) -> None:
    logins = shared_sshd.logins()

    await asyncio.gather(*(read(shell, shared_sshd.host, MANY[:2]) for _ in range(10)))
    await read(shell, shared_sshd.host, MANY[:2])

    assert shared_sshd.logins() - logins == 1


async def test_an_idle_connection_is_closed(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    # One of its own: the shared one may still write of connections that other tests closed.
    server = start_sshd()
    shell = SshShell(fleet(identity, tmp_path, server), options=replace(OPTIONS, idle_s=0))

    for number in (1, 2):
        await read(shell, server.host, MANY[:1])
        await _until(partial(_has_closed, server, number))

    assert server.logins() == 2
    await shell.aclose()


async def test_hello_has_the_checked_key_and_the_clock(shell: SshShell, shared_sshd: Sshd) -> None:
    began = time.time()

    found = await read(shell, shared_sshd.host, MANY[:1])

    assert found.hello.host_key == shared_sshd.fingerprint
    assert abs(found.hello.skew_s) <= found.took_s
    assert began - 1 < found.hello.clock_at.timestamp() < time.time() + 1
    assert 0 < found.hello.after_s <= found.took_s


async def test_the_sh_runner_answers_the_same(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> None:
    shell = SshShell(fleet(identity, tmp_path, shared_sshd), options=replace(OPTIONS, may_use_python=False))

    found = await read(shell, shared_sshd.host, MANY)

    assert {output.stdout for output in found.outputs} == {f"{number}\n".encode() for number in range(15)}
    await shell.aclose()


async def test_sessions_killed_in_a_read_lose_only_what_was_open(shell: SshShell, shared_sshd: Sshd) -> None:
    commands = [command("quick", "echo", "x"), command("slow", "sleep", "30", timeout_s=30)]
    ends = {}

    async for answer in shell.read(shared_sshd.host, commands, deadline_s=20):
        if isinstance(answer, RawOutput):
            ends[answer.step] = (answer.ended, answer.exit_status)
            if answer.step == "quick":
                shared_sshd.cut_sessions()

    assert ends == {"quick": (Ended.EXITED, 0), "slow": (Ended.LOST, None)}


async def test_a_connection_that_died_unnoticed_is_replaced(shell: SshShell, shared_sshd: Sshd) -> None:
    await read(shell, shared_sshd.host, MANY[:1])
    shared_sshd.cut_sessions()

    found = await read(shell, shared_sshd.host, MANY[:1])

    assert found.ends == {"s0": Ended.EXITED}


async def test_the_deadline_holds_and_hanging_commands_are_timed_out(
    shell: SshShell, shared_sshd: Sshd
) -> None:
    commands = [command("hangs", "sleep", "60", timeout_s=60), command("well", "echo", "ok")]
    await read(shell, shared_sshd.host, MANY[:1])

    async def ask() -> Answers:
        return await read(shell, shared_sshd.host, commands, deadline_s=3)

    found, took_s = await calmly(ask, lambda found: found.of("well").ended is Ended.EXITED)

    assert found.ends == {"hangs": Ended.TIMED_OUT, "well": Ended.EXITED}
    assert took_s < 4


async def test_giving_up_a_read_ends_its_commands_on_the_host(
    shell: SshShell, shared_sshd: Sshd, tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    hanging = command("a", "sh", "-c", 'echo $$ >"$1"; exec sleep 60', "a", str(mark), timeout_s=60)
    reading = shell.read(shared_sshd.host, [hanging], deadline_s=50)
    await anext(reading)
    await _until(lambda: mark.exists() and mark.read_text().strip() != "")

    await reading.aclose()

    await _until(lambda: not Path(f"/proc/{mark.read_text().strip()}").exists())


async def test_a_flooding_host_is_cut_off(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> None:
    shell = SshShell(fleet(identity, tmp_path, shared_sshd), options=replace(OPTIONS, max_read_bytes=100_000))
    big = command("big", "head", "-c", "300000", "/dev/zero", max_bytes=400_000)

    found = await read(shell, shared_sshd.host, [big, command("slow", "sleep", "1")])

    assert found.ends == {"big": Ended.CUT_OFF, "slow": Ended.CUT_OFF}
    await shell.aclose()


async def test_a_port_where_nothing_listens_says_so(shell: SshShell, shared_sshd: Sshd) -> None:
    gone = Host(name="gone", address="127.0.0.1", port=1, user="x")

    with pytest.raises(HostUnreachable, match=r"gone .*connection refused; nothing listens there"):
        await read(shell, gone, MANY)


async def test_a_name_that_does_not_resolve_says_so(shell: SshShell) -> None:
    with pytest.raises(HostUnreachable, match=r"'no\.such\.invalid' does not resolve"):
        await read(shell, Host(name="lost", address="no.such.invalid", user="x"), MANY)


async def test_a_key_the_host_does_not_know_says_so(shared_sshd: Sshd, tmp_path: Path) -> None:
    shell = SshShell(fleet(make_identity(tmp_path), tmp_path, shared_sshd), options=OPTIONS)

    with pytest.raises(SshAuthFailed, match=r"box .*refused our key for user .*authorized_keys"):
        await read(shell, shared_sshd.host, MANY)
    await shell.aclose()


async def test_a_forced_command_is_named_as_a_reason(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    server = start_sshd(extra="ForceCommand echo hello; exit 3")
    shell = SshShell(fleet(identity, tmp_path, server), options=OPTIONS)

    with pytest.raises(SshBroken, match=r"exit status 3 before .* forced command"):
        await read(shell, server.host, MANY)
    await shell.aclose()


async def test_at_most_so_many_connections_are_open(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    servers = [start_sshd(f"h{number}") for number in range(3)]
    shell = SshShell(fleet(identity, tmp_path, *servers), options=replace(OPTIONS, max_connections=1))

    found = await asyncio.gather(*(read(shell, server.host, MANY[:1]) for server in servers))
    found += [await read(shell, server.host, MANY[:1]) for server in servers]

    assert [answer.ends for answer in found] == [{"s0": Ended.EXITED}] * 6
    await shell.aclose()


async def test_when_all_connections_are_busy_the_next_one_says_so(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    busy, other = start_sshd("busy"), start_sshd("other")
    shell = SshShell(fleet(identity, tmp_path, busy, other), options=replace(OPTIONS, max_connections=1))
    reading = shell.read(busy.host, [command("a", "sleep", "90", timeout_s=90)], deadline_s=90)
    await anext(reading)

    with pytest.raises(SshBroken, match="all 1 SSH connections are busy"):
        await read(shell, other.host, MANY, deadline_s=0.3)

    await reading.aclose()
    await shell.aclose()


async def test_a_bastion_is_jumped_through_and_checked_too(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    jump, inner = start_sshd("jump"), start_sshd("inner")
    inner.bastion = "jump"
    shell = SshShell(fleet(identity, tmp_path, jump, inner), options=OPTIONS)

    found = await read(shell, inner.host, MANY)

    assert found.hello.host_key == inner.fingerprint
    assert (jump.logins(), jump.execs(), inner.execs()) == (1, 0, 1)
    await shell.aclose()


async def test_a_bastion_whose_key_is_unknown_is_not_jumped_through(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    jump, inner = start_sshd("jump"), start_sshd("inner")
    inner.bastion = "jump"
    fleet_of_both = fleet(identity, tmp_path, jump, inner, known=inner.known_line + "\n")
    shell = SshShell(fleet_of_both, options=OPTIONS)

    with pytest.raises(HostKeyRejected, match=r"inner: its bastion: jump: .* is unknown"):
        await read(shell, inner.host, MANY)

    assert inner.logins() == 0
    await shell.aclose()


async def test_a_bastion_that_is_down_is_named(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    jump, inner = start_sshd("jump"), start_sshd("inner")
    inner.bastion = "jump"
    shell = SshShell(fleet(identity, tmp_path, jump, inner), options=OPTIONS)
    jump.stop()

    with pytest.raises(HostUnreachable, match=r"inner: its bastion: jump .*connection refused"):
        await read(shell, inner.host, MANY)
    await shell.aclose()


async def test_a_host_that_is_down_behind_a_bastion_is_named(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path
) -> None:
    jump, inner = start_sshd("jump"), start_sshd("inner")
    inner.bastion = "jump"
    shell = SshShell(fleet(identity, tmp_path, jump, inner), options=OPTIONS)
    inner.stop()

    with pytest.raises(HostUnreachable, match=r"inner .*could not be reached through its bastion"):
        await read(shell, inner.host, MANY)
    await shell.aclose()


def _has_closed(server: Sshd, times: int) -> bool:
    return server.log().count("Disconnected from") >= times


async def _until(condition: Callable[[], bool], within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  # another process's state has no event
            await asyncio.sleep(0.01)
