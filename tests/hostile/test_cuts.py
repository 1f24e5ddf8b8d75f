"""A connection that breaks anywhere: what came whole counts, and nothing else is ever taken for an answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import HostError
from bot.model.command import Ended, RawOutput
from bot.ssh import SshShell
from tests.ssh.conftest import OPTIONS, identity, shared_sshd
from tests.support.hostile import times
from tests.support.reading import command, read
from tests.support.sshd import Identity, Sshd, fleet
from tests.support.wiretap import Wiretap

__all__ = ["identity", "shared_sshd"]

pytestmark = pytest.mark.sshd
CUTS = times(12, of=200)
#: What a server sends until it runs something, roughly.
HANDSHAKE_BYTES = 2500
#: Step -> what it says: over many packets, in one, and nothing, which would look well when it was cut.
SAYS = {"long": "x" * 90_000, "lines": "line\n" * 18_000, "short": "y" * 300, "empty": ""}
COMMANDS = tuple(command(step, "printf", "%s", text, max_bytes=200_000) for step, text in SAYS.items())


@asynccontextmanager
async def tapped(
    server: Sshd, identity: Identity, folder: Path
) -> AsyncIterator[tuple[Wiretap, SshShell, Sshd]]:
    async with Wiretap(server.port) as tap:
        near = replace(server, port=tap.port)
        shell = SshShell(fleet(identity, folder, near), options=OPTIONS)
        try:
            yield tap, shell, near
        finally:
            await shell.aclose()


async def ends_of(shell: SshShell, server: Sshd) -> dict[str, RawOutput]:
    """Step -> its answer; empty when the host could not be asked at all."""
    try:
        said = [one async for one in shell.read(server.host, COMMANDS, deadline_s=60)]
    except HostError:
        return {}
    return {one.step: one for one in said if isinstance(one, RawOutput)}


@pytest.mark.timeout(600)
async def test_no_cut_makes_a_part_look_whole(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> None:
    async with tapped(shared_sshd, identity, tmp_path) as (tap, shell, near):
        whole = await read(shell, near.host, COMMANDS)
        length = tap.answered
    assert set(whole.ends.values()) == {Ended.EXITED}

    wrong, unasked, partly = [], 0, 0
    async with tapped(shared_sshd, identity, tmp_path) as (tap, shell, near):
        for number in range(CUTS):
            # Every other one before there is an answer: key exchange, login, greeting.
            reach = length if number % 2 else HANDSHAKE_BYTES
            tap.cut_after = 1 + reach * number // CUTS
            found = await ends_of(shell, near)
            unasked += not found
            lost = {step for step, one in found.items() if one.ended is not Ended.EXITED}
            partly += bool(found) and bool(lost)
            wrong += [
                (tap.cut_after, step)
                for step, one in found.items()
                if step not in lost and (one.exit_status != 0 or one.stdout.decode() != SAYS[step])
            ]
            wrong += [(tap.cut_after, step) for step in lost if found[step].exit_status is not None]

    assert wrong == []
    # The cuts met every part of a connection: before the first word, and between the answers.
    assert unasked > CUTS // 10
    assert partly > 0
    print(f"\n{CUTS} cuts: {unasked} before the greeting, {partly} between answers, 0 taken for whole")
