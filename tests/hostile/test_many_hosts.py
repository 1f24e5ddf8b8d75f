"""Fifty hosts of which fifteen hang: the others are answered as if those were not there."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import HostError
from bot.model.command import Ended, RawOutput
from bot.model.host import Host
from bot.ssh import SshOptions, SshShell
from tests.support import evil_ssh
from tests.support.lag import measured_lag
from tests.support.reading import command
from tests.support.recording_ssh import recording_ssh
from tests.support.stalls import measured_stalls

COMMANDS = (command("a", "true"), command("b", "true"))
NAMES = tuple(f"web-{number:02}" for number in range(50))
#: Those that accept TCP and never say a word, the first to be asked.
HUNG = frozenset(NAMES[:15])
HEALTHY_WITHIN_S = 10.0


@pytest.mark.timeout(120)
async def test_the_healthy_ones_are_answered_in_time(tmp_path: Path) -> None:
    async with (
        evil_ssh.before_login(evil_ssh.no_banner) as nowhere,
        recording_ssh(tmp_path, *NAMES) as (fleet, _),
    ):
        hosts = [replace(host, port=nowhere) if host.name in HUNG else host for host in fleet.hosts.values()]
        # The hung ones keep their connections far longer than the others need.
        shell = SshShell(fleet, options=SshOptions(connect_s=50, login_s=50))
        async with measured_lag() as lag, measured_stalls() as stalls:
            asking = {host.name: asyncio.create_task(_ask(shell, host)) for host in hosts}
            found = await asyncio.gather(*(asking[name] for name in NAMES if name not in HUNG))
        still_hung = [name for name in HUNG if not asking[name].done()]
        for task in asking.values():
            task.cancel()
        await asyncio.gather(*asking.values(), return_exceptions=True)
        await shell.aclose()

    assert all(ends == {"a": Ended.EXITED, "b": Ended.EXITED} for ends, _ in found)
    assert len(still_hung) == 15
    # Client and servers share this process: what they worked is not time that a host was made to wait, nor
    # is what the machine gave to others.
    not_waited_s = sum(lag.turns) + stalls.total_s
    assert max(took_s for _, took_s in found) < HEALTHY_WITHIN_S + not_waited_s


async def _ask(shell: SshShell, host: Host) -> tuple[dict[str, Ended], float]:
    began = time.monotonic()
    try:
        said = [answer async for answer in shell.read(host, COMMANDS, deadline_s=60)]
    except HostError:
        return {}, time.monotonic() - began
    ends = {answer.step: answer.ended for answer in said if isinstance(answer, RawOutput)}
    return ends, time.monotonic() - began
