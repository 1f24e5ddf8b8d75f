"""Every way a host can misbehave: it costs its own answers, and nothing and nobody else.

The hosts run in a process of their own, so that what is measured is the bot's.
"""

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import HostError
from bot.model.command import Ended, RawOutput
from bot.model.host import Fleet, Host, SshFiles
from bot.ssh import SshOptions, SshShell
from tests.ssh.conftest import identity
from tests.support import evil_ssh, evil_ssh_more
from tests.support.evil_ssh import NAME
from tests.support.evil_ssh_more import MODES
from tests.support.hostile import IS_FULL, times
from tests.support.lag import measured_lag
from tests.support.reading import command, read
from tests.support.sshd import Identity
from tests.support.stalls import measured_stalls
from tests.support.turning import until

__all__ = ["identity"]

DEADLINE_S = 1.5
COMMANDS = (command("a", "true"), command("b", "true"))
#: Nothing is kept for a next question, so that whatever is left behind shows.
OPTIONS = SshOptions(connect_s=0.7, login_s=1.0, idle_s=0.0)
#: What one host may make the bot grow by.
MOST_BYTES = 20_000_000
FLOODS = (
    "floods_after_hello", "one_endless_line", "endless_errors", "floods_with_ignore", "floods_with_debug",
    "exchanges_keys_without_end", "banner_lines_for_ever", "banners_without_end", "promises_too_much",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Zoo:
    """The hosts, and a shell that knows their key."""

    ports: dict[str, int]
    shell: SshShell

    async def ask(self, mode: str, number: int = 0) -> tuple[dict[str, Ended], HostError | None]:
        """How each step ended, or why the host could not be asked."""
        name = f"{mode.replace('_', '-')}-{number}"
        host = Host(name=name, address="127.0.0.1", port=self.ports[mode], user="bot")
        try:
            said = [answer async for answer in self.shell.read(host, COMMANDS, deadline_s=DEADLINE_S)]
        except HostError as error:
            return {}, error
        return {answer.step: answer.ended for answer in said if isinstance(answer, RawOutput)}, None


@asynccontextmanager
async def zoo_in(folder: Path, identity: Identity) -> AsyncIterator[Zoo]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", evil_ssh_more.__name__,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    async with AsyncExitStack() as ending:
        ending.push_async_callback(process.wait)
        ending.callback(process.stdin.close)
        told = json.loads(await process.stdout.readline())
        (folder / "known_hosts").write_text(f"* {told['key']}")
        files = SshFiles(identity=str(identity.path), known_hosts=str(folder / "known_hosts"))
        shell = SshShell(Fleet(hosts={}, ssh=files), options=OPTIONS)
        ending.push_async_callback(shell.aclose)
        yield Zoo(ports=told["ports"], shell=shell)


def test_there_are_enough_of_them() -> None:
    assert len(MODES) >= 30


@pytest.mark.timeout(900)
async def test_whatever_a_host_does_it_ends_in_time_in_bounds_and_never_as_fine(
    identity: Identity, tmp_path: Path
) -> None:
    late, large, fine, unnamed = {}, {}, {}, []

    async with zoo_in(tmp_path, identity) as zoo:
        await zoo.ask("floods_after_hello")  # what the first connection ever costs is nobody's fault
        for modes in _groups():
            gc.collect()
            before = _resident_bytes()
            async with peak() as most, measured_stalls() as stalls:
                found = await asyncio.gather(*(_timed(zoo, mode) for mode in modes))
            if most.bytes - before > MOST_BYTES * len(modes):
                large[modes] = most.bytes - before
            for mode, (took_s, ends, error) in zip(modes, found, strict=True):
                # A machine that is busy elsewhere lets no loop turn: that is not the host's doing.
                if took_s > DEADLINE_S + 1 + stalls.total_s:
                    late[mode] = round(took_s, 2)
                if error is None and Ended.EXITED in ends.values():
                    fine[mode] = ends
                if error is not None and not str(error).startswith(mode.replace("_", "-")):
                    unnamed.append(str(error))

    assert (late, large, fine, unnamed) == ({}, {}, {}, [])


def _groups() -> list[tuple[str, ...]]:
    """One host at a time shows what one may cost; some side by side are quicker."""
    size = times(7, of=1)
    return [MODES[start : start + size] for start in range(0, len(MODES), size)]


async def _timed(zoo: Zoo, mode: str) -> tuple[float, dict[str, Ended], HostError | None]:
    began = time.monotonic()
    ends, error = await zoo.ask(mode)
    return time.monotonic() - began, ends, error


@pytest.mark.timeout(600)
async def test_the_loop_turns_while_hosts_flood(identity: Identity, tmp_path: Path) -> None:
    slow = {}

    async with zoo_in(tmp_path, identity) as zoo:
        for mode in FLOODS if IS_FULL else FLOODS[:4]:
            async with measured_lag() as lag:
                await asyncio.gather(*(zoo.ask(mode, number) for number in range(3)))
            if lag.p99_s >= 0.2:
                slow[mode] = lag

    assert slow == {}


@pytest.mark.timeout(900)
async def test_two_hundred_bad_rounds_leave_no_task_and_no_descriptor(
    identity: Identity, tmp_path: Path
) -> None:
    rounds = times(20, of=200)

    async with zoo_in(tmp_path, identity) as zoo:
        quick = [mode for mode in MODES if mode not in FLOODS]
        await zoo.ask("no_banner")
        tasks, descriptors = len(asyncio.all_tasks()), _descriptors()
        for start in range(0, rounds, 20):
            await asyncio.gather(
                *(zoo.ask(quick[number % len(quick)], number) for number in range(start, start + 20))
            )
        gc.collect()

        # Aborted transports close at the loop's next turns.
        await until(lambda: len(asyncio.all_tasks()) <= tasks + 1 and _descriptors() <= descriptors + 2)


async def test_a_host_opens_no_channel_to_us(identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "known_hosts").write_text(f"{NAME} {evil_ssh.HOST_KEY.export_public_key().decode()}")
    files = SshFiles(identity=str(identity.path), known_hosts=str(tmp_path / "known_hosts"))
    shell = SshShell(Fleet(hosts={}, ssh=files), options=SshOptions(connect_s=60, login_s=60))
    evil_ssh_more.opened.clear()

    async with evil_ssh.after_login(evil_ssh_more.opens_channels_to_us) as port:
        host = Host(name=NAME, address="127.0.0.1", port=port, user="bot")
        found = await read(shell, host, COMMANDS)
    await shell.aclose()

    assert evil_ssh_more.opened == {"agent": 0, "x11": 0, "forwarded": 0, "unix": 0}
    assert set(found.ends.values()) == {Ended.EXITED}


@dataclass
class Peak:
    """The largest this process was."""

    bytes: int = 0


@asynccontextmanager
async def peak() -> AsyncIterator[Peak]:
    seen = Peak(bytes=_resident_bytes())
    watching = asyncio.create_task(_watch(seen))
    try:
        yield seen
    finally:
        seen.bytes = max(seen.bytes, _resident_bytes())
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(seen: Peak) -> None:
    while True:
        await asyncio.sleep(0.02)
        seen.bytes = max(seen.bytes, _resident_bytes())


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # counts, needs no paths
