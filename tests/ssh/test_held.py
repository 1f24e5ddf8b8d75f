"""What hosts say is bounded over all of them; a host that says too much loses its own answers only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.model.command import Ended, Hello, RawOutput
from bot.model.host import Fleet, Host, SshFiles
from bot.ssh import SshShell
from bot.ssh.held import HeldBytes
from tests.ssh.conftest import OPTIONS
from tests.support import evil_ssh
from tests.support.evil_ssh import HOST_KEY, NAME
from tests.support.reading import command, read
from tests.support.sshd import Identity

LARGE = tuple(command(name, "true", max_bytes=400_000) for name in ("a", "b"))
SMALL = (command("c", "true", max_bytes=300_000),)


class Read:
    """A read that only remembers why it gave up."""

    why = ""

    def give_up(self, why: str) -> None:
        self.why = why


def test_the_read_that_holds_most_gives_up_and_the_others_go_on() -> None:
    held, greedy, modest = HeldBytes(100), Read(), Read()
    held.take(greedy, 60)
    held.take(modest, 30)

    held.take(modest, 20)

    assert "100 bytes held at once" in greedy.why
    assert modest.why == ""
    assert held.total == 50


def test_what_was_released_leaves_room() -> None:
    held, first, second = HeldBytes(100), Read(), Read()
    held.take(first, 90)
    held.release(first)

    held.take(second, 90)

    assert (first.why, second.why, held.total) == ("", "", 90)


@asynccontextmanager
async def shell_of(
    identity: Identity, folder: Path, *, max_read_bytes: int = 20_000_000, max_held_bytes: int = 64_000_000
) -> AsyncIterator[SshShell]:
    known = folder / "known_hosts"
    known.write_text(f"* {HOST_KEY.export_public_key().decode()}")
    files = SshFiles(identity=str(identity.path), known_hosts=str(known))
    options = replace(OPTIONS, max_read_bytes=max_read_bytes, max_held_bytes=max_held_bytes)
    made = SshShell(Fleet(hosts={}, ssh=files), options=options)
    try:
        yield made
    finally:
        await made.aclose()


def host(name: str, port: int) -> Host:
    return Host(name=name, address="127.0.0.1", port=port, user="bot")


async def test_a_host_that_brings_too_much_in_one_read_is_cut_off(identity: Identity, tmp_path: Path) -> None:
    async with (
        shell_of(identity, tmp_path, max_read_bytes=600_000) as shell,
        evil_ssh.after_login(evil_ssh.sends_all_it_may) as port,
    ):
        found = await read(shell, host(NAME, port), LARGE)

    assert Ended.CUT_OFF in found.ends.values()
    assert set(found.ends.values()) <= {Ended.CUT_OFF, Ended.EXITED}


async def test_a_host_whose_answers_fill_the_room_is_cut_off_and_the_next_one_is_heard(
    identity: Identity, tmp_path: Path
) -> None:
    async with (
        shell_of(identity, tmp_path, max_held_bytes=1_000_000) as shell,
        evil_ssh.after_login(evil_ssh.sends_all_it_may) as port,
    ):
        greedy = shell.read(host("greedy", port), LARGE, deadline_s=60)
        assert isinstance(await anext(greedy), Hello)
        # Nobody takes its answers, so all that it sent is held.
        await _until(lambda: shell.held.total > 800_000)

        modest = await read(shell, host("modest", port), SMALL)
        cut = {answer.step: answer.ended async for answer in greedy if isinstance(answer, RawOutput)}

        assert modest.ends == {"c": Ended.EXITED}
        assert cut == {"a": Ended.CUT_OFF, "b": Ended.CUT_OFF}
        assert shell.held.total == 0


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # bytes that came set no event
            await asyncio.sleep(0.01)
