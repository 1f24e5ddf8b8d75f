"""Whatever a host does: the deadline holds, memory is bounded, and nothing unproven is called ended."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.errors import HostError, HostUnreachable, SshBroken
from bot.model.command import Ended, Hello, RawOutput
from bot.model.host import Fleet, Host, SshFiles
from bot.ssh import SshOptions, SshShell
from tests.support import evil_ssh
from tests.support.evil_ssh import HOST_KEY, NAME, Behaviour, Greeting
from tests.support.reading import command
from tests.support.sshd import Identity
from tests.support.stalls import calmly

DEADLINE_S = 1.5
COMMANDS = (command("a", "true"), command("b", "true"))
SHORT = SshOptions(connect_s=0.7, login_s=1.0, max_read_bytes=2_000_000)


def _name(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.fixture
async def shell(identity: Identity, tmp_path: Path) -> AsyncIterator[SshShell]:
    known = tmp_path / "known_hosts"
    known.write_text(f"{NAME} {HOST_KEY.export_public_key().decode()}")
    files = SshFiles(identity=str(identity.path), known_hosts=str(known))
    made = SshShell(Fleet(hosts={}, ssh=files), options=SHORT)
    yield made
    await made.aclose()


#: How each step ended, or the error.
Outcome = tuple[dict[str, Ended], HostError | None]


async def ask(shell: SshShell, port: int, is_wanted: Callable[[Outcome], bool] = lambda _: True) -> Outcome:
    """Asserts the deadline and one answer a step; what is wanted may come late where the machine stalls."""
    host = Host(name=NAME, address="127.0.0.1", port=port, user="bot")
    outcome, took_s = await calmly(lambda: _asked(shell, host), is_wanted)
    assert took_s < DEADLINE_S + 1
    return outcome


async def _asked(shell: SshShell, host: Host) -> Outcome:
    said, failed = [], None
    try:
        said = [answer async for answer in shell.read(host, COMMANDS, deadline_s=DEADLINE_S)]
    except HostError as error:
        failed = error
    assert (failed is None) == (bool(said) and isinstance(said[0], Hello))
    outputs = [answer for answer in said if isinstance(answer, RawOutput)]
    assert failed is not None or sorted(output.step for output in outputs) == ["a", "b"]
    return {output.step: output.ended for output in outputs}, failed


BARE = {
    evil_ssh.no_banner: (HostUnreachable, "tcp connects but no SSH banner within 0.7 s"),
    evil_ssh.banner_drip: (HostUnreachable, "no SSH banner within"),
    evil_ssh.banner_lines_for_ever: (HostUnreachable, "SSH banner"),
    evil_ssh.stops_after_version: (SshBroken, "hangs: key exchange not finished"),
    evil_ssh.garbage_after_version: (SshBroken, "key exchange not finished"),
    evil_ssh.hangs_up: (HostUnreachable, "hung up before its SSH banner|connection reset"),
    evil_ssh.speaks_http: (HostUnreachable, "before its SSH banner|connection reset"),
}


@pytest.mark.parametrize(
    ("greet", "kind", "words"),
    [(greet, *said) for greet, said in BARE.items()],
    ids=_name,
)
async def test_a_server_that_never_logs_in_is_named_for_what_it_does(
    shell: SshShell, greet: Greeting, kind: type[HostError], words: str
) -> None:
    def is_named(outcome: Outcome) -> bool:
        error = outcome[1]
        return type(error) is kind and any(word in str(error) for word in words.split("|"))

    async with evil_ssh.before_login(greet) as port:
        outcome = await ask(shell, port, is_named)

    assert outcome[0] == {}
    assert is_named(outcome), outcome[1]


#: No greeting of ours comes: the host could not be asked.
UNGREETED = [
    evil_ssh.says_nothing,
    evil_ssh.ends_at_once,
    evil_ssh.floods_before_hello,
    evil_ssh.lies_about_its_clock,
    evil_ssh.is_a_year_beyond,
]


@pytest.mark.parametrize("behave", UNGREETED, ids=_name)
async def test_a_host_that_does_not_greet_could_not_be_asked(shell: SshShell, behave: Behaviour) -> None:
    async with evil_ssh.after_login(behave) as port:
        ends, error = await ask(shell, port, _is_broken)

    assert ends == {}
    assert type(error) is SshBroken
    assert str(error).startswith("evil: ")


UNPROVEN = {
    evil_ssh.floods_after_hello: Ended.LOST,
    evil_ssh.one_endless_line: Ended.LOST,
    evil_ssh.endless_errors: Ended.TIMED_OUT,
    evil_ssh.cuts_in_a_frame: Ended.LOST,
    evil_ssh.cuts_in_a_header: Ended.LOST,
    evil_ssh.ends_after_hello: Ended.LOST,
    evil_ssh.ends_without_status: Ended.LOST,
    evil_ssh.drops_the_connection: Ended.LOST,
    evil_ssh.never_ends: Ended.TIMED_OUT,
    evil_ssh.drips: Ended.TIMED_OUT,
    evil_ssh.forges_another_nonce: Ended.LOST,
    evil_ssh.answers_what_was_not_asked: Ended.LOST,
    evil_ssh.names_an_alternative_not_sent: Ended.LOST,
    evil_ssh.promises_too_much: Ended.LOST,
}


@pytest.mark.parametrize(("behave", "ended"), UNPROVEN.items(), ids=_name)
async def test_what_was_not_proven_is_never_called_ended(
    shell: SshShell, behave: Behaviour, ended: Ended
) -> None:
    async with evil_ssh.after_login(behave) as port:
        ends, _ = await ask(shell, port, lambda outcome: set(outcome[0].values()) == {ended})

    assert ends == {"a": ended, "b": ended}


async def test_bytes_that_are_no_text_come_through_as_they_are(shell: SshShell) -> None:
    async with evil_ssh.after_login(evil_ssh.says_bytes_that_are_no_text) as port:
        ends, _ = await ask(shell, port, lambda outcome: Ended.EXITED in outcome[0].values())

    assert ends == {"a": Ended.EXITED, "b": Ended.EXITED}


async def test_compression_is_never_spoken_so_that_it_cannot_be_a_bomb(shell: SshShell) -> None:
    only_zlib = {"compression_algs": ["zlib@openssh.com"]}
    async with evil_ssh.after_login(evil_ssh.ends_after_hello, **only_zlib) as port:
        ends, error = await ask(shell, port, _is_broken)

    assert ends == {}
    assert type(error) is SshBroken


async def test_a_flood_does_not_grow_memory(shell: SshShell) -> None:
    async with evil_ssh.after_login(evil_ssh.floods_after_hello) as port:
        await ask(shell, port)
        before = _resident_bytes()

        for _ in range(5):
            await ask(shell, port)

    assert _resident_bytes() - before < 20_000_000


async def test_many_hung_hosts_leave_no_task_and_no_descriptor(shell: SshShell) -> None:
    async with evil_ssh.before_login(evil_ssh.no_banner) as port:
        await ask(shell, port)
        tasks, descriptors = len(asyncio.all_tasks()), _descriptors()
        hosts = [Host(name=f"h{n}", address="127.0.0.1", port=port, user="bot") for n in range(20)]

        found = await asyncio.gather(
            *(anext(shell.read(host, COMMANDS, deadline_s=DEADLINE_S)) for host in hosts),
            return_exceptions=True,
        )
        await asyncio.sleep(0)

    assert {type(error) for error in found} == {HostUnreachable}
    assert len(asyncio.all_tasks()) <= tasks
    assert _descriptors() <= descriptors + 1


def _is_broken(outcome: Outcome) -> bool:
    return type(outcome[1]) is SshBroken


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # counts, needs no paths
